#include "tools/explain/asked.hpp"

#include <fmt/format.h>

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

}  // namespace junctionctl::explain
