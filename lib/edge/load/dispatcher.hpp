#pragma once

#include <vector>

#include "core/load/reply_groups.hpp"
#include "edge/load/engine.hpp"
#include "edge/load/mailbox.hpp"
#include "edge/load/router.hpp"
#include "edge/load/work.hpp"
#include "junction/schedule.hpp"
#include "junction/tally.hpp"

namespace junction::load {

/// How a request ended, as an engine saw it.
struct Ending {
  std::uint16_t status = 0;
  ErrorType error = ErrorType::none;
  bool warm = false;  ///< the slot may carry another request without connecting again
};

/// One thread's part of a run: decides what is sent when and on which slot, and records how it ended. Moves
/// no bytes itself, so it is the same for every engine.
class Dispatcher {
 public:
  Dispatcher(const Work& work, int thread);

  void use(Engine& engine) { engine_ = &engine; }

  /// Opens this thread's connections, where the plan says so; returns when they stand or failed.
  void open_first();

  /// Runs until every request of this thread's share has ended.
  void run();

  // For engines.
  /// A request is about to be sent once more; see Recorder::record_retry().
  void note_retry() { recorder_.record_retry(); }
  [[nodiscard]] const Work& work() const { return work_; }
  [[nodiscard]] std::int64_t now() const { return work_.clock.now(); }
  void finish(Slot& slot, Ending ending);
  /// The connection of a free slot went away.
  void cool(Slot& slot) { slot.lane->cold.push_back(slot); }
  /// The connection of a free slot stands.
  void warm(Slot& slot) { slot.lane->warm.push_back(slot); }

  /// How many replies to wait for, and how long to sleep before looking for some: see ReplyGroups.
  [[nodiscard]] std::uint32_t group_size() const { return open_loop_ ? 1 : reply_groups_.size(in_flight_); }
  [[nodiscard]] std::int64_t nap() const { return open_loop_ ? 0 : reply_groups_.nap(in_flight_); }

  // For the thread that waits for all of them.
  void collect(Progress& into) { mailbox_.collect(into); }  ///< see Mailbox
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] std::uint64_t scheduled() const { return scheduled_; }
  [[nodiscard]] std::int64_t last_due() const { return last_due_; }
  [[nodiscard]] std::int64_t last_sent() const { return last_sent_; }
  [[nodiscard]] std::int64_t last_done() const { return last_done_; }

 private:
  void dispatch(std::int64_t now);
  void dispatch_waiting();
  [[nodiscard]] bool may_take(std::int64_t now) const;
  [[nodiscard]] std::int64_t start_by() const;
  [[nodiscard]] bool worth_starting(std::int64_t now) const;
  Job take(std::int64_t now);
  void place(const Job& job);
  [[nodiscard]] Slot* free_slot(Lane& lane);
  void start(Slot& slot, const Job& job);

  void expire(std::int64_t now);
  void expire_waiting(Lane& lane, std::int64_t now);
  void end(const Job& job, const Lane* lane, std::int64_t sent, Ending ending);
  void record_ended();
  void stop(std::int64_t now);
  void publish(std::int64_t now);
  [[nodiscard]] bool done(std::int64_t now) const;
  [[nodiscard]] std::int64_t wake_at(std::int64_t now) const;
  [[nodiscard]] std::int64_t next_start(std::int64_t now) const;

  const Work& work_;
  const int thread_;
  Engine* engine_ = nullptr;
  Recorder recorder_;
  ScheduleCursor cursor_;
  const bool open_loop_;
  const std::int64_t end_;  // of a closed loop
  const std::int64_t timeout_;
  const std::int64_t expiry_interval_;
  const int connections_per_lane_;
  const std::uint64_t slots_per_lane_;

  Router router_;
  std::vector<Lane*> freed_;  // have a free slot and requests that wait for one
  // Not recorded yet. Between one system call and the next the kernel takes the processor's caches; recording
  // many outcomes in a row fetches its code and tables once.
  std::vector<Outcome> ended_;

  ReplyGroups reply_groups_;

  std::uint64_t in_flight_ = 0, waiting_ = 0;
  std::uint64_t failures_ = 0;  // since something last worked
  bool stopped_ = false;
  std::int64_t pause_until_ = 0;  // of a closed loop that does not get anywhere
  std::int64_t expire_at_ = 0, publish_at_ = 0;
  std::uint64_t scheduled_ = 0;
  std::int64_t last_due_ = 0, last_sent_ = 0, last_done_ = 0;

  Mailbox mailbox_;
};

}  // namespace junction::load
