#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "junction/result.hpp"

namespace junction::sandbox {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

/// The names that the API's certificate is for, its address aside.
inline constexpr std::array<std::string_view, 2> server_names{"localhost", "kubernetes.default.svc"};

/// A certificate authority made for one run, and the one server certificate it signed: for 127.0.0.1 and
/// server_names. Lives in memory only; the authority's key is gone once this exists, so nothing else can ever
/// be signed.
struct Pki {
  std::string ca_pem;
  std::unique_ptr<X509, FreeCertificate> certificate;
  std::unique_ptr<EVP_PKEY, FreeKey> key;
};

Result<Pki> make_pki();

/// 256 random bits as 64 hex digits, from OpenSSL's generator.
Result<std::string> random_token();

}  // namespace junction::sandbox
