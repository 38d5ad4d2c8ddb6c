#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "edge/kube/transport.hpp"

namespace junction::kube {

/// Whether to send a request again, and after how long. A request that may have changed something is sent
/// again only where the server says that it did nothing (429, 503 with Retry-After); one that only reads also
/// after a connection that broke and after 502 and 503. A server that cannot be reached at all is not: it
/// seldom comes back in seconds. `attempt` counts from 1, `random` is any number: waits are 100 ms doubling,
/// with up to half of it added by chance, and Retry-After where it is longer. Nothing: give up.
std::optional<std::chrono::milliseconds> retry_after(const HttpRequest& request, const HttpResponse& response,
                                                     int attempt, std::uint32_t random);

/// Seconds of a Retry-After header; a date or nonsense yields nothing.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text);

}  // namespace junction::kube
