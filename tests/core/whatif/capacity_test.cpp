#include "junction/capacity.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "junction/draws.hpp"
#include "junction/implementation.hpp"
#include "junction/replica.hpp"

namespace junction {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

std::vector<double> equal_shares(std::size_t endpoints) {
  return std::vector<double>(endpoints, 1.0 / static_cast<double>(endpoints));
}

/// Every way to put the keys on the endpoints, one by one.
double enumerated(const std::vector<double>& shares, std::uint64_t keys, std::uint64_t most) {
  std::vector<std::size_t> at(keys);
  for (double chance = 0;;) {
    std::vector<std::uint64_t> counts(shares.size());
    double way = 1;
    for (const std::size_t endpoint : at) {
      ++counts[endpoint];
      way *= shares[endpoint];
    }
    if (*std::max_element(counts.begin(), counts.end()) > most) chance += way;
    std::size_t digit = 0;
    while (digit < keys && ++at[digit] == shares.size()) at[digit++] = 0;
    if (digit == keys) return chance;
  }
}

/// For every request the window that ends with it, counted anew.
CapacityPeak counted_anew(const std::vector<TimedRequest>& requests,
                          const std::vector<std::uint32_t>& endpoint, std::uint32_t which,
                          const CapacityLimit& limit) {
  CapacityPeak peak;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (endpoint[i] != which) continue;
    std::set<std::uint32_t> keys;
    std::uint64_t count = 0;
    nanoseconds from = requests[i].at;
    for (std::size_t j = 0; j <= i; ++j) {
      if (endpoint[j] != which || (limit.window && requests[i].at - requests[j].at > *limit.window)) continue;
      keys.insert(requests[j].key);
      ++count;
      from = std::min(from, requests[j].at);
    }
    if (limit.counts == CapacityLimit::Counts::distinct) count = keys.size();
    if (count > peak.count) peak = {count, from, requests[i].at};
  }
  return peak;
}

}  // namespace

TEST_CASE("ten keys that nobody knows, five of which an endpoint bears, on equal shares") {
  for (const auto& [endpoints, chance] : std::map<std::size_t, const char*>{{1, "1.0000"},
                                                                            {2, "0.7539"},
                                                                            {3, "0.2297"},
                                                                            {4, "0.0789"},
                                                                            {5, "0.0318"},
                                                                            {6, "0.0146"},
                                                                            {8, "0.0041"},
                                                                            {10, "0.0015"}}) {
    CAPTURE(endpoints);
    CHECK(fmt::format("{:.4f}", chance_of_more(equal_shares(endpoints), 10, 5)) == chance);
  }
}

TEST_CASE("chances on unequal shares are those of all ways there are") {
  std::mt19937_64 random(3);
  for (std::size_t endpoints = 1; endpoints <= 6; ++endpoints) {
    for (int round = 0; round < 4; ++round) {
      std::vector<double> shares;
      double sum = 0;
      for (std::size_t e = 0; e < endpoints; ++e) {
        shares.push_back(e != 0 && random() % 5 == 0 ? 0.0
                                                     : std::uniform_real_distribution(1e-6, 1.0)(random));
        sum += shares.back();
      }
      for (double& share : shares) share /= sum;
      for (std::uint64_t keys = 0; keys <= 6; ++keys) {
        for (std::uint64_t most = 0; most <= 7; ++most) {
          CAPTURE(endpoints);
          CAPTURE(keys);
          CAPTURE(most);
          CHECK(chance_of_more(shares, keys, most) ==
                doctest::Approx(enumerated(shares, keys, most)).epsilon(1e-12));
        }
      }
    }
  }
}

TEST_CASE("a chance is exact where it is small, and where keys are many") {
  // All twenty on one of ten: 10 * 10^-20.
  CHECK(chance_of_more(equal_shares(10), 20, 19) == doctest::Approx(1e-19).epsilon(1e-9).scale(0));
  // One endpoint alone.
  CHECK(chance_of_more(equal_shares(1), 100000, 99999) == 1);
  CHECK(chance_of_more(equal_shares(1), 100000, 100000) == 0);
  // Two endpoints: more than 50,100 of 100,000 on either, twice the tail of a binomial; of the normal
  // distribution with half a key's correction, 0.5249.
  CHECK(chance_of_more(equal_shares(2), 100000, 50100) == doctest::Approx(0.5250).epsilon(0.001));
  // A hundred thousand on a thousand, whose mean of 100 hardly anyone doubles.
  const double rare = chance_of_more(equal_shares(1000), 100000, 170);
  CHECK(rare > 0);
  CHECK(rare < 1e-6);
  CHECK(chance_of_more(equal_shares(1000), 100000, 99) == doctest::Approx(1));
}

TEST_CASE("four endpoints on a random ring of 1024 fail in 8.1%, where equal shares would in 7.89%") {
  const std::vector<Endpoint> known{{.address = SocketAddress::parse("10.42.0.17:8080").value()}};
  double sum = 0;
  constexpr std::uint64_t draws = 2000;
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    const auto endpoints = draw_endpoints(known, 4, 1, draw);
    sum += chance_of_more(junction_implementation().place(endpoints, {}).shares(4), 10, 5);
  }
  CHECK(fmt::format("{:.1f}", 100 * sum / draws) == "8.1");
  CHECK(fmt::format("{:.2f}", 100 * chance_of_more(equal_shares(4), 10, 5)) == "7.89");
}

TEST_CASE("the worst moment of each endpoint is that of a window counted anew for each request") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    std::vector<TimedRequest> requests(random() % 60);
    for (TimedRequest& request : requests)
      request = {std::chrono::milliseconds(random() % 40), static_cast<std::uint32_t>(random() % 9)};
    std::sort(requests.begin(), requests.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    std::vector<std::uint32_t> endpoint;
    for (std::size_t i = 0; i < requests.size(); ++i)
      endpoint.push_back(static_cast<std::uint32_t>(random() % 3));
    CapacityLimit limit{.counts = random() % 2 == 0 ? CapacityLimit::Counts::distinct
                                                    : CapacityLimit::Counts::requests};
    if (random() % 4 != 0) limit.window = std::chrono::milliseconds(random() % 10);
    const auto peaks = capacity_peaks(requests, endpoint, 9, 4, limit);
    REQUIRE(peaks.size() == 4);
    for (std::uint32_t which = 0; which < 4; ++which) {
      const CapacityPeak expected = counted_anew(requests, endpoint, which, limit);
      CHECK(peaks[which].count == expected.count);
      CHECK(peaks[which].from == expected.from);
      CHECK(peaks[which].to == expected.to);
      const auto keys = keys_of_peak(requests, endpoint, which, peaks[which]);
      if (limit.counts == CapacityLimit::Counts::distinct) CHECK(keys.size() == expected.count);
      CHECK(std::set(keys.begin(), keys.end()).size() == keys.size());
    }
  }
}

TEST_CASE("a limit says of a log what a replica with that rule does") {
  std::mt19937_64 random(6);
  int failing = 0;
  for (int round = 0; round < 500; ++round) {
    CAPTURE(round);
    std::vector<TimedRequest> requests(25);
    for (TimedRequest& request : requests)
      request = {random() % 48 * 250ms, static_cast<std::uint32_t>(random() % 8)};
    std::sort(requests.begin(), requests.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    ReplicaHealth replica;
    bool fine = true;
    for (const TimedRequest& request : requests)
      fine = replica.admit(fmt::to_string(request.key), request.at) && fine;
    const std::vector<std::uint32_t> endpoint(requests.size());
    const auto peaks =
        capacity_peaks(requests, endpoint, 8, 1, parse_capacity_limit("distinct<=5/2s").value());
    CHECK((peaks[0].count <= 5) == fine);
    failing += !fine;
  }
  CHECK(failing > 100);
  CHECK(failing < 400);
}

TEST_CASE("limits are read as they are written") {
  struct Row {
    const char* text;
    CapacityLimit::Counts counts;
    std::uint64_t most;
    std::optional<nanoseconds> window;
  };
  using Counts = CapacityLimit::Counts;
  for (const auto& [text, counts, most, window] : {
           Row{"distinct<=5/2s", Counts::distinct, 5, 2s},
           Row{"requests<=100/1s", Counts::requests, 100, 1s},
           Row{"distinct<=5", Counts::distinct, 5, std::nullopt},
           Row{"distinct<6", Counts::distinct, 5, std::nullopt},
           Row{" requests <= 0 / 250ms ", Counts::requests, 0, 250ms},
       }) {
    CAPTURE(text);
    const auto limit = parse_capacity_limit(text);
    REQUIRE(limit.ok());
    CHECK(limit->text == text);
    CHECK(limit->counts == counts);
    CHECK(limit->most == most);
    CHECK(bool(limit->window == window));
  }
}

TEST_CASE("what is no limit is refused by name") {
  struct Row {
    const char* text;
    const char* message;
  };
  for (const auto& [text, message] : {
           Row{"", "limit \"\": write distinct<=5/2s or requests<=100/1s"},
           Row{"distinct>=5", "limit \"distinct>=5\": write distinct<=5/2s or requests<=100/1s"},
           Row{"keys<=5",
               "limit \"keys<=5\": \"keys\" is nothing that is counted: write distinct or requests"},
           Row{"distinct<=five", "limit \"distinct<=five\": \"five\" is no whole number"},
           Row{"distinct<=-1", "limit \"distinct<=-1\": \"-1\" is no whole number"},
           Row{"distinct<=1.5", "limit \"distinct<=1.5\": \"1.5\" is no whole number"},
           Row{"distinct<=99999999999999999999",
               "limit \"distinct<=99999999999999999999\": \"99999999999999999999\" is no whole number"},
           Row{"distinct<0", "limit \"distinct<0\": nothing is less than 0"},
           Row{"distinct<=5/0", "limit \"distinct<=5/0\": the window must be longer than nothing"},
       }) {
    CAPTURE(text);
    const auto limit = parse_capacity_limit(text);
    REQUIRE(!limit.ok());
    CHECK(limit.error().kind == ErrorKind::usage);
    CHECK(limit.error().message == message);
  }
  CHECK(!parse_capacity_limit("distinct<=5/soon").ok());
}

}  // namespace junction
