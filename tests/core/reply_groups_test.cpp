#include "core/reply_groups.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

using junction::ReplyGroups;

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// A closed loop against a server, in virtual time: replies are taken in groups as ReplyGroups says, and each taken
/// reply sends the next request.
struct Loop {
  int connections;
  std::int64_t service;  // ns of the server's one worker for each request; 0: it has workers enough
  std::int64_t way;      // ns on the network, there and back

  ReplyGroups groups;
  std::deque<std::int64_t> due;  // when the replies come, ascending
  std::int64_t now = 0, worker_free = 0;
  std::uint64_t taken = 0, grouped = 0;

  void send() {
    worker_free = std::max(worker_free, now + way / 2) + service;
    due.push_back((service > 0 ? worker_free : now) + (service > 0 ? way / 2 : way));
  }

  void take_a_group() {
    const std::size_t wanted = std::min<std::size_t>(groups.size(due.size()), due.size());
    now = std::max(now, std::min(due[wanted - 1], std::max(now, due.front()) + ReplyGroups::patience));
    std::uint64_t came = 0;
    for (; !due.empty() && due.front() <= now; ++came) due.pop_front();
    for (std::uint64_t i = 0; i < came; ++i) {
      now += 1'000;  // of our own work
      send();
    }
    taken += came;
    if (wanted > 1) grouped += came;
    groups.observe(now, came);
  }

  /// Share of the replies of `seconds` that were taken in groups.
  double share_grouped(std::int64_t seconds) {
    for (int i = 0; i < connections; ++i) send();
    while (now < seconds * second) take_a_group();
    return static_cast<double>(grouped) / static_cast<double>(taken);
  }
};

}  // namespace

TEST_CASE("replies of a server that is the bottleneck are taken in groups, at the same throughput") {
  Loop loop{.connections = 64, .service = 6'000, .way = 50'000};
  CHECK(loop.share_grouped(10) > 0.9);
  CHECK(static_cast<double>(loop.taken) > 0.98 * 10 * second / 6'000);
}

TEST_CASE("where each connection's own round trip is the bottleneck, groups would cost throughput: none are formed") {
  Loop loop{.connections = 64, .service = 0, .way = 800'000};
  CHECK(loop.share_grouped(10) < 0.05);
}

TEST_CASE("replies that are far apart are taken as they come") {
  Loop slow{.connections = 64, .service = 2'000'000, .way = 0};
  CHECK(slow.share_grouped(10) == 0);
  Loop single{.connections = 1, .service = 6'000, .way = 0};
  CHECK(single.share_grouped(2) == 0);
}

TEST_CASE("a nap is as long as a group takes, up to its limit, and none without groups") {
  ReplyGroups groups;
  CHECK(groups.nap(64) == 0);
  auto pass = [&groups, now = std::int64_t{0}](std::int64_t spacing) mutable {  // through one phase
    for (const std::int64_t end = now + ReplyGroups::trial; now < end; now += spacing) groups.observe(now, 1);
    groups.observe(now, 0);
  };
  pass(10'000);
  pass(10'000);
  REQUIRE(groups.size(64) == 25);
  CHECK(groups.nap(64) == ReplyGroups::longest_nap);
  CHECK(groups.nap(5) == doctest::Approx(20'000).epsilon(0.01));
  pass(20'000);  // half the throughput when grouped
  CHECK(groups.size(64) == 1);
}
