#include "edge/kube/credentials.hpp"

#include <fmt/format.h>

#include <chrono>

#include "junction/base64.hpp"
#include "junction/documents.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

Result<std::string> token_in(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  const std::size_t end = text->find_last_not_of(" \t\r\n");
  text->resize(end == std::string::npos ? 0 : end + 1);
  if (text->empty()) return Error{ErrorKind::invalid, fmt::format("the token file '{}' is empty", path)};
  return text;
}

}  // namespace

Result<Credential> Credentials::current() {
  Credential credential;
  JUNCTION_TRY_ASSIGN(credential.identity, own_identity());
  if (!config_.token_file.empty()) {
    const auto token = token_in(config_.token_file);
    if (!token && config_.token.empty()) return token.error();
    credential.authorization = "Bearer " + (token ? *token : config_.token);
  } else if (!config_.token.empty()) {
    credential.authorization = "Bearer " + config_.token;
  } else if (!config_.username.empty() || !config_.password.empty()) {
    credential.authorization = "Basic " + base64_encode(config_.username + ":" + config_.password);
  } else if (config_.exec && config_.client_certificate.empty()) {
    return from_plugin();
  }
  return credential;
}

Result<std::shared_ptr<const ClientIdentity>> Credentials::own_identity() {
  if (identity_ || config_.client_certificate.empty()) return identity_;
  const auto called = [](const std::string& name, const char* otherwise) {
    return name.empty() ? std::string(otherwise) : name;
  };
  JUNCTION_TRY_ASSIGN(ClientIdentity identity,
                      read_identity({config_.client_certificate,
                                     called(config_.client_certificate_name, "the client certificate")},
                                    {config_.client_key, called(config_.client_key_name, "the client key")}));
  identity_ = std::make_shared<const ClientIdentity>(std::move(identity));
  return identity_;
}

Result<Credential> Credentials::from_plugin() {
  const bool expired = cached_ && cached_->expiry && *cached_->expiry <= std::chrono::system_clock::now();
  if (!cached_ || expired) {
    auto fresh = run_exec_plugin(*config_.exec, config_);
    if (!fresh) return std::move(fresh).error();
    cached_ = std::move(*fresh);
  }
  Credential credential{{}, cached_->identity};
  if (!cached_->token.empty()) credential.authorization = "Bearer " + cached_->token;
  return credential;
}

bool Credentials::refused() {
  if (!cached_) return false;
  cached_.reset();
  return true;
}

}  // namespace junction::kube
