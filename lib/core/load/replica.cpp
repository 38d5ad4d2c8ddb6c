#include "junction/replica.hpp"

#include <algorithm>

namespace junction {

ReplicaHealth::ReplicaHealth(ReplicaLimits limits) : limits_(limits) {}

bool ReplicaHealth::admit(std::string_view query, std::chrono::nanoseconds now) {
  if (failing(now)) return false;
  std::erase_if(seen_, [&](const Seen& seen) { return now - seen.last > limits_.window; });
  record(query, now);
  if (seen_.size() <= limits_.distinct) return true;
  fails_until_ = now + limits_.penalty + slack();
  return false;
}

void ReplicaHealth::record(std::string_view query, std::chrono::nanoseconds now) {
  const auto known =
      std::find_if(seen_.begin(), seen_.end(), [&](const Seen& seen) { return seen.query == query; });
  if (known == seen_.end())
    seen_.push_back({std::string(query), now});
  else
    known->last = std::max(known->last, now);
}

}  // namespace junction
