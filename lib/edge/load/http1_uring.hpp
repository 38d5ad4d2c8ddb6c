#pragma once

#include <memory>

#include "edge/load/dispatcher.hpp"
#include "edge/load/engine.hpp"

namespace junction::load {

/// HTTP/1.1 over plain sockets, driven by io_uring: sends are handed over in batches, responses arrive
/// through one receive a connection that stays armed. Null where the kernel lacks what that takes
/// (Linux 6.1), or forbids it.
std::unique_ptr<Engine> make_http1_uring(Dispatcher& dispatcher);

/// True where make_http1_uring() would work.
bool uring_works();

}  // namespace junction::load
