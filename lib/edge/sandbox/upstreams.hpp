#pragma once

#include <httplib.h>

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "junction/endpoint.hpp"

namespace junction::sandbox {

/// Connections to replicas that are kept open and used again, as many for an address as are in use at a time.
/// Thread safe.
class Upstreams {
 public:
  httplib::Result get(const SocketAddress& address, const std::string& target,
                      const httplib::Headers& headers);

  /// Drops the connections to every address but these.
  void keep_only(const std::vector<Endpoint>& endpoints);

 private:
  using Connections = std::vector<std::unique_ptr<httplib::Client>>;
  std::unique_ptr<httplib::Client> take(const SocketAddress& address);

  std::mutex mutex_;
  std::unordered_map<SocketAddress, Connections> idle_;
};

}  // namespace junction::sandbox
