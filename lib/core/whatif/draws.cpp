#include "junction/draws.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/balance/split_mix.hpp"
#include "core/whatif/wide.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

/// Random numbers that depend on a seed and a draw alone.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t draw) : key_(split_mix(split_mix(seed) + draw)) {}

  std::uint64_t next() { return split_mix(key_ + count_++); }
  /// From 0 to `bound` - 1.
  std::uint64_t below(std::uint64_t bound) { return static_cast<std::uint64_t>(Wide{next()} * bound >> 64); }

 private:
  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

/// Where new addresses come from: those known with some last bytes replaced.
struct Network {
  SocketAddress base;
  std::size_t length = 0;  ///< of an address, in bytes
  std::size_t fixed = 0;   ///< bytes that all have in common
};

Network network_of(std::span<const Endpoint> known, std::size_t count) {
  const SocketAddress& first = known.front().address;
  if (first.family == SocketAddress::Family::v6) return {first, 16, 8};
  constexpr std::size_t length = 4;
  std::size_t fixed = length - 1;
  const auto differs = [&](const Endpoint& endpoint) {
    return endpoint.address.family == first.family &&
           !std::equal(first.ip.begin(), first.ip.begin() + static_cast<std::ptrdiff_t>(fixed),
                       endpoint.address.ip.begin());
  };
  const auto room = [&] { return std::size_t{1} << (8 * (length - fixed)); };
  while (fixed > 1 &&
         (room() < 2 * (known.size() + count + 2) || std::any_of(known.begin(), known.end(), differs)))
    --fixed;
  return {first, length, fixed};
}

/// The port and weight that most have.
Endpoint typical(std::span<const Endpoint> known) {
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::size_t> counts;
  for (const Endpoint& endpoint : known) ++counts[{endpoint.address.port, endpoint.weight}];
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  Endpoint endpoint;
  endpoint.address.port = most->first.first;
  endpoint.weight = most->first.second;
  return endpoint;
}

SocketAddress draw_address(const Network& network, std::uint16_t port, Random& random) {
  SocketAddress address = network.base;
  address.port = port;
  std::uint64_t bits = random.next();
  for (std::size_t i = network.fixed; i < network.length; ++i, bits >>= 8)
    address.ip[i] = static_cast<std::uint8_t>(bits);
  // No pod has the first or last address of a network.
  std::uint8_t& last = address.ip[network.length - 1];
  if (last == 0 || last == 255) last = static_cast<std::uint8_t>(1 + random.below(254));
  return address;
}

// How many sets of `count` out of `of` there are, or `most` + 1 where they are more.
std::size_t number_of_sets(std::size_t count, std::size_t of, std::size_t most) {
  Wide sets = 1;
  for (std::size_t i = 1; i <= std::min(count, of - count); ++i) {
    sets = sets * (of - i + 1) / i;
    if (sets > most) return most + 1;
  }
  return static_cast<std::size_t>(sets);
}

// Makes the set that follows in lexicographic order; false: it was the last.
bool next_set(std::vector<std::uint32_t>& set, std::size_t of) {
  for (std::size_t i = set.size(); i-- > 0;) {
    if (set[i] == of - set.size() + i) continue;
    std::iota(set.begin() + static_cast<std::ptrdiff_t>(i), set.end(), set[i] + 1);
    return true;
  }
  return false;
}

}  // namespace

std::vector<Endpoint> draw_endpoints(std::span<const Endpoint> known, std::size_t count, std::uint64_t seed,
                                     std::uint64_t draw) {
  assert(!known.empty());
  const Network network = network_of(known, count);
  Endpoint endpoint = typical(known);
  std::unordered_set<SocketAddress> taken;
  for (const Endpoint& each : known) taken.insert(each.address);
  Random random(seed, draw);
  std::vector<Endpoint> drawn;
  while (drawn.size() < count) {
    endpoint.address = draw_address(network, endpoint.address.port, random);
    if (taken.insert(endpoint.address).second) drawn.push_back(endpoint);
  }
  return drawn;
}

std::vector<std::uint32_t> draw_order(std::size_t count, std::uint64_t seed, std::uint64_t draw) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  Random random(seed, draw);
  for (std::size_t left = count; left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

bool all_sets(std::size_t count, std::size_t of, std::size_t most) {
  return number_of_sets(count, of, most) <= most;
}

std::vector<std::vector<std::uint32_t>> choose_sets(std::size_t count, std::size_t of, std::size_t most,
                                                    std::uint64_t seed) {
  assert(count <= of);
  std::vector<std::vector<std::uint32_t>> sets;
  if (all_sets(count, of, most)) {
    std::vector<std::uint32_t> set(count);
    std::iota(set.begin(), set.end(), 0U);
    do sets.push_back(set);
    while (next_set(set, of));
    return sets;
  }
  for (std::size_t draw = 0; draw < most; ++draw) {
    std::vector<std::uint32_t> set = draw_order(of, seed, draw);
    set.resize(count);
    std::sort(set.begin(), set.end());
    sets.push_back(std::move(set));
  }
  return sets;
}

// A Deployment's pods end in five letters and digits, which as a number are above 9999.
std::optional<std::vector<std::uint32_t>> stateful_order(std::span<const Endpoint> endpoints) {
  constexpr std::uint32_t highest = 9999;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ordinals;
  std::string_view set;
  for (const Endpoint& endpoint : endpoints) {
    const std::string_view pod = endpoint.pod;
    const std::size_t dash = pod.rfind('-');
    if (dash == std::string_view::npos || dash == 0) return std::nullopt;
    const auto ordinal = whole_number<std::uint32_t>(pod.substr(dash + 1));
    if (!ordinal || *ordinal > highest || (!set.empty() && set != pod.substr(0, dash))) return std::nullopt;
    set = pod.substr(0, dash);
    ordinals.emplace_back(*ordinal, static_cast<std::uint32_t>(ordinals.size()));
  }
  if (ordinals.empty()) return std::nullopt;
  std::sort(ordinals.rbegin(), ordinals.rend());
  std::vector<std::uint32_t> order;
  for (const auto& [ordinal, endpoint] : ordinals) order.push_back(endpoint);
  return order;
}

Spread spread_of(std::vector<double> values) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  return {values[(values.size() - 1) / 2], values.front(), values.back()};
}

}  // namespace junction
