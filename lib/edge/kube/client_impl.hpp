#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "edge/kube/credentials.hpp"
#include "edge/kube/transport.hpp"
#include "junction/kube/client.hpp"

namespace junction::kube {

class Client::Impl {
 public:
  explicit Impl(ClusterConfig config) : config_(std::move(config)), credentials_(config_) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Sends, and tries again where that is safe.
  Result<HttpResponse> send(HttpRequest request);
  /// `bytes`: how many the answer's body has, once decompressed.
  Result<nlohmann::json> send_for_json(HttpRequest request, std::size_t* bytes = nullptr);

  /// Of something that was not found: what kubectl says where not even its namespace is there.
  Error missing(const std::string& target, Error error);

  /// The request with what every one carries (credentials, impersonation), ready to be sent.
  Result<std::unique_ptr<Transfer>> prepare(HttpRequest request);

  [[nodiscard]] const ClusterConfig& config() const { return config_; }
  Transport& transport() { return transport_; }
  Credentials& credentials() { return credentials_; }

 private:
  Result<void> find_road();
  Result<HttpRequest> complete(HttpRequest request);
  Result<HttpResponse> send_once(const HttpRequest& request);
  [[nodiscard]] Error cancelled(const Transfer& transfer) const;
  void wait(std::chrono::milliseconds time);
  void pass_warnings_on(const HttpResponse& response) const;

  ClusterConfig config_;
  Credentials credentials_;
  std::optional<Road> road_;  ///< nothing: no request was made yet
  Transport transport_;
};

/// `path` with the options as its query.
std::string list_target(std::string_view path, const ListOptions& options, std::string_view continue_token);
std::string watch_target(std::string_view path, const WatchOptions& options);

}  // namespace junction::kube
