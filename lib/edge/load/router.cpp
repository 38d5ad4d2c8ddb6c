#include "edge/load/router.hpp"

namespace junction::load {

Router::Router(const Work& work) : work_(work) {
  if (!work.plan.balancer) add_lane(work.destination.address, no_endpoint);
}

Lane& Router::add_lane(const Address& address, std::uint32_t endpoint) {
  lanes_.push_back(std::make_unique<Lane>());
  lanes_.back()->address = address;
  lanes_.back()->endpoint = endpoint;
  return *lanes_.back();
}

Lane* Router::ask_balancer(std::uint32_t query) {
  const std::uint64_t version = work_.plan.balancer->version();
  const Pick pick = work_.plan.balancer->pick(Request{
      .url = work_.requests.url(query), .headers = work_.requests.headers(), .method = work_.plan.method});
  if (pick.reason == PickReason::no_endpoints) return nullptr;
  Lane& lane = lane_of(pick);
  if (query >= routes_.size()) routes_.resize(query + 1);
  routes_[query] = {version, pick.reason == PickReason::ring_hash ? &lane : nullptr};
  return &lane;
}

Lane& Router::lane_of(const Pick& pick) {
  Lane*& lane = by_address_[pick.address];
  if (!lane) lane = &add_lane(to_address(pick.address), work_.endpoints.index(pick.address));
  return *lane;
}

}  // namespace junction::load
