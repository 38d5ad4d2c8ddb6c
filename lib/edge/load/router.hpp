#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "edge/load/slot.hpp"
#include "edge/load/work.hpp"

namespace junction::load {

/// The lanes of one thread, and which of them a request goes to: the URL's host's, or that of the endpoint
/// which the balancer picks.
class Router {
 public:
  explicit Router(const Work& work);

  /// Where a query goes now; null when the balancer has no endpoint. What ring hashing picked holds as long
  /// as the balancer's version does, and is not asked for again.
  [[nodiscard]] Lane* route(std::uint32_t query) {
    if (!work_.plan.balancer) return lanes_.front().get();
    if (query < routes_.size()) {
      const Route& known = routes_[query];
      if (known.lane && known.version == work_.plan.balancer->version()) [[likely]]
        return known.lane;
    }
    return ask_balancer(query);
  }

  /// Those that something went to so far; without a balancer the one there is.
  [[nodiscard]] const std::vector<std::unique_ptr<Lane>>& lanes() const { return lanes_; }

 private:
  /// Where ring hashing sent a query, as of one version of the balancer. Other picks leave no lane.
  struct Route {
    std::uint64_t version = 0;
    Lane* lane = nullptr;
  };

  Lane& add_lane(const Address& address, std::uint32_t endpoint);
  Lane* ask_balancer(std::uint32_t query);
  Lane& lane_of(const Pick& pick);

  const Work& work_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Route> routes_;  // by query
  std::unordered_map<SocketAddress, Lane*> by_address_;
};

}  // namespace junction::load
