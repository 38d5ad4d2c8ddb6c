#pragma once

#include <memory>

#include "edge/load/dispatcher.hpp"
#include "edge/load/engine.hpp"

namespace junction::load {

/// HTTP/2 by nghttp2, over TLS or with prior knowledge in clear, driven by epoll: several requests at once on
/// each connection, one write for all that are started together.
std::unique_ptr<Engine> make_http2_epoll(Dispatcher& dispatcher);

}  // namespace junction::load
