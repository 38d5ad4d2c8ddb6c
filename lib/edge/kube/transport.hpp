#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "edge/kube/pem.hpp"
#include "edge/kube/server_url.hpp"
#include "junction/kube/config.hpp"

namespace junction::kube {

/// What all requests to one server have in common, read and checked once.
struct Road {
  ServerUrl server;
  TrustedCertificates authorities;  ///< empty: the system's
  bool verify = true;
  std::string tls_server_name;
  std::string proxy_url;
  bool compress = true;

  static Result<Road> parse(const ClusterConfig& config);
};

struct HttpRequest {
  std::string method = "GET";
  std::string target;                ///< path and query, below the server's URL
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;                  ///< sent where the method is PATCH, PUT or POST
  std::chrono::milliseconds timeout{0};
  /// An answer may take so many bytes once decompressed; what goes to on_data is its receiver's to bound.
  std::size_t most_bytes = std::size_t{64} << 20;
  bool changes = false;                            ///< it stores something, unless it is refused
  std::shared_ptr<const ClientIdentity> identity;  ///< null: none
  /// Receives a good answer's bytes as they come, instead of HttpResponse::body; false ends the transfer.
  std::function<bool(std::string_view)> on_data;
};

struct HttpResponse {
  CURLcode code = CURLE_OK;
  std::string error;       ///< libcurl's or OpenSSL's own words where code is not CURLE_OK
  long verify_result = 0;  ///< OpenSSL's X509_V_ERR_* where the certificate was the trouble
  std::string exceeds;     ///< the bound that the answer went over, in words; empty: none
  long status = 0;
  bool http2 = false;
  bool asked = false;                ///< some of the request's body has left: the server may have acted on it
  std::vector<std::string> headers;  ///< of the final answer, "Name: value"
  std::string body;
  std::chrono::milliseconds took{0};

  [[nodiscard]] bool success() const { return status >= 200 && status < 300; }
  [[nodiscard]] bool good() const { return code == CURLE_OK && success(); }
  /// Value of the first header of that name (any case); empty: none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// One request on its way. Must outlive its stay in a Transport; taking it out early ends it.
class Transfer {
 public:
  Transfer(const Road& road, HttpRequest request);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] bool asked() const { return uploaded_ > 0; }  ///< as HttpResponse::asked, at any time
  [[nodiscard]] const HttpRequest& request() const { return request_; }
  HttpResponse& response() { return response_; }

 private:
  friend class Transport;
  void set_tls(const Road& road);
  void set_route(const Road& road);
  void set_body();
  void finish(CURLcode code);
  static std::size_t on_upload(char* to, std::size_t, std::size_t room, void* self);
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);

  HttpRequest request_;
  HttpResponse response_;
  CURL* easy_ = nullptr;
  CURLM* multi_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  char error_[CURL_ERROR_SIZE] = {};
  std::size_t uploaded_ = 0;
  std::size_t header_bytes_ = 0;
  bool in_header_ = false;
  bool done_ = false;
};

/// The connections to one server. One thread at a time, but for cancel() and wake().
class Transport {
 public:
  Transport();
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  void start(Transfer& transfer);
  void perform(Transfer& transfer);  ///< start, and run until done or cancelled

  /// Moves everything under way, waiting up to `wait` for something to happen.
  void run(std::chrono::milliseconds wait);

  void cancel();
  void wake();
  [[nodiscard]] bool cancelled() const { return cancelled_.load(); }

 private:
  CURLM* multi_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace junction::kube
