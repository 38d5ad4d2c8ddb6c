#include "junction/load/run.hpp"

#include <algorithm>
#include <chrono>

#include "edge/load/crew.hpp"
#include "edge/load/descriptors.hpp"
#include "edge/load/engines.hpp"
#include "edge/load/work.hpp"

namespace junction::load {
namespace {

using std::chrono::nanoseconds;

/// A balancer knows the addresses; TLS has to be prepared with one of them all the same.
Result<Destination> destination_of(const Plan& plan, const Stop& stop) {
  if (!plan.balancer) return find_destination(plan, stop);
  const std::vector<Endpoint> endpoints = plan.balancer->state().endpoints;
  if (plan.url.scheme == "http" || endpoints.empty()) return Destination{};
  return find_destination(plan, stop, &endpoints.front().address);
}

/// Of a run that was stopped before it could send anything.
RunResult stopped_early(const EngineKind& kind) {
  RunResult result;
  result.engine = kind.name;
  result.started = nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  result.stopped = true;
  return result;
}

}  // namespace

Result<RunResult> run(const Plan& plan, const RunOptions& asked) {
  if (auto result = check(plan); !result) return result.error();
  if (auto result = ensure_descriptors(plan); !result) return result.error();
  const auto kind = choose_engine(plan);
  if (!kind) return kind.error();
  Stop never;
  RunOptions options = asked;
  if (!options.stop) options.stop = &never;
  const auto destination = destination_of(plan, *options.stop);
  if (!destination && options.stop->requested()) return stopped_early(*kind);
  if (!destination) return destination.error();
  if (options.observer)
    options.progress_interval = std::max(options.progress_interval, std::chrono::milliseconds{1});

  Plan effective = plan;
  effective.recorder.intervals = options.observer != nullptr;
  const Requests requests(effective);
  EndpointNames endpoints;
  MonotonicClock clock;
  const Work work{effective, options, requests, *destination, *options.stop, endpoints, clock};
  Crew crew(work, *kind, clock);
  crew.wait();
  auto result = crew.result();
  if (result) result->stopped = options.stop->requested();
  return result;
}

}  // namespace junction::load
