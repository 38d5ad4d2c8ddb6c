#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/balance/entry_keys.hpp"
#include "core/balance/implementations/list.hpp"
#include "core/balance/request_hash.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

constexpr std::uint64_t largest_table = 5000011;  // Envoy's maglev.proto

bool is_prime(std::uint64_t number) {
  if (number < 4) return number > 1;
  if (number % 2 == 0) return false;
  for (std::uint64_t divisor = 3; divisor * divisor <= number; divisor += 2)
    if (number % divisor == 0) return false;
  return true;
}

std::uint64_t prime_from(std::uint64_t number) {
  while (!is_prime(number)) ++number;
  return number;
}

/// A host's own order of all slots: offset, offset + skip, ... modulo the table's (prime) size.
struct Permutation {
  std::uint32_t endpoint = 0;
  double weight = 0;
  double target = 0;  ///< grows by the largest weight with each turn taken
  std::uint64_t slot = 0;
  std::uint64_t skip = 0;
};

std::vector<Permutation> permutations(std::span<const Weighted> hosts, std::uint64_t size) {
  std::uint64_t sum = 0;
  for (const Weighted& host : hosts) sum += host.weight;
  std::vector<Permutation> all;
  for (const Weighted& host : hosts)
    all.push_back({.endpoint = host.endpoint,
                   .weight = static_cast<double>(host.weight) / static_cast<double>(sum),
                   .slot = xxh64(host.key) % size,
                   .skip = xxh64(host.key, 1) % (size - 1) + 1});
  return all;
}

std::vector<std::uint32_t> fill(std::vector<Permutation> hosts, std::uint64_t size) {
  constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();
  double heaviest = 0;
  for (const Permutation& host : hosts) heaviest = std::max(heaviest, host.weight);
  std::vector<std::uint32_t> table(size, unset);
  std::uint64_t filled = 0;
  for (std::uint64_t round = 1; filled < size; ++round) {
    for (Permutation& host : hosts) {
      if (filled == size) break;
      if (static_cast<double>(round) * host.weight < host.target) continue;
      host.target += heaviest;
      while (table[host.slot] != unset) host.slot = (host.slot + host.skip) % size;
      table[host.slot] = host.endpoint;
      ++filled;
    }
  }
  return table;
}

/// Envoy's Maglev. Source: Envoy source/extensions/load_balancing_policies/maglev/maglev_lb.cc; Eisenbud et
/// al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016, section 3.4.
class Maglev final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "maglev"; }
  [[nodiscard]] std::string_view summary() const override { return "Envoy's maglev"; }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    if (endpoints.empty() || options.table_size > max_placement_size) return {};
    std::vector<Weighted> hosts;
    for (const Endpoint& endpoint : endpoints)
      hosts.push_back({envoy_key(endpoint, options), static_cast<std::uint32_t>(hosts.size()),
                       effective_weight(endpoint)});
    std::stable_sort(hosts.begin(), hosts.end(),
                     [](const Weighted& a, const Weighted& b) { return a.key < b.key; });
    const std::uint64_t size = prime_from(options.table_size);
    return Placement(fill(permutations(hosts, size), size));
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    if (options.table_size > largest_table || !is_prime(options.table_size))
      return Error{
          ErrorKind::invalid,
          fmt::format("maglev refuses table_size {}: write a prime up to {}, such as {}", options.table_size,
                      largest_table, prime_from(std::min(options.table_size, largest_table)))};
    return check_weights("maglev", endpoints);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t,
                                        const PlacementOptions& options) const override {
    return envoy_key(endpoint, options);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return hash_as_envoy(request, params, steps);
  }
};

}  // namespace

const Implementation& maglev_implementation() {
  static const Maglev maglev;
  return maglev;
}

}  // namespace junction
