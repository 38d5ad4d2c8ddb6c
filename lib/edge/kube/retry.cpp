#include "edge/kube/retry.hpp"

#include <algorithm>
#include <charconv>

namespace junction::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int max_requests = 5;
constexpr milliseconds first_wait{100};
constexpr seconds longest_wait{10};  // a server that asks for more gets an answer for the person instead

// A connection that was there and broke before the whole answer had come.
bool broke(CURLcode code) {
  return code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
         code == CURLE_PARTIAL_FILE || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
}

bool passes_by_itself(const HttpRequest& request, const HttpResponse& response, bool asked_to_wait) {
  const bool reads = request.method == "GET";
  if (response.code != CURLE_OK) return reads && broke(response.code);
  if (response.status == 429) return true;
  if (response.status == 503) return reads || asked_to_wait;
  return reads && response.status == 502;
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view text) {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return seconds(value);
}

std::optional<milliseconds> retry_after(const HttpRequest& request, const HttpResponse& response, int attempt,
                                        std::uint32_t random) {
  const auto asked = parse_retry_after(response.header("Retry-After"));
  if (attempt >= max_requests || !passes_by_itself(request, response, asked.has_value())) return std::nullopt;
  if (asked && *asked > longest_wait) return std::nullopt;
  const milliseconds base = first_wait * (1 << (attempt - 1));
  const milliseconds wait = std::max<milliseconds>(base, asked.value_or(seconds(0)));
  return wait + milliseconds(random % static_cast<std::uint32_t>(base.count() / 2 + 1));
}

}  // namespace junction::kube
