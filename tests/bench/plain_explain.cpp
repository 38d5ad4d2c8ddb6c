// The straightforward way to place a file of keys as Junction does: a line at a time, a byte buffer, XXH64,
// std::lower_bound, one thread. What scripts/bench measures junctionctl against, and what its answers are
// compared with, key by key.
//
//   plain_explain ADDRESSES MIN_RING_SIZE KEYS [--each]     counts an endpoint, or with --each the endpoint
//   of each key plain_explain ADDRESSES MIN_RING_SIZE --ring TIMES       builds the ring so often, prints the
//   microseconds of each
#include <arpa/inet.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

struct Entry {
  std::uint64_t hash;
  std::uint32_t endpoint;
};

template <typename T>
void append_le(std::vector<std::uint8_t>& bytes, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::vector<Entry> build_ring(const std::vector<std::string>& addresses, std::size_t min_ring_size) {
  const std::size_t repeats =
      std::max<std::size_t>((min_ring_size + addresses.size() - 1) / addresses.size(), 1);
  std::vector<Entry> ring;
  ring.reserve(repeats * addresses.size());
  std::vector<std::uint8_t> bytes;
  for (std::size_t endpoint = 0; endpoint < addresses.size(); ++endpoint) {
    const std::size_t colon = addresses[endpoint].rfind(':');
    in_addr ip{};
    inet_pton(AF_INET, addresses[endpoint].substr(0, colon).c_str(), &ip);
    const auto port = static_cast<std::uint16_t>(std::stoi(addresses[endpoint].substr(colon + 1)));
    for (std::size_t i = 0; i < repeats; ++i) {
      bytes.clear();
      append_le(bytes, std::uint64_t{0});
      const auto* const octets = reinterpret_cast<const std::uint8_t*>(&ip);
      bytes.insert(bytes.end(), octets, octets + 4);
      append_le(bytes, port);
      append_le(bytes, std::uint64_t{i});
      ring.push_back({XXH64(bytes.data(), bytes.size(), 0), static_cast<std::uint32_t>(endpoint)});
    }
  }
  std::stable_sort(ring.begin(), ring.end(), [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
  return ring;
}

std::uint32_t endpoint_of(const std::vector<Entry>& ring, const std::string& key,
                          std::vector<std::uint8_t>& bytes) {
  bytes.assign(key.begin(), key.end());
  bytes.push_back(0xFF);
  const std::uint64_t hash = XXH64(bytes.data(), bytes.size(), 0);
  const auto entry = std::lower_bound(ring.begin(), ring.end(), hash,
                                      [](const Entry& e, std::uint64_t h) { return e.hash < h; });
  return entry == ring.end() ? ring.front().endpoint : entry->endpoint;
}

void time_ring(const std::vector<std::string>& addresses, std::size_t min_ring_size, int times) {
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto ring = build_ring(addresses, min_ring_size);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    std::printf("%.0f %016llx\n", took.count(), static_cast<unsigned long long>(ring.front().hash));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::fputs("usage: plain_explain ADDRESSES MIN_RING_SIZE KEYS [--each]\n", stderr), 2;
  std::ifstream list(argv[1]);
  std::vector<std::string> addresses;
  for (std::string line; std::getline(list, line);) addresses.push_back(line);
  const auto min_ring_size = static_cast<std::size_t>(std::atoll(argv[2]));
  if (std::strcmp(argv[3], "--ring") == 0) return time_ring(addresses, min_ring_size, std::atoi(argv[4])), 0;

  const bool each = argc > 4 && std::strcmp(argv[4], "--each") == 0;
  const std::vector<Entry> ring = build_ring(addresses, min_ring_size);
  std::vector<std::uint64_t> counts(addresses.size());
  std::ios::sync_with_stdio(false);
  std::ifstream keys(argv[3]);
  std::vector<std::uint8_t> bytes;
  for (std::string key; std::getline(keys, key);) {
    const std::uint32_t endpoint = endpoint_of(ring, key, bytes);
    ++counts[endpoint];
    if (each) std::cout << addresses[endpoint] << '\n';
  }
  if (each) return 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) std::cout << addresses[i] << ' ' << counts[i] << '\n';
}
