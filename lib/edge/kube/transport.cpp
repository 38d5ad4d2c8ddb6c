#include "edge/kube/transport.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <csignal>
#include <mutex>

namespace junction::kube {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::duration<long, std::milli> connect_timeout{30000};  // Go's net/http waits as long

// libcurl wants one initialisation before any thread uses it, and a short-lived process should not pay for it
// before it sends something.
void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

/// Keeps SIGPIPE away from this thread while libcurl writes: with CURLOPT_NOSIGNAL it leaves that to its
/// caller, and a library must not end the program it is in because a server hung up.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) return;  // not ours: to be left alone
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    blocked_ = sigismember(&before_, SIGPIPE) == 0;
  }
  ~NoSigpipe() {
    if (!blocked_) return;
    constexpr timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) continue;
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
  bool blocked_ = false;
};

void set_blob(CURL* easy, CURLoption option, const std::string& text) {
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
  curl_easy_setopt(easy, option, &blob);
}

struct ServerParts {
  std::string scheme, authority, host, port, base;
};

ServerParts split_server(const std::string& server) {
  ServerParts parts;
  const std::size_t start = server.find("://");
  parts.scheme = server.substr(0, start);
  const std::string rest = server.substr(start + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  parts.authority = rest.substr(0, slash);
  parts.base = rest.substr(slash);
  const std::size_t colon = parts.authority.rfind(':');
  const bool has_port = colon != std::string::npos && parts.authority.find(']', colon) == std::string::npos;
  parts.host = parts.authority.substr(0, has_port ? colon : parts.authority.size());
  parts.port = has_port ? parts.authority.substr(colon + 1) : parts.scheme == "http" ? "80" : "443";
  return parts;
}

// A SOCKS proxy finds the server's address by itself, as Go has it: it may know names that this machine does
// not.
std::string proxy(const std::string& url) {
  constexpr std::string_view socks = "socks5://";
  return url.starts_with(socks) ? "socks5h://" + url.substr(socks.size()) : url;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const std::string& line : headers) {
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const std::size_t start = line.find_first_not_of(' ', name.size() + 1);
    return start == std::string::npos ? std::string_view() : std::string_view(line).substr(start);
  }
  return {};
}

Transfer::Transfer(const ClusterConfig& config, HttpRequest request) : request_(std::move(request)) {
  initialise_curl();
  easy_ = curl_easy_init();
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout.count());
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  if (!config.disable_compression) curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
  set_route(config);
  set_tls(config);
  if (request_.method != "GET") {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    headers_ = curl_slist_append(headers_, "Expect:");
  }
  for (const std::string& line : request_.headers) headers_ = curl_slist_append(headers_, line.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
}

Transfer::~Transfer() {
  if (multi_) curl_multi_remove_handle(multi_, easy_);
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

void Transfer::set_route(const ClusterConfig& config) {
  const ServerParts server = split_server(config.server);
  std::string authority = server.authority;
  if (!config.tls_server_name.empty() && server.scheme == "https") {
    // libcurl checks the certificate against the URL's host: so the URL names that host, and connects to the
    // server.
    authority = fmt::format("{}:{}", config.tls_server_name, server.port);
    connect_to_ = curl_slist_append(connect_to_, fmt::format("::{}:{}", server.host, server.port).c_str());
    curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
    headers_ = curl_slist_append(headers_, fmt::format("Host: {}", server.authority).c_str());
  }
  const std::string url = fmt::format("{}://{}{}{}", server.scheme, authority, server.base, request_.target);
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!config.proxy_url.empty()) {
    curl_easy_setopt(easy_, CURLOPT_PROXY, proxy(config.proxy_url).c_str());
    curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");
  } else if (is_loopback(server.host)) {
    curl_easy_setopt(easy_, CURLOPT_NOPROXY,
                     "*");  // $HTTPS_PROXY is not for this machine; Go leaves it out too
  }
}

void Transfer::set_tls(const ClusterConfig& config) {
  if (config.insecure_skip_tls_verify) {
    for (const CURLoption check : {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST,
                                   CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST})
      curl_easy_setopt(easy_, check, 0L);
  } else if (!config.certificate_authority.empty()) {
    // A cluster's own CA is the only one to trust: without this, libcurl would look in the system's directory
    // as well.
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
    set_blob(easy_, CURLOPT_CAINFO_BLOB, config.certificate_authority);
    set_blob(easy_, CURLOPT_PROXY_CAINFO_BLOB,
             config.certificate_authority);  // an https proxy, as kubectl has it
  }
  if (!request_.client_certificate.empty()) {
    set_blob(easy_, CURLOPT_SSLCERT_BLOB, request_.client_certificate);
    set_blob(easy_, CURLOPT_SSLKEY_BLOB, request_.client_key);
  }
}

void Transfer::finish(CURLcode code) {
  done_ = true;
  response_.code = code;
  response_.error = error_[0] ? error_ : curl_easy_strerror(code);
  long version = 0;
  curl_off_t micros = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &response_.status);
  curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
  curl_easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &response_.verify_result);
  curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &micros);
  response_.http2 = version == CURL_HTTP_VERSION_2_0;
  response_.took = milliseconds(micros / 1000);
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& response = static_cast<Transfer*>(self)->response_;
  std::string_view line(data, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/"))
    response.headers.clear();  // of a proxy, or a 100 Continue, before the answer itself
  else if (!line.empty())
    response.headers.emplace_back(line);
  return size;
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  long status = 0;
  curl_easy_getinfo(transfer.easy_, CURLINFO_RESPONSE_CODE, &status);
  const bool stream = transfer.request_.on_data && status >= 200 && status < 300;
  if (stream) return transfer.request_.on_data({data, size}) ? size : 0;
  transfer.response_.body.append(data, size);
  return size;
}

Transport::Transport() {
  initialise_curl();
  multi_ = curl_multi_init();
}

Transport::~Transport() {
  curl_multi_cleanup(multi_);
}

void Transport::start(Transfer& transfer) {
  transfer.multi_ = multi_;
  curl_multi_add_handle(multi_, transfer.easy_);
}

void Transport::run(milliseconds wait) {
  const NoSigpipe guard;
  // Wait first, then move data: the caller looks at what has come before it waits again. A transfer that has
  // just been started does not wait, as libcurl knows what is due.
  if (!cancelled()) curl_multi_poll(multi_, nullptr, 0, static_cast<int>(wait.count()), nullptr);
  int running = 0, left = 0;
  curl_multi_perform(multi_, &running);
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    char* owner = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
    auto* const transfer = reinterpret_cast<Transfer*>(owner);
    transfer->finish(message->data.result);
    curl_multi_remove_handle(multi_, transfer->easy_);
    transfer->multi_ = nullptr;
  }
}

void Transport::perform(Transfer& transfer) {
  start(transfer);
  while (!transfer.done() && !cancelled()) run(milliseconds(1000));
}

void Transport::cancel() {
  cancelled_ = true;
  wake();
}

void Transport::wake() {
  curl_multi_wakeup(multi_);
}

}  // namespace junction::kube
