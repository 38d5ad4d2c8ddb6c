#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "junction/result.hpp"

namespace junction::kube {

/// PEM that OpenSSL has read and that asks nobody for a passphrase, written anew. Made by the readers below
/// alone, and libcurl is given nothing else: it hands what it gets to OpenSSL unread, whose questions for a
/// passphrase it cannot answer (7.88 dies of them) and whose errors name neither file nor block.
class CheckedPem {
 public:
  CheckedPem() = default;  ///< none

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  friend class PemReader;
  explicit CheckedPem(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// PEM from outside, and what to call it in messages: "client-key-data of user "ann"", "--client-key
/// 'a.pem'".
struct PemSource {
  std::string_view text;
  std::string name;
};

/// A client certificate with what chain came with it, and its key.
struct ClientIdentity {
  CheckedPem certificate;
  CheckedPem key;
};

struct TrustedCertificates {
  CheckedPem certificates;
  std::vector<std::string> remarks;  ///< what was passed over, a line each
};

/// Takes what kubectl takes: keys in PKCS#1, PKCS#8 and SEC1 whatever their label says, other blocks and text
/// in between, both in one file. The first certificate must be that of the key. Fails for an encrypted key,
/// and names the file and the block that is at fault.
Result<ClientIdentity> read_identity(const PemSource& certificate, const PemSource& key);

/// The certificates of a bundle that can be read; the others are passed over, as kubectl has it. Fails where
/// there is none.
Result<TrustedCertificates> read_authorities(const PemSource& bundle);

}  // namespace junction::kube
