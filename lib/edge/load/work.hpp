#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "edge/load/clock.hpp"
#include "edge/load/destination.hpp"
#include "edge/load/requests.hpp"
#include "junction/load/observer.hpp"
#include "junction/load/plan.hpp"

namespace junction::load {

/// The endpoints met so far, by the index that Outcome::endpoint has. Asked once an endpoint and thread.
class EndpointNames {
 public:
  std::uint32_t index(const SocketAddress& address) {
    const std::lock_guard lock(mutex_);
    const auto [at, added] = indices_.try_emplace(address, static_cast<std::uint32_t>(names_.size()));
    if (added) names_.push_back(address.to_string());
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::mutex mutex_;
  std::map<SocketAddress, std::uint32_t> indices_;
  std::vector<std::string> names_;
};

/// What the threads of a run share: nothing that any of them writes on a request's way.
struct Work {
  const Plan& plan;
  const RunOptions& options;
  const Requests& requests;
  const Destination& destination;
  const Stop& stop;
  EndpointNames& endpoints;
  const Clock& clock;
};

}  // namespace junction::load
