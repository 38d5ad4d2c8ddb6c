#include "core/load/reply_groups.hpp"

#include <algorithm>

namespace junction {
namespace {

constexpr double kept = 0.98;   // of the throughput; less is a loss, more is noise
constexpr double saved = 0.98;  // what CPU has to come down to
constexpr std::uint64_t smallest_group = 4;
constexpr std::uint64_t largest_group = 64;

}  // namespace

std::uint32_t ReplyGroups::size(std::uint64_t in_flight) const {
  if (!grouping_) return 1;
  const auto reachable = static_cast<std::uint64_t>(singly_.rate * static_cast<double>(patience));
  const std::uint64_t most = in_flight * 3 / 4;  // the others keep the server busy meanwhile
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(std::min(most, reachable), 1, largest_group));
}

std::int64_t ReplyGroups::nap(std::uint64_t in_flight) const {
  const std::uint32_t group = size(in_flight);
  if (group == 1) return 0;
  return std::min(longest_nap, static_cast<std::int64_t>(static_cast<double>(group) / singly_.rate));
}

void ReplyGroups::decide(std::int64_t now, std::int64_t cpu) {
  const Pace seen = pace(now, cpu);
  begin_ = now;
  cpu_at_begin_ = cpu;
  replies_ = 0;
  switch (phase_) {
    case Phase::warming_up:
    case Phase::holding:
      grouping_ = false;
      return begin(Phase::singly, trial);
    case Phase::singly:
      singly_ = seen;
      grouping_ = seen.rate * static_cast<double>(patience) >= static_cast<double>(smallest_group);
      return grouping_ ? begin(Phase::grouped, trial) : begin(Phase::holding, hold);
    case Phase::grouped:
      grouping_ = seen.rate >= kept * singly_.rate && seen.cpu <= saved * singly_.cpu;
      return begin(Phase::holding, hold);
  }
}

ReplyGroups::Pace ReplyGroups::pace(std::int64_t now, std::int64_t cpu) const {
  const auto replies = static_cast<double>(std::max<std::uint64_t>(replies_, 1));
  return {.rate = replies / static_cast<double>(std::max<std::int64_t>(now - begin_, 1)),
          .cpu = static_cast<double>(cpu - cpu_at_begin_) / replies};
}

void ReplyGroups::begin(Phase phase, std::int64_t length) {
  phase_ = phase;
  phase_end_ = begin_ + length;
}

}  // namespace junction
