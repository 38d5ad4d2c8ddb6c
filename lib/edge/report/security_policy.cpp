#include "edge/report/security_policy.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include "junction/base64.hpp"

namespace junction::report {

std::string security_policy(std::string_view script) {
  // Bars are as wide as their style attribute says, which no hash allows.
  std::string policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'";
  if (script.empty()) return policy;
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(script.data()), script.size(), digest);
  const std::string_view bytes(reinterpret_cast<const char*>(digest), sizeof digest);
  return fmt::format("{}; script-src 'sha256-{}'", policy, base64_encode(bytes));
}

}  // namespace junction::report
