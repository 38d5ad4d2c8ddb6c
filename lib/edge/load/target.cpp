#include "edge/load/target.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <mutex>

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
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
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

// libcurl calls this before it connects. It would ask for its own protocols by ALPN; a run asks for the one
// it speaks.
CURLcode capture(CURL*, void* tls_context, void* data) {
  static constexpr unsigned char h2[] = {2, 'h', '2'};
  static constexpr unsigned char http1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  auto* const context = static_cast<SSL_CTX*>(tls_context);
  auto* const captured = static_cast<Captured*>(data);
  SSL_CTX_up_ref(context);
  captured->context = {context, SSL_CTX_free};
  if (captured->http2)
    SSL_CTX_set_alpn_protos(context, h2, sizeof h2);
  else
    SSL_CTX_set_alpn_protos(context, http1, sizeof http1);
  SSL_CTX_set_ex_data(context, 0, captured);
  SSL_CTX_set_info_callback(context, note_protocol);
  return CURLE_OK;
}

// Frees the context of what ties it to libcurl and to its first connection.
void set_free(SSL_CTX* context) {
  SSL_CTX_set_info_callback(context, nullptr);
  SSL_CTX_set_ex_data(context, 0, nullptr);
  SSL_CTX_sess_set_new_cb(context, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_msg_callback(context, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
}

void set_options(CURL* easy, const Plan& plan, const std::string& url, curl_slist* connect_to,
                 Captured& captured) {
  const Transport& transport = plan.transport;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
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

Error failure(CURLcode code, const char* detail, const Plan& plan) {
  const std::string reason = *detail ? detail : curl_easy_strerror(code);
  const std::string where = fmt::format("{}://{}", plan.url.scheme, plan.url.authority());
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorKind::network,
              fmt::format("{}: {}; check the host's spelling, or give its address with --connect-to", where,
                          reason)};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorKind::network,
              fmt::format("{}: {}; name the CA with --cacert, or use --insecure", where, reason)};
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::usage,
              fmt::format("{}: no CA certificates could be read from it", plan.transport.ca_file)};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::timeout, fmt::format("{}: {}", where, reason)};
    default:
      return {ErrorKind::network, fmt::format("{}: {}; is the server up?", where, reason)};
  }
}

bool is_ip(const std::string& host) {
  unsigned char ip[16];
  return inet_pton(AF_INET, host.c_str(), ip) == 1 || inet_pton(AF_INET6, host.c_str(), ip) == 1;
}

}  // namespace

Result<Target> find_target(const Plan& plan, const SocketAddress* to) {
  const Easy easy = new_easy();
  if (!easy) return Error{ErrorKind::network, "libcurl could not be started"};
  const std::string url = fmt::format("{}://{}/", plan.url.scheme, plan.url.authority());
  const List connect_to = connect_to_list(plan, to);
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, detail);
  Captured captured{.http2 = plan.transport.http2};
  set_options(easy.get(), plan, url, connect_to.get(), captured);
  if (const CURLcode code = curl_easy_perform(easy.get()); code != CURLE_OK)
    return failure(code, detail, plan);

  Target target;
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy.get(), CURLINFO_ACTIVESOCKET, &fd);
  target.address.size = sizeof target.address.storage;
  if (fd == CURL_SOCKET_BAD ||
      getpeername(fd, reinterpret_cast<sockaddr*>(&target.address.storage), &target.address.size) != 0)
    return Error{ErrorKind::network, fmt::format("{}: the connection closed at once", url)};
  if (plan.url.scheme == "https") {
    if (!captured.context)
      return Error{ErrorKind::unsupported, "libcurl was built without OpenSSL, which https runs need"};
    if (plan.transport.http2 && captured.protocol != "h2")
      return Error{ErrorKind::unsupported,
                   fmt::format("{}: the server does not offer HTTP/2; leave out --http2", url)};
    set_free(captured.context.get());
    target.tls = captured.context;
    target.tls_name = plan.url.host;
    target.tls_name_is_ip = is_ip(plan.url.host);
  }
  return target;
}

}  // namespace junction::load
