#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// Standard base64 (RFC 4648, section 4), padded.
JUNCTION_EXPORT std::string base64_encode(std::string_view bytes);

/// The bytes; white space between the digits is passed over. Nothing where `text` is not base64.
JUNCTION_EXPORT std::optional<std::string> base64_decode(std::string_view text);

}  // namespace junction
