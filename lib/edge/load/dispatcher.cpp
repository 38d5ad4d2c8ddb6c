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
      connections_per_lane_(share(work.plan.transport.connections, work.plan.transport.threads, thread)) {
  const TransportOptions& transport = work.plan.transport;
  slots_per_lane_ = static_cast<std::uint64_t>(connections_per_lane_) *
                    static_cast<std::uint64_t>(transport.http2 ? transport.streams : 1);
  if (!work.plan.balancer) add_lane(work.destination.address, no_endpoint);
}

Dispatcher::~Dispatcher() = default;

Lane& Dispatcher::add_lane(const Address& address, std::uint32_t endpoint) {
  lanes_.push_back(std::make_unique<Lane>());
  lanes_.back()->address = address;
  lanes_.back()->endpoint = endpoint;
  return *lanes_.back();
}

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
    if (!open_loop_ && reply_groups_.due(now)) reply_groups_.decide(now, thread_cpu());
  }
  publish(work_.clock.now());
}

void Dispatcher::open_first() {
  if (!work_.plan.transport.open_first || work_.plan.balancer) return;
  Lane& lane = *lanes_.front();
  while (lane.connections < connections_per_lane_) engine_->open(engine_->add_connection(lane));
  const std::int64_t give_up = now() + std::min(timeout_, max_opening);
  while (engine_->opening() > 0 && now() < give_up && !work_.stop.requested()) engine_->poll(give_up);
}

// The endpoint a request goes to; null when the balancer has none.
Lane* Dispatcher::route(const Job& job) {
  if (!work_.plan.balancer) return lanes_.front().get();
  if (job.query < routes_.size()) {
    const Route& known = routes_[job.query];
    if (known.lane && known.version == work_.plan.balancer->version()) [[likely]]
      return known.lane;
  }
  return ask_balancer(job.query);
}

Lane* Dispatcher::ask_balancer(std::uint32_t query) {
  const std::uint64_t version = work_.plan.balancer->version();
  const Pick pick = work_.plan.balancer->pick(Request{
      .url = work_.requests.url(query), .headers = work_.requests.headers(), .method = work_.plan.method});
  if (pick.reason == PickReason::no_endpoints) return nullptr;
  Lane& lane = lane_of(pick);
  if (query >= routes_.size()) routes_.resize(query + 1);
  routes_[query] = {version, pick.reason == PickReason::ring_hash ? &lane : nullptr};
  return &lane;
}

Lane& Dispatcher::lane_of(const Pick& pick) {
  Lane*& lane = by_address_[pick.address];
  if (!lane) lane = &add_lane(to_address(pick.address), work_.endpoints.index(pick.address));
  return *lane;
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
  last_due_ = std::max(last_due_, job.due);
  return job;
}

// With a timer slack, the oldest request that is due waits for others until its slack is used up: waking for
// each reply must not start the next request alone.
bool Dispatcher::worth_starting(std::int64_t now) const {
  return !open_loop_ || cursor_.due().count() + work_.plan.timer_slack.count() <= now;
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
  Lane* const lane = route(job);
  if (!lane) return end(job, nullptr, now(), {.error = ErrorType::no_endpoint});
  Slot* const slot = lane->waiting.empty() ? free_slot(*lane) : nullptr;
  if (slot) return start(*slot, job);
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
    connect_failures_ = 0;
  } else if (!open_loop_ && ++connect_failures_ > 2 * slots_per_lane_) {
    pause_until_ = last_done_ + failure_pause;
  }
}

void Dispatcher::record_ended() {
  recorder_.record(ended_);
  ended_.clear();
}

void Dispatcher::expire(std::int64_t now) {
  for (const auto& lane : lanes_) {
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
  for (const auto& lane : lanes_) lane->waiting.clear();
  waiting_ = 0;
  freed_.clear();
}

bool Dispatcher::done(std::int64_t now) const {
  if (in_flight_ > 0 || waiting_ > 0) return false;
  return stopped_ || (open_loop_ ? cursor_.ended() : now >= end_);
}

std::int64_t Dispatcher::wake_at(std::int64_t now) const {
  std::int64_t wake = never;
  if (!freed_.empty() || (may_take(now) && worth_starting(now))) return now;
  if (!stopped_ && open_loop_ && !cursor_.ended() && waiting_ < max_waiting)
    wake = cursor_.due().count() + work_.plan.timer_slack.count();
  if (!stopped_ && !open_loop_ && in_flight_ < slots_per_lane_) wake = std::min(pause_until_, end_);
  if (in_flight_ > 0 || waiting_ > 0) wake = std::min(wake, expire_at_);
  if (work_.options.observer) wake = std::min(wake, publish_at_);
  return wake;
}

void Dispatcher::publish(std::int64_t now) {
  record_ended();
  if (!work_.options.observer) {
    publish_at_ = never;
    return;
  }
  // Twice for each look that is taken, so that none of them sees what is a whole interval old.
  publish_at_ = now + std::int64_t{work_.options.progress_interval.count()} * millisecond / 2;
  const std::lock_guard lock(mailbox_mutex_);
  mailbox_.elapsed = std::chrono::nanoseconds(now);
  mailbox_.interval.add(recorder_.take_interval());
  mailbox_.in_flight = in_flight_;
  mailbox_.waiting = waiting_;
}

void Dispatcher::collect(Progress& into) {
  const std::lock_guard lock(mailbox_mutex_);
  into.elapsed = std::max(into.elapsed, mailbox_.elapsed);
  into.interval.add(mailbox_.interval);
  into.in_flight += mailbox_.in_flight;
  into.waiting += mailbox_.waiting;
  mailbox_.interval = TimeSlot{};
}

}  // namespace junction::load
