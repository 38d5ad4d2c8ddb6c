#include "edge/load/engines.hpp"

#include <fmt/format.h>

#include "edge/load/http1_epoll.hpp"
#include "edge/load/http1_uring.hpp"
#include "edge/load/http2_epoll.hpp"

namespace junction::load {

Result<EngineKind> choose_engine(const Plan& plan) {
  const TransportOptions& transport = plan.transport;
  const bool tls = plan.url.scheme == "https";
  const bool asked = transport.engine == EngineChoice::io_uring;
  if (asked && tls) return usage_error("--engine io_uring carries plain http only; use epoll for https");
  if (asked && transport.http2)
    return usage_error("--engine io_uring carries HTTP/1.1 only; use epoll for HTTP/2");
  if (transport.http2) return EngineKind{tls ? "http2 tls" : "http2", make_http2_epoll};
  // Where every request has its own connection, or few are under way, io_uring has nothing to put into
  // batches.
  const bool suits = !tls && transport.keep_alive && !plan.schedule.open_loop();
  if (asked || (transport.engine == EngineChoice::automatic && suits)) {
    if (uring_works()) return EngineKind{"io_uring", make_http1_uring, asked ? nullptr : make_http1_epoll};
    if (asked)
      return Error{ErrorKind::unsupported,
                   "this kernel has no io_uring to use (Linux 6.1 or later, not forbidden by a sandbox); use "
                   "--engine epoll"};
  }
  return EngineKind{tls ? "epoll tls" : "epoll", make_http1_epoll};
}

Error no_engine(const EngineKind& kind, int threads) {
  return {ErrorKind::unsupported,
          fmt::format("the system does not give {} threads what {} takes (open files, memory); use fewer "
                      "--threads, or raise the limits (ulimit -n, ulimit -l)",
                      threads, kind.name)};
}

}  // namespace junction::load
