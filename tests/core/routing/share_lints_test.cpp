#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "junction/lint.hpp"

namespace junction {
namespace {

std::vector<Endpoint> many(std::size_t count) {
  std::vector<Endpoint> endpoints;
  for (std::size_t i = 0; i < count; ++i)
    endpoints.push_back({.address = *SocketAddress::parse("10." + std::to_string(i / 40000) + "." +
                                                              std::to_string(i / 200 % 200) + "." +
                                                              std::to_string(17 + i % 200),
                                                          80)});
  return endpoints;
}

// A table whose first endpoint has `first` of `slots`, and the second the rest.
Placement split(std::size_t first, std::size_t slots) {
  std::vector<std::uint32_t> table(slots, 1);
  std::fill_n(table.begin(), first, 0U);
  return Placement(std::move(table));
}

struct Subject {
  std::vector<Endpoint> endpoints;
  std::uint32_t min_ring_size = 1024;
  const char* client = "junction";
  std::optional<Placement> placement{};  ///< in place of the client's own
  std::uint64_t table_size = 65537;

  [[nodiscard]] std::optional<Lint> lint() const {
    const Policy policy{
        .type = Policy::Type::ring_hash, .min_ring_size = min_ring_size, .hash_params = {{.name = "q"}}};
    const Implementation& implementation = *find_implementation(client);
    PlacementOptions options;
    options.min_ring_size = min_ring_size;
    options.table_size = table_size;
    const Placement placed = placement ? *placement : implementation.place(endpoints, options);
    for (Lint& lint : lint_backend({.service = nullptr,
                      .endpoints = endpoints,
                      .excluded = {},
                      .refusals = {},
                      .policy = &policy,
                      .placement = &placed,
                      .implementation = &implementation,
                      .options = options}))
      if (lint.code == "uneven-shares" || lint.code == "ring-below-endpoints") return std::move(lint);
    return std::nullopt;
  }
};

std::optional<std::uint64_t> size_in(const std::string& remedy) {
  const std::size_t at = remedy.find_first_of("0123456789");
  if (at == std::string::npos) return std::nullopt;
  return std::stoull(remedy.substr(at));
}

}  // namespace

TEST_CASE("a share is uneven from 20% off the fair one, above it and below") {
  for (const auto& [first, uneven] :
       {std::pair{599, false}, std::pair{601, true}, std::pair{401, false}, std::pair{399, true}}) {
    CAPTURE(first);
    const Subject subject{.endpoints = many(2), .placement = split(static_cast<std::size_t>(first), 1000)};
    const auto lint = subject.lint();
    REQUIRE(lint.has_value() == uneven);
    if (uneven) CHECK(lint->code == "uneven-shares");
  }
}

TEST_CASE("of one endpoint there is no uneven share, nor of endpoints with weights") {
  CHECK_FALSE(Subject{.endpoints = many(1), .min_ring_size = 0}.lint());
  Subject weighted{.endpoints = many(2), .placement = split(900, 1000)};
  REQUIRE(weighted.lint());
  weighted.endpoints[0].weight = 9;
  CHECK_FALSE(weighted.lint());
  weighted.endpoints[0].weight = 0;  // counts as 1
  CHECK(weighted.lint());
}

TEST_CASE("a ring is below its endpoints from one entry less than endpoints") {
  const auto below = Subject{.endpoints = many(20), .min_ring_size = 19}.lint();
  REQUIRE(below);
  CHECK(below->code == "ring-below-endpoints");
  CHECK(below->evidence == "min_ring_size 19 is below the 20 endpoints");
  CHECK(Subject{.endpoints = many(20), .min_ring_size = 20}.lint()->code == "uneven-shares");
}

TEST_CASE("percentages have a place more where endpoints are many") {
  CHECK(Subject{.endpoints = many(100)}.lint()->evidence.find(
            "where 1.0% is fair, with 1100 entries for 100") != std::string::npos);
  CHECK(Subject{.endpoints = many(101)}.lint()->evidence.find(
            "where 0.99% is fair, with 1111 entries for 101") != std::string::npos);
}

TEST_CASE("the size that a remedy names was tried: with it there is nothing left to say") {
  for (const char* const client : {"junction", "junction-rust-1.81", "envoy"})
    for (const std::size_t endpoints : {5U, 20U, 50U, 100U, 500U, 600U, 1000U, 3000U})
      for (const std::uint32_t size : {1U, 1024U}) {
        CAPTURE(client);
        CAPTURE(endpoints);
        CAPTURE(size);
        Subject subject{.endpoints = many(endpoints), .min_ring_size = size, .client = client};
        const auto lint = subject.lint();
        if (!lint) continue;
        CAPTURE(lint->remedy);
        const auto named = size_in(lint->remedy);
        REQUIRE(named);
        CHECK((lint->remedy.find("estimate") != std::string::npos) == (*named > 131072));
        subject.min_ring_size = static_cast<std::uint32_t>(*named);
        CHECK_FALSE(subject.lint());
      }
}

TEST_CASE("a remedy never names the size that is set, or a smaller one") {
  for (const std::size_t endpoints : {20U, 400U, 1000U, 3000U})
    for (std::uint32_t size = 1024; size <= 262144; size *= 4) {
      CAPTURE(endpoints);
      CAPTURE(size);
      const auto lint = Subject{.endpoints = many(endpoints), .min_ring_size = size}.lint();
      if (!lint) continue;
      const auto named = size_in(lint->remedy);
      REQUIRE(named);
      CHECK(*named > size);
    }
}

TEST_CASE("a client with a limit is not told to go beyond it") {
  const auto lint = Subject{.endpoints = many(1000), .min_ring_size = 4096, .client = "grpc"}.lint();
  REQUIRE(lint);
  CHECK_FALSE(size_in(lint->remedy));
  const auto below = Subject{.endpoints = many(1000), .client = "grpc"}.lint();
  REQUIRE(below);
  CHECK_FALSE(size_in(below->remedy));
}

TEST_CASE("an address that is listed twice has what both have, and no size is to cure it") {
  for (const char* const client : {"junction", "envoy", "grpc", "grpc-cpp", "maglev"})
    for (const std::uint32_t size : {1024U, 131072U, 1048576U}) {
      CAPTURE(client);
      CAPTURE(size);
      Subject subject{.endpoints = many(3), .min_ring_size = size, .client = client};
      subject.endpoints.push_back(subject.endpoints[1]);
      const auto lint = subject.lint();
      const bool twice = std::string(client) == "maglev" || std::string(client) == "grpc-cpp";
      REQUIRE(lint.has_value() == twice);
      if (lint) CHECK(lint->remedy == "list each address once: shares are even then");
    }
}

TEST_CASE("a table is judged by its slots, and --table-size is what changes them") {
  CHECK_FALSE(Subject{.endpoints = many(100), .min_ring_size = 1, .client = "maglev"}.lint());
  const auto small = Subject{.endpoints = many(5), .client = "maglev", .table_size = 7}.lint();
  REQUIRE(small);
  CHECK(small->code == "uneven-shares");
  CHECK(small->remedy == "set --table-size to 65537: shares are even then");
  const auto below = Subject{.endpoints = many(5), .client = "maglev", .table_size = 3}.lint();
  REQUIRE(below);
  CHECK(below->code == "ring-below-endpoints");
  CHECK(below->evidence == "a table of 3 slots is below the 5 endpoints");
}

}  // namespace junction
