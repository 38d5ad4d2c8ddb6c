#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace junction::kube {

/// Standard base64 (RFC 4648, padded), as kubeconfigs hold certificates. White space is passed over, as YAML
/// may fold lines; anything else that does not belong there yields nothing.
std::optional<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

}  // namespace junction::kube
