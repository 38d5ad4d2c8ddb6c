#include "edge/load/crew.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>

namespace junction::load {

using std::chrono::nanoseconds;
using std::chrono::system_clock;

Crew::Crew(const Work& work, const EngineKind& kind, MonotonicClock& clock)
    : work_(work),
      kind_(kind),
      start_(work.plan.transport.threads, SetClock{*this, clock}),
      running_(work.plan.transport.threads) {
  for (int i = 0; i < running_; ++i) dispatchers_.push_back(std::make_unique<Dispatcher>(work, i));
  for (const auto& dispatcher : dispatchers_)
    threads_.emplace_back([this, &dispatcher] { work_on(*dispatcher); });
}

void Crew::wait() {
  std::unique_lock lock(mutex_);
  while (running_ > 0) {
    changed_.wait_for(lock, work_.options.progress_interval, [this] { return running_ == 0; });
    lock.unlock();
    if (work_.options.observer && started_.load(std::memory_order_acquire)) report();
    lock.lock();
  }
  lock.unlock();
  for (std::thread& thread : threads_) thread.join();
}

Result<RunResult> Crew::result() {
  if (without_engine_) return no_engine(kind_, work_.plan.transport.threads);
  RunResult result;
  Recorder& all = dispatchers_.front()->recorder();
  for (const auto& dispatcher : dispatchers_) {
    if (&dispatcher->recorder() != &all) all.add(dispatcher->recorder());
    result.scheduled += dispatcher->scheduled();
    result.last_due = std::max(result.last_due, dispatcher->last_due());
    result.last_sent = std::max(result.last_sent, dispatcher->last_sent());
    result.elapsed = std::max(result.elapsed, dispatcher->last_done());
  }
  result.tally = std::move(all).take();
  result.engine = fell_back_ ? fmt::format("{} and epoll", kind_.name) : kind_.name;
  result.cpu = cpu_;
  result.started = started_at_;
  result.endpoints = work_.endpoints.names();
  return result;
}

void Crew::SetClock::operator()() noexcept {
  const system_clock::time_point now = system_clock::now();
  const auto wait = crew.work_.plan.start_at
                        ? std::max(*crew.work_.plan.start_at - now, system_clock::duration{0})
                        : system_clock::duration{0};
  clock.start_in(nanoseconds(wait).count());
  crew.started_at_ = nanoseconds((now + wait).time_since_epoch()).count();
  crew.started_.store(true, std::memory_order_release);
}

void Crew::work_on(Dispatcher& dispatcher) {
  prctl(PR_SET_TIMERSLACK, 1UL);  // the kernel's default lets a thread sleep 50 us too long
  {
    const std::unique_ptr<Engine> engine = make_engine(dispatcher);
    if (engine) {
      dispatcher.use(*engine);
      dispatcher.open_first();
    }
    start_.arrive_and_wait();
    if (!without_engine_) dispatcher.run();  // of any thread: a part of the schedule would not be sent
  }
  const std::lock_guard lock(mutex_);
  cpu_ += work_.clock.thread_cpu();
  --running_;
  changed_.notify_one();
}

std::unique_ptr<Engine> Crew::make_engine(Dispatcher& dispatcher) {
  std::unique_ptr<Engine> engine = kind_.make(dispatcher);
  if (!engine && kind_.otherwise) {
    fell_back_ = true;
    engine = kind_.otherwise(dispatcher);
  }
  if (!engine) without_engine_ = true;
  return engine;
}

void Crew::report() {
  Progress progress;
  for (const auto& dispatcher : dispatchers_) dispatcher->collect(progress);
  if (const std::int64_t now = work_.clock.now(); now < 0) progress.elapsed = nanoseconds(now);
  work_.options.observer->progress(progress);
}

}  // namespace junction::load
