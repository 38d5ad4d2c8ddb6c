#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

#include "tests/edge/kube/scripted_server.hpp"

namespace junction::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Key new_key() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

std::string drain(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Certificate to_pem(const X509Ptr& certificate, const Key& key) {
  Bio first(BIO_new(BIO_s_mem()), &BIO_free), second(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(first.get(), certificate.get());
  PEM_write_bio_PrivateKey(second.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {drain(first), drain(second)};
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (!extension) std::abort();
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509Ptr new_certificate(const Key& key, const std::string& name, long begin, long end) {
  X509Ptr certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), std::rand());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), begin);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), end);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

}  // namespace

Authority::Authority() {
  const Key key = new_key();
  const X509Ptr certificate = new_certificate(key, "throw-away CA", -86400, 86400);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  own_ = to_pem(certificate, key);
}

Certificate Authority::issue(const std::string& name, long begin, long end) const {
  const Bio ca_text(BIO_new_mem_buf(own_.certificate.data(), -1), &BIO_free);
  const Bio key_text(BIO_new_mem_buf(own_.key.data(), -1), &BIO_free);
  const X509Ptr ca(PEM_read_bio_X509(ca_text.get(), nullptr, nullptr, nullptr), &X509_free);
  const Key ca_key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const Key key = new_key();
  const X509Ptr certificate = new_certificate(key, name, begin, end);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca.get()));
  in_addr ignored{};
  const bool ip = inet_pton(AF_INET, name.c_str(), &ignored) == 1;
  add_extension(certificate.get(), ca.get(), NID_subject_alt_name, (ip ? "IP:" : "DNS:") + name);
  X509_sign(certificate.get(), ca_key.get(), EVP_sha256());
  return to_pem(certificate, key);
}

}  // namespace junction::test
