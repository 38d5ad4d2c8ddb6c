#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "junction/export.hpp"
#include "junction/result.hpp"

namespace junction {

/// How much of a text from outside is read as JSON.
struct JsonLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t depth = 500;  ///< of lists and maps within each other, as for YAML
};

/// Where and why a text was not read.
struct JsonFault {
  enum class Kind {
    syntax,    ///< it is no JSON
    too_long,  ///< more bytes than allowed
    too_deep,  ///< lists and maps within each other beyond the limit
    too_large  ///< a number that no double holds
  };
  Kind kind = Kind::syntax;
  std::size_t offset = 0;  ///< of the byte at fault; the text's length where it ends too early
};

/// The one door for JSON from outside. What it returns is safe to copy, compare and dump, which
/// nlohmann::json does by recursion: a text that nests deeper than the limit is refused. So is a number that
/// no double holds. Fails with ErrorKind::invalid; the message begins with line and column (of bytes, from 1)
/// of what is at fault and quotes nothing longer than one character.
JUNCTION_EXPORT Result<nlohmann::json> parse_json(std::string_view text, JsonLimits limits = {});

/// The same, for a caller with words of its own.
JUNCTION_EXPORT Result<nlohmann::json, JsonFault> read_json(std::string_view text, JsonLimits limits = {});

/// The same, with the order of a map's members kept; a map then costs the square of its members' number.
JUNCTION_EXPORT Result<nlohmann::ordered_json> parse_ordered_json(std::string_view text,
                                                                  JsonLimits limits = {});

}  // namespace junction
