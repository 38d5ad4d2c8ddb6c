#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace junction::kube {

/// One "-----BEGIN label-----" of a text, with what it holds.
struct PemBlock {
  std::string label;       ///< "CERTIFICATE", "RSA PRIVATE KEY"
  bool encrypted = false;  ///< its headers say so (Proc-Type: 4,ENCRYPTED)
  std::string bytes;       ///< decoded (DER); empty where it is broken
  std::string broken;      ///< why it could not be decoded; empty: it could

  [[nodiscard]] bool is_certificate() const;
  [[nodiscard]] bool is_key() const;
};

/// All blocks in order, whatever stands between them. A broken one ends where the next begins.
std::vector<PemBlock> split_pem(std::string_view text);

/// A block of PEM for these bytes.
std::string write_pem(std::string_view label, std::string_view bytes);

}  // namespace junction::kube
