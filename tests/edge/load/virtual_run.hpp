#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "edge/load/dispatcher.hpp"

namespace junction::load {

inline constexpr std::int64_t us = 1'000, ms = 1'000'000, s = 1'000'000'000;

/// A time that stands still until somebody moves it; with a `tick`, each look moves it.
class VirtualClock final : public Clock {
 public:
  mutable std::int64_t time = 0;
  std::int64_t cpu = 0, tick = 0;

  [[nodiscard]] std::int64_t now() const override { return time += tick; }
  [[nodiscard]] std::int64_t thread_cpu() const override { return cpu; }
};

/// What happens at which time, in the order in which it was asked for.
class Agenda {
 public:
  using Ticket = std::multimap<std::int64_t, std::function<void()>>::iterator;

  explicit Agenda(VirtualClock& clock) : clock_(clock) {}

  Ticket at(std::int64_t time, std::function<void()> what) { return events_.emplace(time, std::move(what)); }
  void cancel(Ticket ticket) { events_.erase(ticket); }

  /// One wait: goes on to the next event, or to `until`, and lets happen what is due then. Fails where
  /// nothing ever would, and where nobody ever waits.
  void wait(std::int64_t until) {
    if (++waits_ > 1'000'000) throw std::runtime_error("it spins");
    if (events_.empty() && until == INT64_MAX) throw std::runtime_error("it waits for ever");
    const std::int64_t next = events_.empty() ? until : std::min(until, events_.begin()->first);
    clock_.time = std::max(clock_.time, next);
    while (!events_.empty() && events_.begin()->first <= clock_.time) {
      const auto what = std::move(events_.begin()->second);
      events_.erase(events_.begin());
      what();
    }
  }

 private:
  VirtualClock& clock_;
  std::multimap<std::int64_t, std::function<void()>> events_;
  int waits_ = 0;
};

/// All that a Dispatcher needs, in virtual time: three queries, no network.
struct VirtualRun {
  VirtualRun() {
    plan.url = {"http", "127.0.0.1", 80, "/"};
    for (const char* const name : {"red", "white", "rose"})
      plan.queries.push_back({name, std::string("/?query=") + name});
    plan.choice = QueryChoice::in_order(3);
    plan.transport.connections = 1;
  }

  /// One request every `gap`, the first at once.
  void open_loop(std::int64_t gap, std::uint64_t requests) {
    plan.schedule = {.kind = Schedule::Kind::period,
                     .period = std::chrono::nanoseconds(gap),
                     .duration = std::chrono::nanoseconds(gap * static_cast<std::int64_t>(requests - 1))};
  }
  void closed_loop(std::int64_t duration) {
    plan.schedule = {.kind = Schedule::Kind::closed, .duration = std::chrono::nanoseconds(duration)};
  }

  /// To be called once, when the plan stands.
  Dispatcher& dispatcher(int thread = 0) {
    if (dispatcher_) return *dispatcher_;
    options.stop = &stop;
    plan.recorder.intervals = options.observer != nullptr;
    requests_ = std::make_unique<Requests>(plan);
    work_ = std::make_unique<Work>(Work{plan, options, *requests_, destination_, stop, endpoints_, clock});
    dispatcher_ = std::make_unique<Dispatcher>(*work_, thread);
    return *dispatcher_;
  }

  [[nodiscard]] const Tally& tally() const { return dispatcher_->recorder().tally(); }
  [[nodiscard]] std::uint64_t count(std::uint16_t status) const {
    return tally().outcomes.count(OutcomeKey(status, ErrorType::none));
  }
  [[nodiscard]] std::uint64_t count(ErrorType error) const {
    return tally().outcomes.count(OutcomeKey(error));
  }

  Plan plan;
  RunOptions options;
  Stop stop;
  VirtualClock clock;
  Agenda agenda{clock};

 private:
  Destination destination_;
  EndpointNames endpoints_;
  std::unique_ptr<Requests> requests_;
  std::unique_ptr<Work> work_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace junction::load
