#include "edge/kube/warning.hpp"

#include <optional>

#include "junction/ascii.hpp"

namespace junction::kube {
namespace {

void skip(std::string_view& rest, std::string_view what) {
  rest.remove_prefix(std::min(rest.find_first_not_of(what), rest.size()));
}

// Takes a token and the space behind it; empty: there is none.
std::string_view take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  skip(rest, " ");
  return word;
}

std::optional<std::string> take_quoted(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  std::string text;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    text += rest[i];
  }
  return std::nullopt;
}

// code agent "text" ["date"], and what must follow one
std::optional<std::string> take_warning(std::string_view& rest) {
  const std::string_view code = take_word(rest);
  if (code.size() != 3 || !whole_number<unsigned>(code) || take_word(rest).empty()) return std::nullopt;
  auto text = take_quoted(rest);
  skip(rest, " \t");
  if (rest.starts_with('"') && !take_quoted(rest)) return std::nullopt;
  skip(rest, " \t");
  return rest.empty() || rest.starts_with(',') ? text : std::nullopt;
}

}  // namespace

std::vector<std::string> warning_texts(std::string_view value) {
  std::vector<std::string> texts;
  std::string_view rest = trim(value);
  while (!rest.empty()) {
    auto text = take_warning(rest);
    if (!text) return {std::string(trim(value))};
    texts.push_back(std::move(*text));
    skip(rest, ", \t");
  }
  return texts;
}

}  // namespace junction::kube
