#pragma once

#include <cstddef>
#include <memory>

#include "edge/load/destination.hpp"

using SSL = struct ssl_st;

namespace junction::load {

/// What OpenSSL reads and writes through. It handles much by itself (handshake messages, tickets, new keys)
/// and returns only when there is something to tell or nothing to read; so it gets no more than `allowance`
/// bytes a call, or a server could keep it for as long as it sends fast enough.
struct TlsWire {
  int fd = -1;
  std::size_t allowance = 0;
  bool cut_off = false;  ///< it wanted more than that
};

struct TlsDelete {
  void operator()(SSL* ssl) const;
};
using Tls = std::unique_ptr<SSL, TlsDelete>;

/// The client's end of TLS on a socket, for the name that the destination's certificate must bear. `wire` has
/// to outlive it. Null when memory runs out.
Tls make_tls(const Destination& destination, TlsWire& wire);

}  // namespace junction::load
