#include "edge/sandbox/upstreams.hpp"

#include <algorithm>

namespace junction::sandbox {
namespace {

constexpr std::size_t most_idle = 256;  // an address

}  // namespace

httplib::Result Upstreams::get(const SocketAddress& address, const std::string& target,
                               const httplib::Headers& headers) {
  std::unique_ptr<httplib::Client> client = take(address);
  httplib::Result result = client->Get(target, headers);
  if (result && result->get_header_value("Connection") != "close") {
    const std::lock_guard lock(mutex_);
    Connections& idle = idle_[address];
    if (idle.size() < most_idle) idle.push_back(std::move(client));
  }
  return result;
}

std::unique_ptr<httplib::Client> Upstreams::take(const SocketAddress& address) {
  {
    const std::lock_guard lock(mutex_);
    Connections& idle = idle_[address];
    if (!idle.empty()) {
      std::unique_ptr<httplib::Client> client = std::move(idle.back());
      idle.pop_back();
      return client;
    }
  }
  auto client = std::make_unique<httplib::Client>(address.ip_string(), address.port);
  client->set_keep_alive(true);
  client->set_tcp_nodelay(true);
  client->set_connection_timeout(2);
  client->set_read_timeout(30);
  client->set_url_encode(false);  // targets are encoded already
  return client;
}

void Upstreams::keep_only(const std::vector<Endpoint>& endpoints) {
  std::vector<Connections> dropped;  // closed after the lock is given back
  const std::lock_guard lock(mutex_);
  for (auto at = idle_.begin(); at != idle_.end();) {
    const bool wanted = std::any_of(endpoints.begin(), endpoints.end(),
                                    [&](const Endpoint& endpoint) { return endpoint.address == at->first; });
    if (!wanted) dropped.push_back(std::move(at->second));
    at = wanted ? std::next(at) : idle_.erase(at);
  }
}

}  // namespace junction::sandbox
