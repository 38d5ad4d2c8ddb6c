#include "edge/load/dispatcher.hpp"

#include <algorithm>

namespace junction::load {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t never = INT64_MAX;

// Requests that wait for a connection are kept up to this many; beyond that the schedule's cursor does the
// waiting.
constexpr std::uint64_t max_waiting = 65'536;

// Between two looks at the network, so that a rate nobody can hold starves nothing.
constexpr int max_batch = 512;

// Outcomes recorded together.
constexpr std::size_t record_at = 64;

constexpr std::int64_t max_opening = 10'000 * millisecond;

// A closed loop against a server that is gone would fail a million times a second.
constexpr std::int64_t failure_pause = 10 * millisecond;

int share(int total, int parts, int index) {
  return total / parts + (index < total % parts ? 1 : 0);
}

Shard thread_shard(const Plan& plan, int thread) {
  const auto threads = static_cast<std::uint64_t>(plan.transport.threads);
  return {plan.shard.index * threads + static_cast<std::uint64_t>(thread), plan.shard.count * threads};
}

std::uint64_t slots(int connections, const TransportOptions& transport) {
  return static_cast<std::uint64_t>(connections) *
         static_cast<std::uint64_t>(transport.http2 ? transport.streams : 1);
}

std::int64_t expiry_interval(std::int64_t timeout) {
  return std::clamp(timeout / 128, millisecond, 100 * millisecond);
}

}  // namespace

Dispatcher::Dispatcher(const Work& work, int thread)
    : work_(work),
      thread_(thread),
      recorder_(work.plan.recorder),
      cursor_(work.plan.schedule, thread_shard(work.plan, thread)),
      open_loop_(work.plan.schedule.open_loop()),
      end_(work.plan.schedule.duration.count()),
      timeout_(work.plan.timeout.count()),
      expiry_interval_(expiry_interval(timeout_)),
      connections_per_lane_(share(work.plan.transport.connections, work.plan.transport.threads, thread)),
      slots_per_lane_(slots(connections_per_lane_, work.plan.transport)),
      router_(work) {}

void Dispatcher::run() {
  for (;;) {
    const std::int64_t now = work_.clock.now();
    if (work_.stop.requested() && !stopped_) stop(now);
    if (now >= expire_at_) expire(now);
    if (now >= publish_at_) publish(now);
    dispatch(now);
    if (ended_.size() >= record_at) record_ended();
    if (done(now)) break;
    const std::uint64_t under_way = in_flight_;
    engine_->poll(wake_at(now));
    reply_groups_.observe(under_way - in_flight_);
    if (!open_loop_ && reply_groups_.due(now)) reply_groups_.decide(now, work_.clock.thread_cpu());
  }
  publish(work_.clock.now());
}

void Dispatcher::open_first() {
  if (!work_.plan.transport.open_first || work_.plan.balancer) return;
  Lane& lane = *router_.lanes().front();
  while (lane.connections < connections_per_lane_) engine_->open(engine_->add_connection(lane));
  const std::int64_t give_up = now() + std::min(timeout_, max_opening);
  while (engine_->opening() > 0 && now() < give_up && !work_.stop.requested()) engine_->poll(give_up);
}

bool Dispatcher::may_take(std::int64_t now) const {
  if (stopped_) return false;
  if (open_loop_) return !cursor_.ended() && cursor_.due().count() <= now && waiting_ < max_waiting;
  return in_flight_ < slots_per_lane_ && now >= pause_until_ && now < end_;
}

Job Dispatcher::take(std::int64_t now) {
  const std::uint64_t n = cursor_.n();
  const Job job{n, work_.plan.choice.query(n), open_loop_ ? cursor_.due().count() : now};
  cursor_.advance();
  ++scheduled_;
  last_due_ = job.due;
  return job;
}

// When the next request has to start at the latest. Schedules may reach further than the clock does.
std::int64_t Dispatcher::start_by() const {
  const std::int64_t slack = work_.plan.timer_slack.count();
  const std::int64_t due = cursor_.due().count();
  return due < never - slack ? due + slack : never;
}

// With a timer slack, the oldest request that is due waits for others until its slack is used up: waking for
// each reply must not start the next request alone.
bool Dispatcher::worth_starting(std::int64_t now) const {
  return !open_loop_ || start_by() <= now;
}

void Dispatcher::dispatch(std::int64_t now) {
  if (!freed_.empty()) dispatch_waiting();
  if (!worth_starting(now)) return;
  for (int i = 0; i < max_batch && may_take(now); ++i) {
    place(take(now));
    now = work_.clock.now();
  }
}

void Dispatcher::dispatch_waiting() {
  for (Lane* const lane : freed_) {
    while (!lane->waiting.empty()) {
      Slot* const slot = free_slot(*lane);
      if (!slot) break;
      const Job job = lane->waiting.front();
      lane->waiting.pop_front();
      --waiting_;
      start(*slot, job);
    }
  }
  freed_.clear();
}

void Dispatcher::place(const Job& job) {
  Lane* const lane = router_.route(job.query);
  if (!lane) return end(job, nullptr, now(), {.error = ErrorType::no_endpoint});
  // Those that wait came first: a lane where some do has nothing free, see dispatch_waiting().
  if (Slot* const slot = free_slot(*lane)) return start(*slot, job);
  lane->waiting.push_back(job);
  ++waiting_;
}

Slot* Dispatcher::free_slot(Lane& lane) {
  if (!lane.warm.empty()) return &lane.warm.front();
  if (lane.cold.empty() && lane.connections < connections_per_lane_) engine_->add_connection(lane);
  return lane.cold.empty() ? nullptr : &lane.cold.front();
}

void Dispatcher::start(Slot& slot, const Job& job) {
  slot.job = job;
  slot.sent = open_loop_ ? now() : job.due;
  last_sent_ = slot.sent;
  slot.lane->in_flight.push_back(slot);
  ++in_flight_;
  if (work_.options.trace)
    work_.options.trace->started(
        thread_, {.query = job.query, .endpoint = slot.lane->endpoint, .due = job.due, .sent = slot.sent});
  engine_->start(slot);
}

void Dispatcher::finish(Slot& slot, Ending ending) {
  Lane& lane = *slot.lane;
  (ending.warm ? lane.warm : lane.cold).push_back(slot);
  --in_flight_;
  if (!lane.waiting.empty()) freed_.push_back(&lane);
  end(slot.job, &lane, slot.sent, ending);
}

void Dispatcher::end(const Job& job, const Lane* lane, std::int64_t sent, Ending ending) {
  last_done_ = now();
  ended_.push_back({.query = job.query,
                    .endpoint = lane ? lane->endpoint : no_endpoint,
                    .status = ending.status,
                    .error = ending.error,
                    .due = job.due,
                    .sent = sent,
                    .done = last_done_});
  if (work_.options.trace) work_.options.trace->finished(thread_, ended_.back());
  if (ending.error == ErrorType::none) [[likely]] {
    failures_ = 0;
  } else if (!open_loop_ && ++failures_ > 2 * slots_per_lane_) {
    pause_until_ = last_done_ + failure_pause;
  }
}

void Dispatcher::record_ended() {
  recorder_.record(ended_);
  ended_.clear();
}

void Dispatcher::expire(std::int64_t now) {
  for (const auto& lane : router_.lanes()) {
    while (!lane->in_flight.empty() && lane->in_flight.front().job.due + timeout_ <= now) {
      Slot& slot = lane->in_flight.front();
      finish(slot, {.error = engine_->abandon(slot)});
    }
    expire_waiting(*lane, now);
  }
  expire_at_ = now + expiry_interval_;
}

void Dispatcher::expire_waiting(Lane& lane, std::int64_t now) {
  while (!lane.waiting.empty() && lane.waiting.front().due + timeout_ <= now) {
    end(lane.waiting.front(), &lane, now, {.error = ErrorType::timeout});
    lane.waiting.pop_front();
    --waiting_;
  }
}

// Nothing is started any more. What fell due and was not sent is part of `scheduled`, so that a reader sees
// the gap.
void Dispatcher::stop(std::int64_t now) {
  stopped_ = true;
  for (; open_loop_ && !cursor_.ended() && cursor_.due().count() <= now; cursor_.advance()) ++scheduled_;
  for (const auto& lane : router_.lanes()) lane->waiting.clear();
  waiting_ = 0;
  freed_.clear();
}

bool Dispatcher::done(std::int64_t now) const {
  if (in_flight_ > 0 || waiting_ > 0) return false;
  return stopped_ || (open_loop_ ? cursor_.ended() : now >= end_);
}

// When there is something to do that the network does not tell of.
std::int64_t Dispatcher::wake_at(std::int64_t now) const {
  if (!freed_.empty() || (may_take(now) && worth_starting(now))) return now;
  std::int64_t wake = next_start(now);
  if (in_flight_ > 0 || waiting_ > 0) wake = std::min(wake, expire_at_);
  if (work_.options.observer) wake = std::min(wake, publish_at_);
  return wake;
}

// Of a request that could not start now; never where one of those under way has to end first.
std::int64_t Dispatcher::next_start(std::int64_t now) const {
  if (stopped_) return never;
  if (open_loop_) return cursor_.ended() || waiting_ >= max_waiting ? never : start_by();
  return in_flight_ >= slots_per_lane_ || now >= end_ ? never : std::min(pause_until_, end_);
}

void Dispatcher::publish(std::int64_t now) {
  record_ended();
  if (!work_.options.observer) {
    publish_at_ = never;
    return;
  }
  // Twice for each look that is taken, so that none of them sees what is a whole interval old.
  publish_at_ = now + std::int64_t{work_.options.progress_interval.count()} * millisecond / 2;
  mailbox_.put(std::chrono::nanoseconds(now), recorder_.take_interval(), in_flight_, waiting_);
}

}  // namespace junction::load
