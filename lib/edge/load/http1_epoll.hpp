#pragma once

#include <memory>

#include "edge/load/dispatcher.hpp"
#include "edge/load/engine.hpp"

namespace junction::load {

/// HTTP/1.1 over plain sockets or TLS, driven by epoll.
std::unique_ptr<Engine> make_http1_epoll(Dispatcher& dispatcher);

}  // namespace junction::load
