#include "core/load/reply_groups.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

using junction::ReplyGroups;

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t work = 1'000;  // of our own for each request, ns

/// A closed loop against a server, in virtual time: replies are taken in groups as ReplyGroups says, and each
/// taken reply sends the next request.
struct Loop {
  int connections;
  std::int64_t service;     // ns of the server's one worker for each request; 0: it has workers enough
  std::int64_t way;         // ns on the network, there and back
  std::int64_t look = 500;  // CPU of one look for replies, ns

  ReplyGroups groups;
  std::deque<std::int64_t> due;  // when the replies come, ascending
  std::int64_t now = 0, cpu = 0, worker_free = 0;
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
    cpu += look;
    for (std::uint64_t i = 0; i < came; ++i) {
      now += work;
      cpu += work;
      send();
    }
    taken += came;
    if (wanted > 1) grouped += came;
    groups.observe(came);
    if (groups.due(now)) groups.decide(now, cpu);
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

TEST_CASE(
    "where each connection's own round trip is the bottleneck, groups would cost throughput: none are "
    "formed") {
  Loop loop{.connections = 64, .service = 0, .way = 800'000};
  CHECK(loop.share_grouped(10) < 0.05);
}

TEST_CASE("groups that save no CPU are not formed") {
  Loop loop{.connections = 64, .service = 6'000, .way = 50'000, .look = 0};
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
  std::int64_t now = 0, cpu = 0;
  const auto pass = [&](std::int64_t spacing, std::int64_t cost) {  // through one phase
    groups.observe(static_cast<std::uint64_t>(ReplyGroups::trial / spacing));
    cpu += ReplyGroups::trial / spacing * cost;
    now += ReplyGroups::trial;
    REQUIRE(groups.due(now));
    groups.decide(now, cpu);
  };
  pass(10'000, 5'000);
  pass(10'000, 5'000);
  REQUIRE(groups.size(64) == 30);
  CHECK(groups.nap(64) == ReplyGroups::longest_nap);
  CHECK(groups.nap(3) == 20'000);
  pass(20'000, 4'000);  // half the throughput when grouped
  CHECK(groups.size(64) == 1);
}
