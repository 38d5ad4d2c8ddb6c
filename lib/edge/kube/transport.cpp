#include "edge/kube/transport.hpp"

#include <fmt/format.h>

#include <csignal>

#include "edge/curl_global.hpp"
#include "junction/ascii.hpp"
#include "junction/proxy.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

using std::chrono::milliseconds;

// Of all answers to one request together, so that a server cannot go on with 100 Continue for ever. A real
// answer's takes less than 1 KiB.
constexpr std::size_t most_header_bytes = std::size_t{256} << 10;

constexpr std::chrono::duration<long, std::milli> connect_timeout{30000};  // Go's net/http waits as long

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

void set_blob(CURL* easy, CURLoption option, const CheckedPem& pem) {
  curl_blob blob{const_cast<char*>(pem.text().data()), pem.text().size(), CURL_BLOB_COPY};
  curl_easy_setopt(easy, option, &blob);
}

// A SOCKS proxy finds the server's address by itself, as Go has it: it may know names that this machine does
// not.
std::string proxy(const std::string& url) {
  constexpr std::string_view socks = "socks5://";
  return url.starts_with(socks) ? "socks5h://" + url.substr(socks.size()) : url;
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const std::string& line : headers) {
    if (line.size() <= name.size() || line[name.size()] != ':' || !starts_with_letters(line, name)) continue;
    const std::size_t start = line.find_first_not_of(' ', name.size() + 1);
    return start == std::string::npos ? std::string_view() : std::string_view(line).substr(start);
  }
  return {};
}

Result<Road> Road::parse(const ClusterConfig& config) {
  Road road{.server = {},
            .authorities = {},
            .verify = !config.insecure_skip_tls_verify,
            .tls_server_name = config.tls_server_name,
            .proxy_url = config.proxy_url,
            .compress = !config.disable_compression};
  JUNCTION_TRY_ASSIGN(road.server, ServerUrl::parse(config.server));
  if (!config.certificate_authority.empty() && road.verify && road.server.scheme == "https") {
    const bool named = !config.certificate_authority_name.empty();
    JUNCTION_TRY_ASSIGN(road.authorities, read_authorities({config.certificate_authority,
                                                            named ? config.certificate_authority_name
                                                                  : "the certificate authority"}));
  }
  return road;
}

Transfer::Transfer(const Road& road, HttpRequest request) : request_(std::move(request)) {
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
  if (road.compress) curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
  set_route(road);
  set_tls(road);
  if (request_.method != "GET") set_body();
  for (const std::string& line : request_.headers) headers_ = curl_slist_append(headers_, line.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
}

Transfer::~Transfer() {
  if (multi_) curl_multi_remove_handle(multi_, easy_);
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

// Handed over piece by piece, and never from its beginning again: libcurl sends a request a second time by
// itself where a connection used before breaks without a byte of answer, although the server may have acted
// on it. With a body that it cannot rewind it gives up instead (CURLE_SEND_FAIL_REWIND); where no byte of the
// body has left, it still tries again, and may.
void Transfer::set_body() {
  curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Transfer::on_upload);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  headers_ = curl_slist_append(headers_, "Expect:");
}

void Transfer::set_route(const Road& road) {
  const ServerUrl& server = road.server;
  std::string authority = server.authority();
  if (!road.tls_server_name.empty() && server.scheme == "https") {
    // libcurl checks the certificate against the URL's host: so the URL names that host, and connects to the
    // server.
    authority = fmt::format("{}:{}", road.tls_server_name, server.port);
    connect_to_ = curl_slist_append(connect_to_, fmt::format("::{}:{}", server.host, server.port).c_str());
    curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
    headers_ = curl_slist_append(headers_, fmt::format("Host: {}", server.authority()).c_str());
  }
  const std::string url =
      fmt::format("{}://{}{}{}{}{}", server.scheme, server.user_info, server.user_info.empty() ? "" : "@",
                  authority, server.base, request_.target);
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!road.proxy_url.empty()) {
    curl_easy_setopt(easy_, CURLOPT_PROXY, proxy(road.proxy_url).c_str());
    curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");
  } else if (is_this_machine(server.host)) {
    curl_easy_setopt(easy_, CURLOPT_NOPROXY,
                     "*");  // $HTTPS_PROXY is not for this machine; Go leaves it out too
  }
}

void Transfer::set_tls(const Road& road) {
  if (!road.verify) {
    for (const CURLoption check : {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST,
                                   CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST})
      curl_easy_setopt(easy_, check, 0L);
  } else if (const CheckedPem& own = road.authorities.certificates; !own.empty()) {
    // A cluster's own CA is the only one to trust: without this, libcurl would look in the system's directory
    // as well.
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
    set_blob(easy_, CURLOPT_CAINFO_BLOB, own);
    set_blob(easy_, CURLOPT_PROXY_CAINFO_BLOB, own);  // an https proxy, as kubectl has it
  }
  if (request_.identity) {
    set_blob(easy_, CURLOPT_SSLCERT_BLOB, request_.identity->certificate);
    set_blob(easy_, CURLOPT_SSLKEY_BLOB, request_.identity->key);
  }
}

void Transfer::finish(CURLcode code) {
  done_ = true;
  response_.code = code;
  response_.error = error_[0] ? error_ : curl_easy_strerror(code);
  if (code == CURLE_OUT_OF_MEMORY && in_header_)  // what libcurl 7.88 calls it
    response_.exceeds = fmt::format("a header line of more than {} KiB", CURL_MAX_HTTP_HEADER >> 10U);
  if (code == CURLE_OK && in_header_) {  // libcurl 7.88 takes it for an answer without a body
    response_.code = CURLE_RECV_ERROR;
    response_.error = "it was closed in the middle of the answer's header";
  }
  if (code == CURLE_SEND_FAIL_REWIND) {
    response_.code = CURLE_GOT_NOTHING;
    response_.error = "it was closed before an answer came";
  }
  response_.asked = uploaded_ > 0;
  long version = 0;
  curl_off_t micros = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &response_.status);
  curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &version);
  curl_easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &response_.verify_result);
  curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &micros);
  response_.http2 = version == CURL_HTTP_VERSION_2_0;
  response_.took = milliseconds(micros / 1000);
}

std::size_t Transfer::on_upload(char* to, std::size_t, std::size_t room, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view rest = std::string_view(transfer.request_.body).substr(transfer.uploaded_, room);
  transfer.uploaded_ += rest.copy(to, rest.size());
  return rest.size();
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  auto& response = transfer.response_;
  transfer.header_bytes_ += size;
  if (transfer.header_bytes_ > most_header_bytes) {
    response.exceeds = fmt::format("a header of more than {} KiB", most_header_bytes >> 10U);
    return 0;
  }
  std::string_view line(data, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    response.headers.clear();  // of a proxy, or a 100 Continue, before the answer itself
    transfer.in_header_ = true;
  } else if (line.empty()) {
    transfer.in_header_ = false;
  } else {
    response.headers.emplace_back(line);
  }
  return size;
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  auto& response = transfer.response_;
  long status = 0;
  curl_easy_getinfo(transfer.easy_, CURLINFO_RESPONSE_CODE, &status);
  const bool stream = transfer.request_.on_data && status >= 200 && status < 300;
  if (stream) return transfer.request_.on_data({data, size}) ? size : 0;
  if (response.body.size() + size > transfer.request_.most_bytes) {
    response.exceeds = fmt::format("an answer of more than {} MiB", transfer.request_.most_bytes >> 20U);
    return 0;
  }
  response.body.append(data, size);
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
