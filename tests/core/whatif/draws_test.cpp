#include "junction/draws.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <string>

namespace junction {
namespace {

std::vector<Endpoint> endpoints(const std::vector<std::string>& addresses) {
  std::vector<Endpoint> endpoints;
  for (const std::string& address : addresses)
    endpoints.push_back({.address = SocketAddress::parse(address).value()});
  return endpoints;
}

std::vector<Endpoint> pods(const std::vector<std::string>& names) {
  std::vector<Endpoint> endpoints;
  for (const std::string& name : names) endpoints.push_back({.pod = name});
  return endpoints;
}

}  // namespace

TEST_CASE("new endpoints come from the network of those that are known") {
  struct Row {
    const char* name;
    std::vector<std::string> known;
    std::size_t count;
    const char* begins;
  };
  for (const auto& [name, known, count, begins] : {
           Row{"one /24", {"10.42.0.17:8080", "10.42.0.20:8080"}, 100, "10.42.0."},
           Row{"one /24, too small", {"10.42.0.17:8080"}, 200, "10.42."},
           Row{"one /16", {"10.42.0.17:8080", "10.42.3.4:8080"}, 5, "10.42."},
           Row{"one /8", {"10.42.0.17:8080", "10.7.3.4:8080"}, 5, "10."},
           Row{"nothing in common", {"10.42.0.17:8080", "192.168.3.4:8080"}, 5, "10."},
           Row{"IPv6", {"[fd00:1:2:3::17]:8080"}, 300, "[fd00:1:2:3:"},
       }) {
    CAPTURE(name);
    const std::vector<Endpoint> old = endpoints(known);
    const std::vector<Endpoint> drawn = draw_endpoints(old, count, 1, 2);
    CHECK(drawn.size() == count);
    std::set<std::string> different(known.begin(), known.end());
    for (const Endpoint& endpoint : drawn) {
      const std::string text = endpoint.address.to_string();
      CAPTURE(text);
      CHECK(text.starts_with(begins));
      CHECK(text.ends_with(":8080"));
      CHECK(different.insert(text).second);
      if (endpoint.address.family == SocketAddress::Family::v4) {
        CHECK(endpoint.address.ip[3] != 0);
        CHECK(endpoint.address.ip[3] != 255);
      }
    }
  }
}

TEST_CASE("a new endpoint has the port and weight that most have") {
  std::vector<Endpoint> known = endpoints({"10.0.0.1:80", "10.0.0.2:8080", "10.0.0.3:8080"});
  known[1].weight = known[2].weight = 3;
  const Endpoint drawn = draw_endpoints(known, 1, 0, 0).front();
  CHECK(drawn.address.port == 8080);
  CHECK(drawn.weight == 3);
}

TEST_CASE("the same seed and draw give the same endpoints, others others") {
  const std::vector<Endpoint> known = endpoints({"10.42.0.17:8080"});
  const auto drawn = draw_endpoints(known, 3, 5, 6);
  CHECK(drawn == draw_endpoints(known, 3, 5, 6));
  CHECK(drawn != draw_endpoints(known, 3, 5, 7));
  CHECK(drawn != draw_endpoints(known, 3, 6, 6));
  CHECK(draw_endpoints(known, 1, 5, 6).front() == drawn.front());
}

TEST_CASE("sets are all there are, or as many as asked for") {
  using Sets = std::vector<std::vector<std::uint32_t>>;
  CHECK(choose_sets(1, 3, 100, 0) == Sets{{0}, {1}, {2}});
  CHECK(choose_sets(2, 4, 6, 0) == Sets{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
  CHECK(choose_sets(0, 3, 100, 0) == Sets{{}});
  CHECK(choose_sets(3, 3, 100, 0) == Sets{{0, 1, 2}});
  const Sets drawn = choose_sets(40, 90, 50, 7);
  CHECK(drawn.size() == 50);
  CHECK(std::set(drawn.begin(), drawn.end()).size() == 50);
  for (const auto& set : drawn) {
    CHECK(std::set(set.begin(), set.end()).size() == 40);
    CHECK(set.back() < 90);
  }
}

TEST_CASE("every order is as likely as any other") {
  std::map<std::vector<std::uint32_t>, int> counts;
  for (std::uint64_t draw = 0; draw < 6000; ++draw) ++counts[draw_order(3, 1, draw)];
  CHECK(counts.size() == 6);
  for (const auto& [order, count] : counts) CHECK(std::abs(count - 1000) < 150);
}

TEST_CASE("a StatefulSet's pods are known by their names, and go from the highest ordinal down") {
  using Order = std::optional<std::vector<std::uint32_t>>;
  struct Row {
    const char* name;
    std::vector<std::string> pods;
    Order order;
  };
  for (const auto& [name, names, order] : {
           Row{"in order", {"web-0", "web-1", "web-2"}, Order({2, 1, 0})},
           Row{"in any", {"web-10", "web-2", "web-9"}, Order({0, 2, 1})},
           Row{"a Deployment's", {"web-65cckgv4k-8t5l7", "web-65cckgv4k-24567"}, std::nullopt},
           Row{"a Deployment's, with digits alone", {"web-65cckgv4k-24567"}, std::nullopt},
           Row{"of two sets", {"web-0", "api-1"}, std::nullopt},
           Row{"no names", {"", ""}, std::nullopt},
           Row{"no pods", {}, std::nullopt},
       }) {
    CAPTURE(name);
    CHECK(stateful_order(pods(names)) == order);
  }
}

TEST_CASE("a spread has the lower of two middles") {
  CHECK(spread_of({3, 1, 2}) == Spread{2, 1, 3});
  CHECK(spread_of({4, 1, 2, 3}) == Spread{2, 1, 4});
  CHECK(spread_of({7}) == Spread{7, 7, 7});
}

}  // namespace junction
