// name=value name="quoted value" ...: Heroku's router, Go's slog, logrus and the like.
#include <algorithm>
#include <array>

#include "core/bulk/logs/families.hpp"
#include "core/bulk/logs/field_names.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

/// The best value seen for each kind of field.
class Found {
 public:
  void add(std::string_view name, std::string_view value) {
    const auto named = field_named(name);
    if (!named) return;
    auto& [rank, text] = values_[static_cast<std::size_t>(named->field)];
    if (rank != 0 && rank <= named->rank) return;
    rank = named->rank;
    text = value;
  }
  [[nodiscard]] std::optional<std::string_view> operator[](LogField field) const {
    const auto& [rank, text] = values_[static_cast<std::size_t>(field)];
    return rank == 0 ? std::nullopt : std::optional(or_none(text));
  }

 private:
  struct Value {
    std::size_t rank = 0;
    std::string_view text;
  };
  std::array<Value, log_field_count> values_;
};

// Takes one pair off the line; an empty name for a word without '='.
std::pair<std::string_view, std::string_view> take_pair(std::string_view& line) {
  line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
  const std::size_t end = std::min(line.find_first_of(" ="), line.size());
  const std::string_view name = line.substr(0, end);
  line.remove_prefix(end);
  if (!line.starts_with('=')) return {};
  line.remove_prefix(1);
  if (!line.starts_with('"')) {
    const std::string_view value = line.substr(0, line.find(' '));
    line.remove_prefix(value.size());
    return {name, value};
  }
  std::size_t close = 1;
  while (close < line.size() && line[close] != '"') close += line[close] == '\\' ? 2U : 1U;
  close = std::min(close, line.size());
  const std::string_view value = line.substr(1, close - 1);
  line.remove_prefix(std::min(line.size(), close + 1));
  return {name, value};
}

}  // namespace

LineIs read_logfmt(std::string_view line, LogLine& into) {
  Found found;
  while (!line.empty()) {
    const auto [name, value] = take_pair(line);
    if (!name.empty()) found.add(name, value);
  }
  const auto method = found[LogField::method];
  const auto target = found[LogField::target] ? found[LogField::target] : found[LogField::path];
  if (!method || !target) return LineIs::foreign;
  into.variant = "logfmt";
  into.method = *method;
  into.target = *target;
  if (target->find('?') == std::string_view::npos) into.query = found[LogField::query];
  into.host = found[LogField::host];
  into.user_agent = found[LogField::user_agent];
  into.referer = found[LogField::referer];
  into.forwarded_for = found[LogField::forwarded_for];
  into.source = ip_address_in(found[LogField::source].value_or(""));
  into.upstream = found[LogField::upstream].value_or("");
  into.time = found[LogField::time].value_or("");
  const bool is_request =
      !method->empty() && (target->starts_with('/') || starts_with_letters(*target, "http"));
  return is_request ? LineIs::request : LineIs::no_request;
}

}  // namespace junction
