#include "core/reply_groups.hpp"

#include <algorithm>

namespace junction {
namespace {

constexpr double kept = 0.98;  // of the throughput; less is a loss, more is noise
constexpr std::uint64_t smallest_group = 4;
constexpr std::uint64_t largest_group = 64;

}  // namespace

std::uint32_t ReplyGroups::size(std::uint64_t in_flight) const {
  if (!grouping_) return 1;
  const auto reachable = static_cast<std::uint64_t>(rate_ * static_cast<double>(patience));
  const std::uint64_t half = in_flight / 2;  // the others keep the server busy meanwhile
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(std::min(half, reachable), 1, largest_group));
}

std::int64_t ReplyGroups::nap(std::uint64_t in_flight) const {
  const std::uint32_t group = size(in_flight);
  if (group == 1) return 0;
  return std::min(longest_nap, static_cast<std::int64_t>(static_cast<double>(group) / rate_));
}

void ReplyGroups::next_phase(std::int64_t now) {
  const std::int64_t elapsed = std::max<std::int64_t>(now - phase_begin_, 1);
  const double rate = static_cast<double>(replies_) / static_cast<double>(elapsed);
  switch (phase_) {
    case Phase::warming_up:
    case Phase::holding:
      grouping_ = false;
      return begin(Phase::singly, now, trial);
    case Phase::singly:
      rate_ = rate;
      grouping_ = rate * static_cast<double>(patience) >= static_cast<double>(smallest_group);
      return begin(grouping_ ? Phase::grouped : Phase::holding, now, grouping_ ? trial : hold);
    case Phase::grouped:
      grouping_ = rate >= kept * rate_;
      return begin(Phase::holding, now, hold);
  }
}

void ReplyGroups::begin(Phase phase, std::int64_t now, std::int64_t length) {
  phase_ = phase;
  phase_begin_ = now;
  phase_end_ = now + length;
  replies_ = 0;
}

}  // namespace junction
