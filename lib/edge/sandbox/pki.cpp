#include "edge/sandbox/pki.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>

namespace junction::sandbox {
namespace {

using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

constexpr long seconds_a_day = 86400;

Error openssl_failed(const char* doing) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return {ErrorKind::unsupported, fmt::format("could not {}: OpenSSL says {}", doing, text.data())};
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool set_serial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

/// A version 3 certificate for `key`, named `name`, valid from yesterday (clocks differ) for a month. Not yet
/// signed.
Certificate draft(EVP_PKEY* key, const char* name) {
  Certificate certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), 2) != 1 || !set_serial(certificate.get()))
    return {};
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -seconds_a_day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 30 * seconds_a_day);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(name);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, bytes, -1, -1, 0);
  return X509_set_pubkey(certificate.get(), key) == 1 ? std::move(certificate) : Certificate();
}

bool sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  return add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always") &&
         X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
}

Certificate make_authority(EVP_PKEY* key) {
  Certificate ca = draft(key, "junctionctl sandbox CA");
  const bool made =
      ca && add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign") &&
      add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") && sign(ca.get(), ca.get(), key);
  return made ? std::move(ca) : Certificate();
}

Certificate make_server_certificate(EVP_PKEY* key, X509* ca, EVP_PKEY* ca_key) {
  Certificate server = draft(key, "junctionctl sandbox");
  std::string names = "IP:127.0.0.1";
  for (const std::string_view name : server_names) names += fmt::format(",DNS:{}", name);
  const bool made = server && add_extension(server.get(), ca, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(server.get(), ca, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(server.get(), ca, NID_ext_key_usage, "serverAuth") &&
                    add_extension(server.get(), ca, NID_subject_alt_name, names.c_str()) &&
                    sign(server.get(), ca, ca_key);
  return made ? std::move(server) : Certificate();
}

std::string to_pem(X509* certificate) {
  BIO* const memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

}  // namespace

Result<Pki> make_pki() {
  const Key ca_key(EVP_EC_gen("P-256"));
  Key key(EVP_EC_gen("P-256"));
  if (!ca_key || !key) return openssl_failed("make keys for the sandbox's API");
  const Certificate ca = make_authority(ca_key.get());
  if (!ca) return openssl_failed("make a certificate authority for the sandbox");
  Certificate server = make_server_certificate(key.get(), ca.get(), ca_key.get());
  if (!server) return openssl_failed("make a certificate for the sandbox's API");
  return Pki{to_pem(ca.get()), std::move(server), std::move(key)};
}

Result<std::string> random_token() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return openssl_failed("make a token");
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

}  // namespace junction::sandbox
