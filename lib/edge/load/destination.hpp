#pragma once

#include <memory>
#include <string>

#include "edge/load/address.hpp"
#include "junction/load/plan.hpp"
#include "junction/result.hpp"
#include "junction/stop.hpp"

using SSL_CTX = struct ssl_ctx_st;

namespace junction::load {

/// Where the URL leads, found by opening one connection there.
struct Destination {
  Address address;     ///< of the proxy, where there is one
  std::string tunnel;  ///< what asks the proxy for a connection to the host; empty: no tunnel
  std::shared_ptr<SSL_CTX>
      tls;               ///< null for plain http; holds the trust and ALPN settings of every connection
  std::string tls_name;  ///< the name the certificate must bear; an IP address is marked by tls_name_is_ip
  bool tls_name_is_ip = false;
};

/// Opens a connection to the plan's URL with libcurl, which resolves the name, tries its addresses, follows
/// connect_to and verifies the certificate, and keeps what later connections need: the address and the TLS
/// context. With `to`, that endpoint is asked instead of the URL's host. Proxies of the environment are the
/// caller's to find (environment_proxy()). Fails with libcurl's reason, or soon after a stop is requested.
Result<Destination> find_destination(const Plan& plan, const Stop& stop, const SocketAddress* to = nullptr);

}  // namespace junction::load
