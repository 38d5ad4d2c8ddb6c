#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace junction::test {

using TestKey = std::shared_ptr<EVP_PKEY>;

inline TestKey make_key(EVP_PKEY* key) {
  return {key, &EVP_PKEY_free};
}
inline TestKey rsa_key() {
  return make_key(EVP_RSA_gen(2048));
}
inline TestKey ec_key() {
  return make_key(EVP_EC_gen("P-256"));
}
inline TestKey ed25519_key() {
  return make_key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

/// What `write(BIO*)` writes.
template <typename Write>
std::string written(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  write(bio.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

inline std::string pkcs8(const TestKey& key, const char* passphrase = nullptr) {
  return written([&](BIO* to) {
    PEM_write_bio_PKCS8PrivateKey(to, key.get(), passphrase ? EVP_aes_256_cbc() : nullptr, nullptr, 0,
                                  nullptr, const_cast<char*>(passphrase));
  });
}

/// PKCS#1 of an RSA key, SEC1 of an EC key.
inline std::string traditional(const TestKey& key, const char* passphrase = nullptr) {
  return written([&](BIO* to) {
    PEM_write_bio_PrivateKey_traditional(to, key.get(), passphrase ? EVP_aes_256_cbc() : nullptr, nullptr, 0,
                                         nullptr, const_cast<char*>(passphrase));
  });
}

inline std::string public_key(const TestKey& key) {
  return written([&](BIO* to) { PEM_write_bio_PUBKEY(to, key.get()); });
}

/// A certificate of that key, signed by itself.
inline std::string certificate_of(const TestKey& key, const std::string& name = "somebody") {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  X509_sign(certificate.get(), key.get(),
            EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256());
  return written([&](BIO* to) { PEM_write_bio_X509(to, certificate.get()); });
}

/// `text` with every `from` as `to`.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// PEM under another name: "PRIVATE KEY" as "RSA PRIVATE KEY".
inline std::string labelled(const std::string& text, const std::string& from, const std::string& to) {
  return with(with(text, "BEGIN " + from, "BEGIN " + to), "END " + from, "END " + to);
}

}  // namespace junction::test
