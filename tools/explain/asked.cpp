#include "tools/explain/asked.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "junction/ascii.hpp"
#include "tools/output/table.hpp"

namespace junctionctl::explain {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::whole_number;

Result<std::uint64_t> parse_hash(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  const auto hash = whole_number<std::uint64_t>(digits, 16);
  if (digits.size() > 16 || !hash)
    return Error{ErrorKind::usage,
                 fmt::format("'{}' is not a hash: write up to 16 hex digits", printable(text))};
  return *hash;
}

Result<std::pair<std::string, std::string>> parse_header(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() || name.find_first_of(" \t") != std::string_view::npos)
    return Error{ErrorKind::usage, fmt::format("'{}' is not a header: write 'name: value'", printable(text))};
  std::string_view value = text.substr(colon + 1);
  value.remove_prefix(std::min(value.size(), value.find_first_not_of(" \t")));
  return std::pair{std::string(name), std::string(value)};
}

}  // namespace junctionctl::explain
