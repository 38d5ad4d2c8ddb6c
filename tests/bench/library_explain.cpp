// What libjunction takes for its parts.
//   library_explain ADDRESSES MIN_RING_SIZE --ring TIMES     microseconds of each building of Junction's ring
//   library_explain ADDRESSES MIN_RING_SIZE --pick TIMES     nanoseconds of a Balancer::pick, in each of so
//   many rounds
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "junction/balancer.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void time_ring(const std::vector<junction::Endpoint>& endpoints, std::uint32_t min_ring_size, int times) {
  for (int i = 0; i < times; ++i) {
    const auto start = Clock::now();
    const auto placement =
        junction::junction_implementation().place(endpoints, {.min_ring_size = min_ring_size});
    const double took = since(start);
    std::printf("%.0f %016llx\n", took * 1e6,
                static_cast<unsigned long long>(placement.ring()->entries()[0].hash));
  }
}

void time_picks(const std::vector<junction::Endpoint>& endpoints, std::uint32_t min_ring_size, int times) {
  junction::Balancer balancer;
  balancer.update(endpoints, {.type = junction::Policy::Type::ring_hash,
                              .min_ring_size = min_ring_size,
                              .hash_params = {{junction::HashParam::Type::query_param, "query", false}}});
  std::vector<std::string> urls;
  for (int i = 0; i < 1000; ++i)
    urls.push_back("http://recs.default/recommendations/?query=key-" + std::to_string(i));
  std::uint64_t sum = 0;
  for (int i = 0; i < times; ++i) {
    const auto start = Clock::now();
    for (int round = 0; round < 100; ++round)
      for (const std::string& url : urls) sum += balancer.pick({.url = url}).endpoint;
    std::printf("%.0f %llu\n", since(start) * 1e9 / 1e5, static_cast<unsigned long long>(sum));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5)
    return std::fputs("usage: library_explain ADDRESSES MIN_RING_SIZE --ring|--pick TIMES\n", stderr), 2;
  std::ifstream list(argv[1]);
  std::vector<junction::Endpoint> endpoints;
  for (std::string line; std::getline(list, line);)
    endpoints.push_back({.address = junction::SocketAddress::parse(line).value()});
  const auto min_ring_size = static_cast<std::uint32_t>(std::atoll(argv[2]));
  (std::strcmp(argv[3], "--ring") == 0 ? time_ring : time_picks)(endpoints, min_ring_size,
                                                                 std::atoi(argv[4]));
}
