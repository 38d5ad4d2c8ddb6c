#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace junction::sandbox {

/// Where the next page of a list goes on. Opaque to clients: base64url of a little JSON, as the real
/// server's.
struct ContinueToken {
  static constexpr std::uint64_t any_version = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t version = 0;  ///< of the first page
  std::string after;          ///< "<namespace>/<name>" of the last object handed out

  [[nodiscard]] std::string to_string() const;
  static std::optional<ContinueToken> parse(std::string text);
};

}  // namespace junction::sandbox
