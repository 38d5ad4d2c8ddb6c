#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace junction::sandbox {

/// Standard base64, padded.
std::string base64(std::string_view bytes);
/// Nothing where `text` is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace junction::sandbox
