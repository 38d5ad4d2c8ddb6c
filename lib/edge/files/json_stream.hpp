#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "junction/result.hpp"

namespace junction {

/// JSON values one after the other, as far as they could be read.
struct JsonStream {
  std::vector<nlohmann::json> values;
  Result<void> result;  ///< what ended it early; where there are several, which of them
};

/// Reads lists and maps that follow each other with nothing but blanks (or RFC 7464's record separators)
/// between; by parse_json(), so with its limits.
JsonStream parse_json_stream(std::string_view text);

}  // namespace junction
