#include "edge/kube/pem.hpp"

#include <doctest/doctest.h>

#include "tests/edge/kube/keys.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;

namespace {

// The private key that a checked PEM holds, as OpenSSL reads it, is `key`.
bool is_key(const CheckedPem& pem, const TestKey& key) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.text().data(), -1), &BIO_free);
  const TestKey found = make_key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  return found && EVP_PKEY_eq(found.get(), key.get()) == 1;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

const std::string broken_base64 = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
const std::string no_certificate = "-----BEGIN CERTIFICATE-----\nMIIBADCB\n-----END CERTIFICATE-----\n";
const std::string cut_off = "-----BEGIN CERTIFICATE-----\nMIIBADCB\n";
const std::string ec_parameters =
    "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

}  // namespace

TEST_CASE("keys of all forms are taken, whatever their label says and whatever stands around them") {
  const TestKey rsa = rsa_key(), ec = ec_key(), ed = ed25519_key();
  const std::string of_rsa = certificate_of(rsa), of_ec = certificate_of(ec), of_ed = certificate_of(ed);
  struct Row {
    const char* name;
    TestKey key;
    std::string certificate, text;
  };
  const Row rows[] = {
      {"RSA, PKCS#8", rsa, of_rsa, pkcs8(rsa)},
      {"RSA, PKCS#1", rsa, of_rsa, traditional(rsa)},
      {"RSA, PKCS#1 that says PRIVATE KEY", rsa, of_rsa,
       labelled(traditional(rsa), "RSA PRIVATE KEY", "PRIVATE KEY")},
      {"RSA, PKCS#8 that says RSA", rsa, of_rsa, labelled(pkcs8(rsa), "PRIVATE KEY", "RSA PRIVATE KEY")},
      {"EC, PKCS#8", ec, of_ec, pkcs8(ec)},
      {"EC, SEC1", ec, of_ec, traditional(ec)},
      {"EC, SEC1 that says PRIVATE KEY", ec, of_ec,
       labelled(traditional(ec), "EC PRIVATE KEY", "PRIVATE KEY")},
      {"EC, SEC1 that says RSA", ec, of_ec, labelled(traditional(ec), "EC PRIVATE KEY", "RSA PRIVATE KEY")},
      {"EC, its parameters first", ec, of_ec, ec_parameters + traditional(ec)},
      {"Ed25519", ed, of_ed, pkcs8(ed)},
      {"text before and behind", ec, of_ec, "Bag Attributes\n  name: x\n" + pkcs8(ec) + "that was it\n"},
      {"CRLF", ec, of_ec, with(pkcs8(ec), "\n", "\r\n")},
      {"a byte order mark", ec, of_ec, "\xEF\xBB\xBF" + pkcs8(ec)},
      {"blanks in front of lines", ec, of_ec, "  " + with(pkcs8(ec), "\n", "\n  ")},
      {"all in one line", ec, of_ec, with(pkcs8(ec), "\n", " ")},
      {"no line end behind the last", ec, of_ec, pkcs8(ec).substr(0, pkcs8(ec).size() - 1)},
      {"behind its certificate", ec, of_ec, of_ec + pkcs8(ec)},
      {"behind a broken block", ec, of_ec, broken_base64 + cut_off + pkcs8(ec)},
      {"behind a key that is cut off", ec, of_ec, "-----BEGIN PRIVATE KEY-----\nMIIB\n" + pkcs8(ec)},
      {"in front of another key", ec, of_ec, pkcs8(ec) + pkcs8(rsa)},
      {"certificate and key in one, for both", ec, pkcs8(ec) + of_ec, pkcs8(ec) + of_ec},
      {"certificate behind its key", ec, pkcs8(ec) + of_ec, pkcs8(ec)},
      {"certificate behind a broken block", ec, cut_off + of_ec, pkcs8(ec)},
      {"certificate of another label", ec, labelled(of_ec, "CERTIFICATE", "X509 CERTIFICATE"), pkcs8(ec)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto identity = read_identity({row.certificate, "the certificate"}, {row.text, "the key"});
    if (!identity) {
      FAIL_CHECK(identity.error().message);
      continue;
    }
    CHECK(is_key(identity->key, row.key));
    CHECK(count(identity->certificate.text(), "BEGIN CERTIFICATE") == 1);
    CHECK(count(identity->certificate.text(), "PRIVATE") == 0);
    CHECK(count(identity->key.text(), "BEGIN") == 1);
  }
}

TEST_CASE("a chain goes along whole, its first certificate is the key's") {
  const TestKey leaf = ec_key(), issuer = ec_key();
  const std::string first = certificate_of(leaf), second = certificate_of(issuer);
  const std::string chain = first + "text\n" + second;
  const auto identity = read_identity({chain, "c"}, {pkcs8(leaf), "k"});
  if (!identity) FAIL(identity.error().message);
  CHECK(identity->certificate.text() == first + second);
  const auto turned = read_identity({chain, "c"}, {pkcs8(issuer), "k"});
  REQUIRE_FALSE(turned);
  CHECK(turned.error().message == "the private key of k is not that of the certificate of c");
}

TEST_CASE("what cannot be used as an identity is named, with the remedy where there is one") {
  const TestKey ec = ec_key(), other = ec_key(), rsa = rsa_key();
  const std::string certificate = certificate_of(ec), key = pkcs8(ec);
  const std::string encrypted_remedy =
      "the key is encrypted, and there is no way to give its passphrase: decrypt it first, as by "
      "'openssl pkey -in ENCRYPTED -out PLAIN'";
  struct Row {
    const char* name;
    std::string certificate, key, message;
  };
  const Row rows[] = {
      {"PKCS#8, encrypted", certificate, pkcs8(ec, "x"), encrypted_remedy},
      {"SEC1, encrypted", certificate, traditional(ec, "x"), encrypted_remedy},
      {"PKCS#1, encrypted", certificate_of(rsa), traditional(rsa, "x"), encrypted_remedy},
      {"encrypted with the empty passphrase", certificate, pkcs8(ec, ""), encrypted_remedy},
      {"encrypted, with a label that does not say so", certificate,
       labelled(pkcs8(ec, "x"), "ENCRYPTED PRIVATE KEY", "PRIVATE KEY"), encrypted_remedy},
      {"encrypted, behind its certificate", certificate, certificate + pkcs8(ec, "x"), encrypted_remedy},
      {"another's key", certificate, pkcs8(other),
       "the private key of the key is not that of the certificate of the certificate"},
      {"a key of another kind", certificate, pkcs8(rsa), "is not that of the certificate"},
      {"no key at all", certificate, "", "the key holds no private key: is it in PEM form (-----BEGIN ...)?"},
      {"no key, but DER", certificate, "\x30\x82\x01\x22", "the key holds no private key: is it in PEM form"},
      {"no key, but a certificate", certificate, certificate,
       "the key holds no private key: there is CERTIFICATE"},
      {"no key, but the public one", certificate, public_key(ec),
       "the key holds no private key: there is PUBLIC KEY"},
      {"the public key in its place", certificate, labelled(public_key(ec), "PUBLIC KEY", "PRIVATE KEY"),
       "the key"},
      {"a key of other bytes", certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
       "the key: its PRIVATE KEY is no private key that can be read"},
      {"a key that is no base64", certificate, "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n",
       "the key: its PRIVATE KEY is not base64"},
      {"an empty key", certificate, "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
       "the key: its PRIVATE KEY is empty"},
      {"a key cut off", certificate, key.substr(0, key.size() / 2),
       "the key: its PRIVATE KEY has no END line of its own"},
      {"a key that another label ends", certificate, with(key, "END PRIVATE", "END RSA PRIVATE"),
       "the key: its PRIVATE KEY has no END line of its own"},
      {"a broken key, not the first block", certificate, certificate + key.substr(0, 60),
       "the key: block 2 of 2 (PRIVATE KEY) has no END line of its own"},
      {"a huge key", certificate, std::string((4U << 20U) + 1, 'x'),
       "the key is larger than 4 MiB, which no certificate or key is"},
      {"no certificate", "garbage", key, "the certificate holds no certificate: is it in PEM form"},
      {"a key as certificate", key, key, "the certificate holds no certificate: there is PRIVATE KEY"},
      {"a certificate of other bytes", no_certificate, key,
       "the certificate: its CERTIFICATE is no certificate that can be read"},
      {"a certificate that is no base64", broken_base64, key,
       "the certificate: its CERTIFICATE is not base64"},
      {"a certificate with more behind it",
       "-----BEGIN CERTIFICATE-----\n" + with(certificate.substr(28, certificate.size() - 54), "=", "") +
           "AAAA\n-----END CERTIFICATE-----\n",
       key, "the certificate"},
      {"a huge certificate", std::string((4U << 20U) + 1, '\n'), key, "the certificate is larger than 4 MiB"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto identity = read_identity({row.certificate, "the certificate"}, {row.key, "the key"});
    REQUIRE_FALSE(identity);
    CAPTURE(identity.error().message);
    CHECK(identity.error().message.find(row.message) != std::string::npos);
    CHECK(identity.error().message.find('\n') == std::string::npos);
  }
}

TEST_CASE("of a bundle, what can be read is trusted; the rest is passed over, and said") {
  const std::string one = certificate_of(ec_key(), "one"), two = certificate_of(rsa_key(), "two");
  struct Row {
    const char* name;
    std::string text;
    std::size_t trusted;
    std::vector<std::string> remarks;
  };
  const Row rows[] = {
      {"one", one, 1, {}},
      {"two", one + two, 2, {}},
      {"twice the same", one + one, 2, {}},
      {"comments in between", "# one\n" + one + "\n\n# two: the second\n" + two + "# end", 2, {}},
      {"CRLF and a byte order mark", "\xEF\xBB\xBF" + with(one + two, "\n", "\r\n"), 2, {}},
      {"a key among them", one + pkcs8(ec_key()) + two, 2, {}},
      {"an encrypted key among them", pkcs8(ec_key(), "x") + one, 1, {}},
      {"the first does not parse",
       no_certificate + one,
       1,
       {"certificate 1 of 2 in ca.pem does not parse, and is passed over"}},
      {"the second is no base64",
       one + broken_base64 + two,
       2,
       {"certificate 2 of 3 in ca.pem is not base64, and is passed over"}},
      {"the first is cut off",
       cut_off + one,
       1,
       {"certificate 1 of 2 in ca.pem has no END line of its own, and is passed over"}},
      {"the last is cut off",
       one + two.substr(0, 100),
       1,
       {"certificate 2 of 2 in ca.pem has no END line of its own, and is passed over"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto trusted = read_authorities({row.text, "ca.pem"});
    if (!trusted) {
      FAIL_CHECK(trusted.error().message);
      continue;
    }
    CHECK(count(trusted->certificates.text(), "BEGIN CERTIFICATE") == row.trusted);
    CHECK(count(trusted->certificates.text(), "PRIVATE") == 0);
    CHECK(trusted->remarks == row.remarks);
  }
  const std::pair<std::string, const char*> refused[] = {
      {"", "ca.pem holds no certificate: is it in PEM form (-----BEGIN ...)?"},
      {"garbage", "ca.pem holds no certificate: is it in PEM form (-----BEGIN ...)?"},
      {pkcs8(ec_key()), "ca.pem holds no certificate: there is PRIVATE KEY"},
      {no_certificate, "ca.pem: its CERTIFICATE is no certificate that can be read"},
      {cut_off + broken_base64, "ca.pem: block 1 of 2 (CERTIFICATE) has no END line of its own"},
      {std::string((4U << 20U) + 1, 'x'), "ca.pem is larger than 4 MiB, which no certificate or key is"},
  };
  for (const auto& [text, message] : refused) {
    CAPTURE(message);
    const auto trusted = read_authorities({text, "ca.pem"});
    REQUIRE_FALSE(trusted);
    CHECK(trusted.error().message == message);
  }
}
