#include "junction/outcome.hpp"

#include <algorithm>
#include <array>

namespace junction {
namespace {

constexpr std::array<std::string_view, error_type_count> error_names = {
    "none",  "resolve",  "connect",       "tls",         "timeout",
    "reset", "protocol", "too_many_open", "no_endpoint", "canceled",
};

}  // namespace

std::string_view to_string(ErrorType error) {
  return error_names[static_cast<std::size_t>(error)];
}

std::optional<ErrorType> error_type_from(std::string_view name) {
  const auto found = std::find(error_names.begin(), error_names.end(), name);
  if (found == error_names.end()) return std::nullopt;
  return static_cast<ErrorType>(found - error_names.begin());
}

void OutcomeCounts::add(OutcomeKey key, std::uint64_t count) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), key,
                                   [](const Entry& entry, OutcomeKey wanted) { return entry.key < wanted; });
  if (at != entries_.end() && at->key == key) {
    at->count += count;
  } else {
    entries_.insert(at, {key, count});
  }
}

void OutcomeCounts::add(const OutcomeCounts& other) {
  for (const Entry& entry : other.entries_) add(entry.key, entry.count);
}

std::uint64_t OutcomeCounts::count(OutcomeKey key) const {
  for (const Entry& entry : entries_) {
    if (entry.key == key) return entry.count;
  }
  return 0;
}

std::uint64_t OutcomeCounts::total() const {
  return responses() + errors();
}

std::uint64_t OutcomeCounts::responses() const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_) sum += entry.key.is_error() ? 0 : entry.count;
  return sum;
}

std::uint64_t OutcomeCounts::errors() const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_) sum += entry.key.is_error() ? entry.count : 0;
  return sum;
}

std::uint64_t OutcomeCounts::failed() const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_) sum += entry.key.failed() ? entry.count : 0;
  return sum;
}

}  // namespace junction
