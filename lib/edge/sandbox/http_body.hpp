#pragma once

#include <cstddef>
#include <string>

#include "edge/sandbox/http_request.hpp"
#include "edge/sandbox/server_connection.hpp"

namespace junction::sandbox {

enum class BodyRead {
  complete,
  too_long,  ///< more bytes than allowed; some of them are still to come
  broken,    ///< the framing is wrong, the peer is gone or too slow
};

/// Reads the body that `request` announces, at most `limit` bytes of it. They go to `into`, or nowhere where
/// that is null.
BodyRead read_http_body(ServerConnection& connection, const HttpRequest& request, std::size_t limit,
                        ServerConnection::Deadline deadline, std::string* into);

}  // namespace junction::sandbox
