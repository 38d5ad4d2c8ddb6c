#include "edge/kube/pem.hpp"

#include <fmt/format.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "edge/kube/pem_blocks.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

// A system's whole bundle takes 250 KB.
constexpr std::size_t most_bytes = std::size_t{4} << 20;

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Decoder = std::unique_ptr<OSSL_DECODER_CTX, Free<OSSL_DECODER_CTX_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

/// What OpenSSL had to say of one block is of no use to the next reader of its queue.
struct QuietErrors {
  ~QuietErrors() { ERR_clear_error(); }
};

// "block 2 of 3 (RSA PRIVATE KEY)", or its label alone where there is no other.
std::string place_of(const std::vector<PemBlock>& blocks, std::size_t index) {
  const std::string label = blocks[index].label.substr(0, 40);
  return blocks.size() == 1 ? "its " + label
                            : fmt::format("block {} of {} ({})", index + 1, blocks.size(), label);
}

// The labels there are, for a message that says what is not there.
std::string holdings(const std::vector<PemBlock>& blocks) {
  if (blocks.empty()) return "is it in PEM form (-----BEGIN ...)?";
  std::string labels;
  for (std::size_t i = 0; i < blocks.size() && i < 4; ++i)
    labels += (i == 0 ? "" : ", ") + blocks[i].label.substr(0, 40);
  return fmt::format("there is {}{}", labels, blocks.size() > 4 ? ", ..." : "");
}

Certificate parse_certificate(const PemBlock& block) {
  const auto* at = reinterpret_cast<const unsigned char*>(block.bytes.data());
  const auto* const end = at + block.bytes.size();
  const auto size = static_cast<long>(block.bytes.size());
  Certificate certificate(block.label == "TRUSTED CERTIFICATE" ? d2i_X509_AUX(nullptr, &at, size)
                                                               : d2i_X509(nullptr, &at, size));
  return certificate && at == end ? std::move(certificate) : nullptr;
}

// Whoever is asked for a passphrase here has none to give.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// The key of a block, in whatever form it is, or null; `asked`: for a passphrase.
Key parse_key(const PemBlock& block, bool& asked) {
  EVP_PKEY* key = nullptr;
  const Decoder decoder(
      OSSL_DECODER_CTX_new_for_pkey(&key, "DER", nullptr, nullptr, EVP_PKEY_KEYPAIR, nullptr, nullptr));
  OSSL_DECODER_CTX_set_pem_password_cb(decoder.get(), &refuse_passphrase, &asked);
  const auto* at = reinterpret_cast<const unsigned char*>(block.bytes.data());
  std::size_t left = block.bytes.size();
  static_cast<void>(OSSL_DECODER_from_data(decoder.get(), &at, &left));
  return Key(key);
}

std::string write_key(const Key& key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return {};  // a public key, say
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Result<std::vector<PemBlock>> blocks_of(const PemSource& source) {
  if (source.text.size() > most_bytes)
    return invalid_error(fmt::format("{} is larger than {} MiB, which no certificate or key is", source.name,
                                     most_bytes >> 20U));
  return split_pem(source.text);
}

Error encrypted_key(const PemSource& source) {
  return invalid_error(
      fmt::format("{} is encrypted, and there is no way to give its passphrase: decrypt it first, as by "
                  "'openssl pkey -in ENCRYPTED -out PLAIN'",
                  source.name));
}

// "block 2 of 3 (CERTIFICATE) is not base64": the first such block that is of no use.
Error nothing_useful(const PemSource& source, const std::vector<PemBlock>& blocks, const char* what,
                     bool (PemBlock::*is_wanted)() const) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!(blocks[i].*is_wanted)()) continue;
    return invalid_error(fmt::format(
        "{}: {} {}", source.name, place_of(blocks, i),
        blocks[i].broken.empty() ? fmt::format("is no {} that can be read", what) : blocks[i].broken));
  }
  return invalid_error(fmt::format("{} holds no {}: {}", source.name, what, holdings(blocks)));
}

// The first private key that is not broken, as Go has it; the others are for nothing.
Result<Key> first_key(const PemSource& source) {
  JUNCTION_TRY_ASSIGN(const std::vector<PemBlock> blocks, blocks_of(source));
  for (const PemBlock& block : blocks) {
    if (!block.is_key() || !block.broken.empty()) continue;
    bool asked = block.encrypted || block.label == "ENCRYPTED PRIVATE KEY";
    Key key = asked ? nullptr : parse_key(block, asked);
    if (asked) return encrypted_key(source);
    if (key) return key;
    break;
  }
  return nothing_useful(source, blocks, "private key", &PemBlock::is_key);
}

/// A chain as PEM, and its first certificate.
struct Chain {
  Certificate leaf;
  std::string text;
};

Result<Chain> read_chain(const PemSource& source) {
  JUNCTION_TRY_ASSIGN(const std::vector<PemBlock> blocks, blocks_of(source));
  Chain chain;
  for (const PemBlock& block : blocks) {
    if (!block.is_certificate() || !block.broken.empty()) continue;
    Certificate certificate = parse_certificate(block);
    if (!certificate) return nothing_useful(source, {block}, "certificate", &PemBlock::is_certificate);
    chain.text += write_pem("CERTIFICATE", block.bytes);
    if (!chain.leaf) chain.leaf = std::move(certificate);
  }
  if (!chain.leaf) return nothing_useful(source, blocks, "certificate", &PemBlock::is_certificate);
  return chain;
}

}  // namespace

class PemReader {
 public:
  static Result<ClientIdentity> identity(const PemSource& certificate, const PemSource& key) {
    JUNCTION_TRY_ASSIGN(Chain chain, read_chain(certificate));
    JUNCTION_TRY_ASSIGN(const Key parsed, first_key(key));
    std::string text = write_key(parsed);
    if (text.empty())
      return invalid_error(fmt::format("{} holds no private key, but a public one", key.name));
    if (X509_check_private_key(chain.leaf.get(), parsed.get()) != 1)
      return invalid_error(fmt::format("the private key of {} is not that of the certificate of {}", key.name,
                                       certificate.name));
    return ClientIdentity{CheckedPem(std::move(chain.text)), CheckedPem(std::move(text))};
  }

  static Result<TrustedCertificates> authorities(const PemSource& bundle) {
    JUNCTION_TRY_ASSIGN(const std::vector<PemBlock> blocks, blocks_of(bundle));
    const auto all = std::count_if(blocks.begin(), blocks.end(), std::mem_fn(&PemBlock::is_certificate));
    TrustedCertificates trusted;
    std::string text;
    std::ptrdiff_t number = 0;
    for (const PemBlock& block : blocks) {
      if (!block.is_certificate()) continue;
      ++number;
      if (block.broken.empty() && parse_certificate(block))
        text += write_pem(block.label, block.bytes);
      else
        trusted.remarks.push_back(fmt::format("certificate {} of {} in {} {}, and is passed over", number,
                                              all, bundle.name,
                                              block.broken.empty() ? "does not parse" : block.broken));
    }
    if (text.empty()) return nothing_useful(bundle, blocks, "certificate", &PemBlock::is_certificate);
    trusted.certificates = CheckedPem(std::move(text));
    return trusted;
  }
};

Result<ClientIdentity> read_identity(const PemSource& certificate, const PemSource& key) {
  const QuietErrors quiet;
  return PemReader::identity(certificate, key);
}

Result<TrustedCertificates> read_authorities(const PemSource& bundle) {
  const QuietErrors quiet;
  return PemReader::authorities(bundle);
}

}  // namespace junction::kube
