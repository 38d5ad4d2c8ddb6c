#include "edge/files/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace junction {
namespace {

std::string place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line_start = before.rfind('\n');
  return fmt::format("line {}, column {}", 1 + std::count(before.begin(), before.end(), '\n'),
                     offset - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1);
}

/// What the parser stopped at: the byte at `offset`.
std::string unexpected(std::string_view text, std::size_t offset) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "there is nothing";
  if (offset >= text.size()) return "it ends in the middle";
  const auto byte = static_cast<unsigned char>(text[offset]);
  return byte > 0x20 && byte < 0x7f ? fmt::format("'{}' is not expected here", text[offset])
                                    : fmt::format("the byte 0x{:02x} is not expected here", byte);
}

/// Builds the value from the parser's events, as deep as the limit allows and no deeper.
template <typename Json>
class Builder : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(std::size_t depth) : depth_(depth) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(typename Json::number_integer_t value) override { return add(value); }
  bool number_unsigned(typename Json::number_unsigned_t value) override { return add(value); }
  bool number_float(typename Json::number_float_t value, const std::string& /*text*/) override {
    return add(value);
  }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(typename Json::binary_t& value) override { return add(std::move(value)); }
  bool start_object(std::size_t /*unknown*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*unknown*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    member_ = &(*open_.back())[std::move(name)];
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    stopped_at_ = position;
    out_of_range_ = error.id == 406;
    return false;
  }

  Json root;
  [[nodiscard]] bool too_deep() const { return too_deep_; }
  [[nodiscard]] bool out_of_range() const { return out_of_range_; }
  /// Bytes read when the parser stopped, the one at fault included.
  [[nodiscard]] std::size_t stopped_at() const { return stopped_at_; }

 private:
  template <typename Value>
  bool add(Value&& value) {
    place(std::forward<Value>(value));
    return true;
  }

  template <typename Value>
  Json* place(Value&& value) {
    if (open_.empty()) return &(root = Json(std::forward<Value>(value)));
    if (member_) return &(*std::exchange(member_, nullptr) = Json(std::forward<Value>(value)));
    return &open_.back()->emplace_back(std::forward<Value>(value));
  }

  bool open(Json&& empty) {
    too_deep_ = open_.size() >= depth_;
    if (!too_deep_) open_.push_back(place(std::move(empty)));
    return !too_deep_;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Json*>
      open_;  // those within which the next value lies; no list moves while one of its items is open
  Json* member_ = nullptr;  // of the innermost map: where the next value goes
  std::size_t depth_, stopped_at_ = 0;
  bool too_deep_ = false, out_of_range_ = false;
};

/// The offset at which lists and maps nest deeper than `depth`, in a text that is JSON up to there.
std::size_t too_deep_at(std::string_view text, std::size_t depth) {
  std::size_t open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if ((c == '[' || c == '{') && ++open > depth) return i;
    if (c == ']' || c == '}') --open;
  }
  return text.size();
}

template <typename Json>
Result<Json, JsonFault> read(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes) return JsonFault{JsonFault::Kind::too_long, limits.bytes};
  Builder<Json> builder(limits.depth);
  if (Json::sax_parse(text, &builder)) return std::move(builder.root);
  if (builder.too_deep()) return JsonFault{JsonFault::Kind::too_deep, too_deep_at(text, limits.depth)};
  const std::size_t at = builder.stopped_at() == 0 ? 0 : builder.stopped_at() - 1;
  return JsonFault{builder.out_of_range() ? JsonFault::Kind::too_large : JsonFault::Kind::syntax, at};
}

Error in_words(const JsonFault& fault, std::string_view text, JsonLimits limits) {
  switch (fault.kind) {
    case JsonFault::Kind::too_long:
      return invalid_error(
          fmt::format("{} bytes of JSON are too many: at most {} are read", text.size(), limits.bytes));
    case JsonFault::Kind::too_deep:
      return invalid_error(fmt::format("{}: lists and maps nest more than {} deep",
                                       place_of(text, fault.offset), limits.depth));
    case JsonFault::Kind::too_large:
      return invalid_error(
          fmt::format("{}: the number that ends here is too large", place_of(text, fault.offset)));
    case JsonFault::Kind::syntax:
      break;
  }
  return invalid_error(
      fmt::format("{}: this is no JSON, {}", place_of(text, fault.offset), unexpected(text, fault.offset)));
}

}  // namespace

Result<nlohmann::json, JsonFault> read_json(std::string_view text, JsonLimits limits) {
  return read<nlohmann::json>(text, limits);
}

Result<nlohmann::json> parse_json(std::string_view text, JsonLimits limits) {
  auto value = read<nlohmann::json>(text, limits);
  if (!value) return in_words(value.error(), text, limits);
  return *std::move(value);
}

Result<nlohmann::ordered_json> parse_ordered_json(std::string_view text, JsonLimits limits) {
  auto value = read<nlohmann::ordered_json>(text, limits);
  if (!value) return in_words(value.error(), text, limits);
  return *std::move(value);
}

}  // namespace junction
