#include "core/bulk/logs/log_fields.hpp"

#include <algorithm>

namespace junction {
namespace {

constexpr auto npos = std::string_view::npos;

bool ends_field(std::string_view text, std::size_t behind) {
  return behind >= text.size() || text[behind] == ' ' || text[behind] == '\t';
}

}  // namespace

bool LogFields::next() {
  rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(" \t")));
  if (rest_.empty()) return false;
  const char first = rest_.front();
  const std::size_t end = first == '"' ? closing_quote() : first == '[' ? closing_bracket() : npos;
  if (end != npos) {
    kind_ = first == '"' ? Kind::quoted : Kind::bracketed;
    text_ = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }
  kind_ = Kind::word;
  text_ = rest_.substr(0, rest_.find_first_of(" \t"));
  rest_.remove_prefix(text_.size());
  return true;
}

std::size_t LogFields::closing_quote() const {
  for (std::size_t at = rest_.find('"', 1); at != npos; at = rest_.find('"', at + 1)) {
    std::size_t first = at;
    while (rest_[first - 1] == '\\') --first;  // a quote stands in front
    if ((at - first) % 2 == 0 && ends_field(rest_, at + 1)) return at;
  }
  return npos;
}

std::size_t LogFields::closing_bracket() const {
  for (std::size_t at = rest_.find(']', 1); at != npos; at = rest_.find(']', at + 1))
    if (ends_field(rest_, at + 1)) return at;
  return npos;
}

}  // namespace junction
