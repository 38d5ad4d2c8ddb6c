#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "edge/sandbox/object_store.hpp"
#include "edge/sandbox/pod_network.hpp"
#include "edge/sandbox/replica_server.hpp"
#include "edge/sandbox/shop.hpp"
#include "junction/replica.hpp"

namespace junction::sandbox {

/// Makes the world as the Deployment and the Service want it: replicas that run, pods and EndpointSlices that
/// say so. A replica is named in a slice only once it listens; one that goes leaves the slices first, then is
/// given time to finish what it was sent, then stops.
class Controller {
 public:
  /// `store` and `connections` must outlive it.
  Controller(ObjectStore& store, ConnectionRegistry& connections, PodNetwork network, ReplicaLimits limits,
             std::function<void(const std::string&)> on_trouble);
  ~Controller();  ///< stops every replica

  /// Brings everything up for the first time; fails where a replica cannot listen. Then goes on in a thread
  /// of its own.
  Result<void> start();

  /// The access log of a pod; null where there is none.
  [[nodiscard]] std::shared_ptr<const AccessLog> log_of(const std::string& pod) const;
  [[nodiscard]] const PodNetwork& network() const { return network_; }

 private:
  struct Pod {
    PodFacts facts;
    std::unique_ptr<ReplicaServer> server;
  };

  void run(std::uint64_t version);
  Result<void> reconcile();
  Result<void> set_pods();
  Result<void> add_pod(const nlohmann::json& deployment);
  void remove_pods(std::size_t wanted);
  [[nodiscard]] std::vector<PodFacts> pod_facts() const;
  void publish_service(const std::vector<PodFacts>& pods);
  void publish_status(std::size_t running);
  bool pause(std::chrono::milliseconds time) const;

  ObjectStore& store_;
  ConnectionRegistry& connections_;
  PodNetwork network_;
  ReplicaLimits limits_;
  std::function<void(const std::string&)> on_trouble_;
  std::vector<Pod>
      pods_;  // pod i has address i; only the controller's thread changes it, with the mutex held
  std::uint64_t made_ = 0;
  mutable std::mutex mutex_;
  std::thread thread_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace junction::sandbox
