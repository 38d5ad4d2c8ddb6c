#include "edge/files/yaml_reader.hpp"

#include <yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace junction {
namespace {

using nlohmann::json;

constexpr int deepest = 500;  // nesting of what people write ends long before
// What anchors keep and aliases stand for, written out: a few lines can stand for billions of values, and one
// long text for any number of its copies.
constexpr std::size_t most_copied = std::size_t{64} << 20;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

json plain_scalar(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  const std::string_view digits = text.front() == '+' ? text.substr(1) : text;
  if (digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return text;
  if (const auto whole = number<std::uint64_t>(digits)) return *whole;  // unsigned, as the JSON parser has it
  if (const auto whole = number<std::int64_t>(digits)) return *whole;
  if (const auto real = number<double>(digits); real && std::isfinite(*real)) return *real;
  return text;
}

// About how many bytes a copy takes, or more than `most`.
std::size_t bytes_of(const json& value, std::size_t most) {
  constexpr std::size_t node = 64;  // of a map, beside its key's text
  std::size_t bytes = sizeof(json);
  if (value.is_string()) return bytes + value.get_ref<const std::string&>().size();
  if (value.is_array())
    for (auto item = value.begin(); item != value.end() && bytes <= most; ++item)
      bytes += bytes_of(*item, most);
  if (value.is_object())
    for (auto item = value.begin(); item != value.end() && bytes <= most; ++item)
      bytes += node + item.key().size() + bytes_of(item.value(), most);
  return bytes;
}

std::string_view text_of(const yaml_char_t* text) {
  return text ? reinterpret_cast<const char*>(text) : "";
}

/// libyaml's events, made into JSON as they come. Go's YAML library, and so kubectl, is a port of libyaml:
/// what one reads, the other reads.
class Reader {
 public:
  explicit Reader(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Reader() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::vector<json> documents() {
    std::vector<json> all;
    for (next(); event_.type != YAML_STREAM_END_EVENT; next()) {
      if (event_.type != YAML_DOCUMENT_START_EVENT) continue;
      anchors_.clear();
      next();
      all.push_back(value(0));
    }
    return all;
  }

 private:
  [[noreturn]] void fail(const yaml_mark_t& mark, std::string message) const {
    throw YamlError{mark.line + 1, std::move(message)};
  }

  void next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_)) return;
    const bool at_a_token = parser_.error == YAML_SCANNER_ERROR || parser_.error == YAML_PARSER_ERROR;
    fail(at_a_token ? parser_.problem_mark : parser_.mark, parser_.problem ? parser_.problem : "is no YAML");
  }

  json value(int depth) {
    if (depth > deepest) fail(event_.start_mark, "it is nested too deeply");
    switch (event_.type) {
      case YAML_ALIAS_EVENT:
        return alias();
      case YAML_SCALAR_EVENT:
        return kept(text_of(event_.data.scalar.anchor), [&] { return scalar(); });
      case YAML_SEQUENCE_START_EVENT:
        return kept(text_of(event_.data.sequence_start.anchor), [&] { return list(depth); });
      default:
        return kept(text_of(event_.data.mapping_start.anchor), [&] { return map(depth); });
    }
  }

  template <typename Read>
  json kept(std::string_view anchor, Read read) {
    if (anchor.empty()) return read();
    const std::string name(anchor);  // the event that holds it is gone once the value is read
    json read_value = read();
    count_copy_of(read_value);
    return anchors_[name] = std::move(read_value);
  }

  void count_copy_of(const json& value) {
    copied_ += bytes_of(value, most_copied);
    if (copied_ > most_copied) fail(event_.start_mark, "its anchors and aliases stand for too many bytes");
  }

  json alias() {
    const std::string name(text_of(event_.data.alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) fail(event_.start_mark, "the anchor '" + name + "' is not known");
    count_copy_of(found->second);
    return found->second;
  }

  json scalar() const {
    const auto& scalar = event_.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                       !is_one_of(text_of(scalar.tag), {"!", "tag:yaml.org,2002:str"});
    return plain ? plain_scalar(text) : json(text);
  }

  json list(int depth) {
    json items = json::array();
    for (next(); event_.type != YAML_SEQUENCE_END_EVENT; next()) items.push_back(value(depth + 1));
    return items;
  }

  json map(int depth) {
    json object = json::object(), merged;
    for (next(); event_.type != YAML_MAPPING_END_EVENT; next()) {
      const yaml_mark_t mark = event_.start_mark;
      if (event_.type != YAML_SCALAR_EVENT) fail(mark, "a key must be a plain word");
      const auto& scalar = event_.data.scalar;
      const std::string key(reinterpret_cast<const char*>(scalar.value), scalar.length);
      const bool merges = key == "<<" && scalar.style == YAML_PLAIN_SCALAR_STYLE;
      if (object.contains(key)) fail(mark, "the key '" + key + "' is there twice");
      next();
      (merges ? merged : object[key]) = value(depth + 1);
    }
    if (merged.is_object()) merged = json::array({std::move(merged)});
    for (const json& other : merged)
      if (other.is_object()) object.insert(other.begin(), other.end());  // what is there already stays
    return object;
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::map<std::string, json> anchors_;
  std::size_t copied_ = 0;
};

}  // namespace

std::vector<json> read_yaml(std::string_view text) {
  return Reader(text).documents();
}

}  // namespace junction
