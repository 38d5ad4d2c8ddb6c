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

// libcurl asks for its own protocols by ALPN; a run asks for the one that it speaks.
CURLcode set_alpn(CURL*, void* context, void* http2) {
  static constexpr unsigned char h2[] = {2, 'h', '2'};
  static constexpr unsigned char http1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  auto* const tls = static_cast<SSL_CTX*>(context);
  if (http2)
    SSL_CTX_set_alpn_protos(tls, h2, sizeof h2);
  else
    SSL_CTX_set_alpn_protos(tls, http1, sizeof http1);
  return CURLE_OK;
}

void set_options(CURL* easy, const Plan& plan, const std::string& url, curl_slist* connect_to) {
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
  curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);  // set_alpn() below has the say
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_alpn);
  static char yes;
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transport.http2 ? &yes : nullptr);
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

// The context that libcurl prepared, kept beyond its connection and freed of what ties it to libcurl.
std::shared_ptr<SSL_CTX> keep_context(CURL* easy) {
  curl_tlssessioninfo* info = nullptr;
  curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info);
  if (!info || info->backend != CURLSSLBACKEND_OPENSSL || !info->internals) return nullptr;
  SSL_CTX* const context = SSL_get_SSL_CTX(static_cast<SSL*>(info->internals));
  SSL_CTX_up_ref(context);
  SSL_CTX_sess_set_new_cb(context, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_msg_callback(context, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  return {context, SSL_CTX_free};
}

// What the server chose by ALPN.
std::string protocol_of(CURL* easy) {
  curl_tlssessioninfo* info = nullptr;
  curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info);
  const unsigned char* name = nullptr;
  unsigned size = 0;
  if (info && info->internals) SSL_get0_alpn_selected(static_cast<SSL*>(info->internals), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
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
  set_options(easy.get(), plan, url, connect_to.get());
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
    target.tls = keep_context(easy.get());
    target.tls_name = plan.url.host;
    target.tls_name_is_ip = is_ip(plan.url.host);
    if (!target.tls)
      return Error{ErrorKind::unsupported, "libcurl was built without OpenSSL, which https runs need"};
    if (plan.transport.http2 && protocol_of(easy.get()) != "h2")
      return Error{ErrorKind::unsupported,
                   fmt::format("{}: the server does not offer HTTP/2; leave out --http2", url)};
  }
  return target;
}

}  // namespace junction::load
