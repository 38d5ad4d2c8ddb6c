#pragma once

#include <string>
#include <string_view>

#include "junction/result.hpp"

namespace junction::kube {

/// Where an API server is, as a kubeconfig or --server names it, taken apart.
struct ServerUrl {
  std::string scheme;     ///< "http" or "https"
  std::string user_info;  ///< "user:password", as written; empty: none. A secret
  std::string host;       ///< an IPv6 address in brackets
  std::string port;       ///< the scheme's own where none is written
  std::string base;       ///< "" or "/path" that all requests go below, without a slash at its end
  bool own_port = true;   ///< no port is written

  /// As kubectl reads it: without a scheme it is http, and a query has no meaning. Refuses what is no http or
  /// https URL, and shows no password then.
  static Result<ServerUrl> parse(std::string_view text);

  /// host[:port] as written: what a Host header says, and what messages name. Nothing secret.
  [[nodiscard]] std::string authority() const { return own_port ? host : host + ":" + port; }

  /// The whole, with its secret.
  [[nodiscard]] std::string to_string() const;
};

}  // namespace junction::kube
