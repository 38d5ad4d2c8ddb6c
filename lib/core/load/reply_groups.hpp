#pragma once

#include <cstdint>

namespace junction {

/// How many replies a closed loop should let come together before it takes them. Taken in a row, replies cost
/// less CPU each: one wait serves all, and the kernel's code stays in the processor's caches. But each holds
/// its connection while it waits for the others. By Little's law (connections = throughput x response time) a
/// group that costs no throughput costs no response time either. So groups are tried for a moment each
/// second, and kept while throughput holds and CPU is saved: that is so where the server is the bottleneck
/// and the connections are many.
///
/// Pure: times come in as arguments, ns of any clock.
///
///   groups.observe(replies);
///   if (groups.due(now)) groups.decide(now, cpu_time_of_this_thread());
class ReplyGroups {
 public:
  static constexpr std::int64_t patience =
      300'000;  ///< a group that takes longer to come together is not tried
  static constexpr std::int64_t longest_nap = 30'000;  ///< of nap()
  static constexpr std::int64_t trial = 25'000'000;    ///< how long either way is measured
  static constexpr std::int64_t hold = 1'000'000'000;  ///< how long the result counts

  /// So many replies more came.
  void observe(std::uint64_t replies) { replies_ += replies; }

  [[nodiscard]] bool due(std::int64_t now) const { return now >= phase_end_; }
  /// `cpu` is the time this thread has used so far.
  void decide(std::int64_t now, std::int64_t cpu);

  /// How many replies to wait for, for `patience` at most; 1: take each as it comes.
  [[nodiscard]] std::uint32_t size(std::uint64_t in_flight) const;

  /// The same for who can wait for time alone: how long to sleep before looking, ns.
  [[nodiscard]] std::int64_t nap(std::uint64_t in_flight) const;

 private:
  enum class Phase : std::uint8_t { warming_up, singly, grouped, holding };

  /// What replies were like through one phase.
  struct Pace {
    double rate = 0;  // replies per ns
    double cpu = 0;   // of one reply, ns
  };

  [[nodiscard]] Pace pace(std::int64_t now, std::int64_t cpu) const;
  void begin(Phase phase, std::int64_t length);

  Phase phase_ = Phase::warming_up;
  bool grouping_ = false;
  std::int64_t begin_ = 0, phase_end_ = trial;
  std::int64_t cpu_at_begin_ = 0;
  std::uint64_t replies_ = 0;  // in this phase
  Pace singly_;
};

}  // namespace junction
