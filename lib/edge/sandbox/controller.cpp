#include "edge/sandbox/controller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <system_error>

#include "edge/sandbox/fields.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// How long a replica that has left the slices goes on serving: far more than clients that watch need to
/// notice.
constexpr auto drain_time = 500ms;
/// After something has gone wrong.
constexpr auto retry_time = 1000ms;

std::string pod_name(std::uint64_t number) {
  return fmt::format("{}-{}-{}", recs, name_suffix("template", 9),
                     name_suffix(fmt::format("pod {}", number), 5));
}

std::size_t wanted_replicas(const json& deployment) {
  return static_cast<std::size_t>(
      std::max<std::int64_t>(whole_or(look(deployment, "spec", "replicas"), 1), 0));
}

/// What goes wrong with one thing is told, and the others are seen to all the same.
template <typename Step>
Result<void> guarded(const char* what, Step step) {
  try {
    return step();
  } catch (const std::exception& error) {
    return Error{ErrorKind::unsupported, fmt::format("could not see to {}: {}", what, error.what())};
  }
}

}  // namespace

Controller::Controller(ObjectStore& store, ConnectionRegistry& connections, PodNetwork network,
                       ReplicaLimits limits, std::function<void(const std::string&)> on_trouble)
    : store_(store),
      connections_(connections),
      network_(std::move(network)),
      limits_(limits),
      on_trouble_(std::move(on_trouble)) {}

Controller::~Controller() {
  stopping_ = true;
  store_.close();
  if (thread_.joinable()) thread_.join();
  for (Pod& pod : pods_) pod.server->stop();
}

Result<void> Controller::start() {
  const std::uint64_t version = store_.version();
  if (auto done = reconcile(); !done) return done;
  try {
    thread_ = std::thread([this, version] { run(version); });
    return {};
  } catch (const std::system_error& error) {
    return Error{ErrorKind::io, fmt::format("no thread for the sandbox's controller: {}", error.what())};
  }
}

void Controller::run(std::uint64_t version) {
  std::string last_trouble;
  while (!stopping_) {
    const auto done = guarded("the changes", [&]() -> Result<void> {
      const auto changes = store_.changes_after(version, 1s);
      if (stopping_) return {};
      // A history too short for us is no harm: reconciling looks at what is, not at what happened.
      version =
          changes && !changes->empty() ? changes->back().version : std::max(version, store_.oldest_version());
      return reconcile();
    });
    const std::string trouble = done ? "" : done.error().message;
    if (!trouble.empty() && trouble != last_trouble) on_trouble_(trouble);
    last_trouble = trouble;
    if (!done) pause(retry_time);
  }
}

Result<void> Controller::reconcile() {
  const Result<void> parts[] = {
      guarded("the pods", [this] { return set_pods(); }),
      guarded("the endpoints",
              [this]() -> Result<void> { return publish_service(pod_facts()), Result<void>(); }),
      guarded("the Deployment's status",
              [this]() -> Result<void> { return publish_status(pods_.size()), Result<void>(); }),
  };
  for (const Result<void>& part : parts)
    if (!part) return part.error();
  return {};
}

Result<void> Controller::set_pods() {
  const Object deployment = store_.get(deployment_key());
  const std::size_t wanted = deployment ? wanted_replicas(*deployment) : 0;
  while (pods_.size() < wanted) JUNCTION_TRY(add_pod(*deployment));
  if (pods_.size() > wanted) remove_pods(wanted);
  return {};
}

Result<void> Controller::add_pod(const json& deployment) {
  const SocketAddress address = network_.pod(static_cast<std::uint32_t>(pods_.size()));
  auto server = ReplicaServer::start(address, limits_, connections_);
  if (!server) return Error{server.error().kind, "could not start a replica: " + server.error().message};
  const std::string name = pod_name(made_++);
  Pod pod{{name, "", address}, std::move(*server)};
  {
    const std::lock_guard lock(mutex_);
    pods_.push_back(std::move(pod));
  }
  const Object stored = store_.put({"pods", shop_namespace, name}, make_pod(deployment, name, address));
  pods_.back().facts.uid = text_or(look(*stored, "metadata", "uid"));
  return {};
}

void Controller::remove_pods(std::size_t wanted) {
  std::vector<Pod> leaving;
  {
    const std::lock_guard lock(mutex_);
    std::move(pods_.begin() + static_cast<std::ptrdiff_t>(wanted), pods_.end(), std::back_inserter(leaving));
    pods_.resize(wanted);
  }
  for (const Pod& pod : leaving) {
    const Object old = store_.get({"pods", shop_namespace, pod.facts.name});
    if (!old) continue;
    json terminating = *old;
    terminating["metadata"]["deletionTimestamp"] = timestamp(std::chrono::system_clock::now());
    store_.put({"pods", shop_namespace, pod.facts.name}, std::move(terminating));
  }
  publish_service(pod_facts());
  publish_status(pods_.size());
  pause(drain_time);
  for (Pod& pod : leaving) pod.server->drain();
  for (Pod& pod : leaving) pod.server->stop();
  for (const Pod& pod : leaving) store_.remove({"pods", shop_namespace, pod.facts.name});
}

std::vector<PodFacts> Controller::pod_facts() const {
  std::vector<PodFacts> facts;
  for (const Pod& pod : pods_) facts.push_back(pod.facts);
  return facts;
}

void Controller::publish_service(const std::vector<PodFacts>& pods) {
  const Object service = store_.get(service_key());
  std::map<std::string, json> wanted;
  if (service)
    for (json& slice : make_slices(*service, pods)) {
      const std::string name = text_or(look(slice, "metadata", "name"));
      wanted[name] = std::move(slice);
    }
  for (const Object& slice : store_.list("endpointslices", shop_namespace).objects) {
    const std::string name = text_or(look(*slice, "metadata", "name"));
    if (!wanted.contains(name)) store_.remove({"endpointslices", shop_namespace, name});
  }
  for (auto& [name, slice] : wanted) store_.put({"endpointslices", shop_namespace, name}, std::move(slice));
  if (service)
    store_.put({"endpoints", shop_namespace, recs}, make_endpoints(*service, pods));
  else
    store_.remove({"endpoints", shop_namespace, recs});
}

void Controller::publish_status(std::size_t running) {
  const ObjectStore::Edit edit = [&](const Object& current) -> Result<json, Status> {
    if (!current) return Status{404, "NotFound", "", nullptr};
    json next = *current;
    const std::size_t wanted = wanted_replicas(*current);
    json& status = next["status"];
    status["observedGeneration"] = whole_or(look(*current, "metadata", "generation"), 1);
    for (const char* const count : {"replicas", "updatedReplicas", "readyReplicas", "availableReplicas"}) {
      status.erase(count);
      if (running > 0) status[count] = running;
    }
    status.erase("unavailableReplicas");
    if (running < wanted) status["unavailableReplicas"] = wanted - running;
    status["conditions"] = {
        {{"type", "Available"},
         {"status", running >= wanted ? "True" : "False"},
         {"reason", running >= wanted ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"},
         {"message", ""}}};
    return next;
  };
  (void)store_.update(deployment_key(), edit);
}

std::shared_ptr<const AccessLog> Controller::log_of(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  for (const Pod& pod : pods_)
    if (pod.facts.name == name) return pod.server->log();
  return nullptr;
}

bool Controller::pause(std::chrono::milliseconds time) const {
  const auto until = std::chrono::steady_clock::now() + time;
  while (!stopping_ && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(10ms);
  return !stopping_;
}

}  // namespace junction::sandbox
