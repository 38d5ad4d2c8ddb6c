#include "edge/files/json_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "edge/files/json.hpp"

namespace junction {
namespace {

// Where the list or map ends that the text begins with; at the text's end, where it does not. Of what is no
// JSON the parser says so.
std::size_t value_end(std::string_view text) {
  std::size_t open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && --open == 0) return i + 1;
    if (open == 0) return text.size();
  }
  return text.size();
}

}  // namespace

JsonStream parse_json_stream(std::string_view text) {
  constexpr std::string_view between = " \t\r\n\x1e";
  JsonStream stream;
  while (true) {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(between)));
    if (text.empty()) return stream;
    const std::string_view whole = text.substr(0, value_end(text));
    auto value = parse_json(whole);
    const bool alone = stream.values.empty() && whole.size() == text.size();
    if (!value) {
      stream.result = alone ? std::move(value).error()
                            : value.error().at(fmt::format("document {}", stream.values.size() + 1));
      return stream;
    }
    stream.values.push_back(std::move(*value));
    text.remove_prefix(whole.size());
  }
}

}  // namespace junction
