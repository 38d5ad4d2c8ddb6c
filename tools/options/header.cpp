#include "tools/options/header.hpp"

#include <fmt/format.h>

#include "junction/ascii.hpp"
#include "junction/try.hpp"
#include "tools/output/table.hpp"

namespace junctionctl {

using junction::Result;
using junction::usage_error;

Result<HeaderField> parse_header(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return usage_error(fmt::format("--header '{}' has no colon; write 'Name: value'", printable(text)));
  const std::string_view name = text.substr(0, colon);
  if (name.empty() || junction::has_space_or_control(name))
    return usage_error(
        fmt::format("--header '{}': '{}' is not a header's name", printable(text), printable(name)));
  return HeaderField{std::string(name), std::string(junction::trim(text.substr(colon + 1)))};
}

Result<std::vector<HeaderField>> parse_headers(const std::vector<std::string>& texts) {
  std::vector<HeaderField> headers;
  for (const std::string& text : texts) {
    JUNCTION_TRY_ASSIGN(auto header, parse_header(text));
    headers.push_back(std::move(header));
  }
  return headers;
}

}  // namespace junctionctl
