#include "edge/load/destination.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "edge/curl_global.hpp"
#include "edge/load/requests.hpp"

namespace junction::load {
namespace {

using std::chrono::milliseconds;

struct EasyDelete {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDelete>;

struct ListDelete {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDelete>;

Easy new_easy() {
  initialise_curl();
  return Easy(curl_easy_init());
}

/// The TLS context that libcurl prepared, kept beyond its connection, and what was agreed on there.
struct Captured {
  bool http2 = false;  // what to ask for
  std::shared_ptr<SSL_CTX> context;
  std::string protocol;  // by ALPN
};

void note_protocol(const SSL* ssl, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_DONE) == 0) return;
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &name, &size);
  auto* const captured = static_cast<Captured*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0));
  captured->protocol.assign(reinterpret_cast<const char*>(name), size);
}

constexpr unsigned char h2_and_http1[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr unsigned h2_size = 3;

// libcurl calls this before it connects. It would ask for its own protocols by ALPN; a run asks for the one
// it speaks. For HTTP/2 the first connection would take the other as well: a server may end the handshake
// without a word if it has none of those it is offered.
CURLcode capture(CURL*, void* tls_context, void* data) {
  auto* const context = static_cast<SSL_CTX*>(tls_context);
  auto* const captured = static_cast<Captured*>(data);
  SSL_CTX_up_ref(context);
  captured->context = {context, SSL_CTX_free};
  const unsigned skipped = captured->http2 ? 0 : h2_size;
  SSL_CTX_set_alpn_protos(context, h2_and_http1 + skipped, sizeof h2_and_http1 - skipped);
  SSL_CTX_set_ex_data(context, 0, captured);
  SSL_CTX_set_info_callback(context, note_protocol);
  return CURLE_OK;
}

// Frees the context of what ties it to libcurl and to its first connection.
void set_free(SSL_CTX* context, bool http2) {
  if (http2) SSL_CTX_set_alpn_protos(context, h2_and_http1, h2_size);
  SSL_CTX_set_info_callback(context, nullptr);
  SSL_CTX_set_ex_data(context, 0, nullptr);
  SSL_CTX_sess_set_new_cb(context, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_msg_callback(context, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
}

// A proxy is asked for plain requests itself; for what it must not read, and for HTTP/2, it is a tunnel.
bool needs_tunnel(const Plan& plan) {
  return plan.transport.proxy && (plan.url.scheme == "https" || plan.transport.http2);
}

void set_proxy(CURL* easy, const Plan& plan) {
  const auto& proxy = plan.transport.proxy;
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy->authority().c_str() : "");
  if (!proxy) return;
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, needs_tunnel(plan) ? 1L : 0L);
  if (proxy->credentials.empty()) return;
  const std::size_t colon = proxy->credentials.find(':');
  curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy->credentials.substr(0, colon).c_str());
  if (colon != std::string::npos)
    curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, proxy->credentials.substr(colon + 1).c_str());
}

std::string connect_request(const Plan& plan) {
  const std::string host =
      plan.url.host.find(':') == std::string::npos ? plan.url.host : fmt::format("[{}]", plan.url.host);
  const std::string authority = fmt::format("{}:{}", host, plan.url.port);
  std::string text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
  if (const std::string credentials = proxy_authorization(plan); !credentials.empty())
    text += fmt::format("Proxy-Authorization: {}\r\n", credentials);
  return text + "\r\n";
}

// libcurl asks once a second, or when something happens, whether to go on.
int give_up(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Stop*>(stop)->requested() ? 1 : 0;
}

void set_options(CURL* easy, const Plan& plan, const std::string& url, curl_slist* connect_to,
                 Captured& captured) {
  const TransportOptions& transport = plan.transport;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  set_proxy(easy, plan);
  const auto timeout =
      std::max<std::int64_t>(1, std::chrono::duration_cast<milliseconds>(plan.timeout).count());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout));
  if (connect_to) curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to);
  if (transport.insecure) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!transport.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, transport.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);  // capture() has the say
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, capture);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &captured);
}

List connect_to_list(const Plan& plan, const SocketAddress* to) {
  curl_slist* list = nullptr;
  for (const std::string& rule : plan.transport.connect_to) list = curl_slist_append(list, rule.c_str());
  if (to) list = curl_slist_append(list, fmt::format("::{}", to->to_string()).c_str());
  return List(list);
}

// What to do about a certificate that is not accepted, by libcurl's and OpenSSL's words for why.
const char* remedy(std::string_view reason) {
  if (reason.find("subject name") != reason.npos)
    return "call the server by its certificate's name (--connect-to leads that to another address)";
  if (reason.find("expired") != reason.npos) return "renew it";
  return "name the CA with --cacert";
}

Error failure(CURLcode code, const char* detail, const Plan& plan) {
  const std::string reason = *detail ? detail : curl_easy_strerror(code);
  std::string where = fmt::format("{}://{}", plan.url.scheme, plan.url.authority());
  if (plan.transport.proxy) where += fmt::format(" through the proxy {}", plan.transport.proxy->authority());
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorKind::network,
              fmt::format("{}: {}; check its spelling, or use none (--proxy '')", where, reason)};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorKind::network,
              fmt::format("{}: {}; check the host's spelling, or give its address with --connect-to", where,
                          reason)};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorKind::network,
              fmt::format("{}: {}; {}, or use --insecure", where, reason, remedy(reason))};
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::usage,
              fmt::format("{}: no CA certificates could be read from it", plan.transport.ca_file)};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::timeout, fmt::format("{}: {}", where, reason)};
    case CURLE_SSL_CONNECT_ERROR:
      return {ErrorKind::network, fmt::format("{}: {}; does the server speak TLS there?", where, reason)};
    case CURLE_COULDNT_CONNECT:
      return {ErrorKind::network,
              fmt::format("{}: {}; is the {} up?", where, reason, plan.transport.proxy ? "proxy" : "server")};
    default:
      return {ErrorKind::network, fmt::format("{}: {}", where, reason)};
  }
}

bool is_ip(const std::string& host) {
  unsigned char ip[16];
  return inet_pton(AF_INET, host.c_str(), ip) == 1 || inet_pton(AF_INET6, host.c_str(), ip) == 1;
}

}  // namespace

Result<Destination> find_destination(const Plan& plan, const Stop& stop, const SocketAddress* to) {
  const Easy easy = new_easy();
  if (!easy) return Error{ErrorKind::network, "libcurl could not be started"};
  const std::string url = fmt::format("{}://{}/", plan.url.scheme, plan.url.authority());
  const List connect_to = connect_to_list(plan, to);
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, detail);
  Captured captured{.http2 = plan.transport.http2};
  set_options(easy.get(), plan, url, connect_to.get(), captured);
  curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, give_up);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &stop);
  if (const CURLcode code = curl_easy_perform(easy.get()); code != CURLE_OK)
    return failure(code, detail, plan);

  Destination destination;
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy.get(), CURLINFO_ACTIVESOCKET, &fd);
  destination.address.size = sizeof destination.address.storage;
  if (fd == CURL_SOCKET_BAD || getpeername(fd, reinterpret_cast<sockaddr*>(&destination.address.storage),
                                           &destination.address.size) != 0)
    return Error{ErrorKind::network, fmt::format("{}: the connection closed at once", url)};
  if (needs_tunnel(plan)) destination.tunnel = connect_request(plan);
  if (plan.url.scheme == "https") {
    if (!captured.context)
      return Error{ErrorKind::unsupported, "libcurl was built without OpenSSL, which https runs need"};
    if (plan.transport.http2 && captured.protocol != "h2")
      return Error{ErrorKind::unsupported,
                   fmt::format("{}: the server does not offer HTTP/2; leave out --http2", url)};
    set_free(captured.context.get(), plan.transport.http2);
    destination.tls = captured.context;
    destination.tls_name = plan.url.host;
    destination.tls_name_is_ip = is_ip(plan.url.host);
  }
  return destination;
}

}  // namespace junction::load
