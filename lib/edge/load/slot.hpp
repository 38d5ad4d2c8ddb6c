#pragma once

#include <cstdint>
#include <deque>

#include "edge/load/address.hpp"

namespace junction::load {

/// A request that is due and not sent yet.
struct Job {
  std::uint64_t n = 0;  ///< its number in the schedule
  std::uint32_t query = 0;
  std::int64_t due = 0;  ///< ns since the start, as all times here
};

/// Doubly linked, through the element itself: moving one from list to list costs a few stores and no memory.
struct Link {
  Link* before = this;
  Link* after = this;

  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void unlink() {
    before->after = after;
    after->before = before;
    before = after = this;
  }
};

struct Lane;

/// Room for one request under way: an HTTP/1.1 connection has one, an HTTP/2 connection one a stream. Engines
/// derive their connections and streams from it.
struct Slot : Link {
  Lane* lane = nullptr;
  Job job;
  std::int64_t sent = 0;
};

class SlotList {
 public:
  [[nodiscard]] bool empty() const { return head_.after == &head_; }
  [[nodiscard]] Slot& front() const { return static_cast<Slot&>(*head_.after); }
  void push_back(Slot& slot) {  // takes it out of the list it was in
    slot.unlink();
    slot.before = head_.before;
    slot.after = &head_;
    head_.before->after = &slot;
    head_.before = &slot;
  }

 private:
  Link head_;
};

/// Where requests go: the URL's host, or one endpoint of the balancer. A slot is in exactly one of the lists.
struct Lane {
  Address address;
  std::uint32_t endpoint = 0;  ///< as in Outcome
  int connections = 0;         ///< made so far, open or not
  SlotList warm;               ///< free, on an open connection; the longest free first
  SlotList cold;               ///< free, not connected
  SlotList in_flight;          ///< in order of their start
  std::deque<Job> waiting;     ///< due, but nothing was free
};

}  // namespace junction::load
