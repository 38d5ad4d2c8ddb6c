#include "core/routing/share_lints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace junction {
namespace {

constexpr double uneven = 0.20;  // how far a share may be off the mean share, as part of it

/// The address whose share is farthest off the mean, and by which part of the mean it is.
struct Farthest {
  SocketAddress address;
  double share = 0;
  double off = 0;
  std::size_t addresses = 0;
};

Farthest farthest_of(std::span<const Endpoint> endpoints, const Placement& placement) {
  std::map<SocketAddress, double> by_address;
  const auto shares = placement.shares(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size(); ++i) by_address[endpoints[i].address] += shares[i];
  Farthest farthest{.address = {}, .addresses = by_address.size()};
  if (placement.empty()) return farthest;
  for (const auto& [address, share] : by_address) {
    const double off = std::abs(share * static_cast<double>(by_address.size()) - 1);
    if (off > farthest.off) farthest = {address, share, off, by_address.size()};
  }
  return farthest;
}

std::vector<Endpoint> without_duplicates(std::span<const Endpoint> endpoints) {
  std::map<SocketAddress, const Endpoint*> first;
  std::vector<Endpoint> once;
  for (const Endpoint& endpoint : endpoints)
    if (first.emplace(endpoint.address, &endpoint).second) once.push_back(endpoint);
  return once;
}

/// Looks for a size at which these endpoints have even shares.
class EvenSize {
 public:
  explicit EvenSize(const LintedBackend& backend) : backend_(backend) {}

  struct Found {
    std::uint64_t size = 0;
    bool tried = false;  ///< the ring or table was built, and is even
  };

  [[nodiscard]] std::optional<Found> find() const { return backend_.placement->table() ? table() : ring(); }

 private:
  [[nodiscard]] Placement built(PlacementOptions options) const {
    if (!backend_.implementation->check(backend_.endpoints, options)) return {};
    return backend_.implementation->place(backend_.endpoints, options);
  }

  [[nodiscard]] bool is_even(const Placement& placement) const {
    return placement.size() >= backend_.endpoints.size() &&
           farthest_of(backend_.endpoints, placement).off <= uneven;
  }

  [[nodiscard]] std::optional<Found> table() const {
    constexpr std::uint64_t usual = 65537;
    PlacementOptions options = backend_.options;
    options.table_size = usual;
    if (backend_.placement->size() >= usual || !is_even(built(options))) return std::nullopt;
    return Found{usual, true};
  }

  // An arc of k entries has a share that is off by 1/sqrt(k) of it in the mean, and the worst of n by
  // sqrt(2 ln 2n) times that.
  [[nodiscard]] double size_by_estimate() const {
    const auto n = static_cast<double>(backend_.endpoints.size());
    return n * 2 * std::log(2 * n) / (uneven * uneven);
  }

  // The smallest power of two whose ring is even. Rings beyond 2^17 are not built for a hint.
  [[nodiscard]] std::optional<Found> ring() const {
    constexpr std::uint64_t least = 1024, largest = std::uint64_t{1} << 17;
    const std::uint64_t current = backend_.policy->min_ring_size;
    const double estimate = size_by_estimate();
    bool tried = false;
    std::uint64_t size = std::min(largest, std::bit_ceil(std::max(least, backend_.endpoints.size() * 64)));
    for (; size <= largest; size *= 2) {
      const bool hopeless = static_cast<double>(size) < estimate / 2.5;
      if (size <= current || (tried && hopeless)) continue;
      PlacementOptions options = backend_.options;
      options.min_ring_size = static_cast<std::uint32_t>(size);
      const Placement placement = built(options);
      if (placement.size() < size / 2) return std::nullopt;  // this client has a limit below it
      if (is_even(placement)) return Found{size, true};
      tried = true;
    }
    const std::uint64_t beyond = std::bit_ceil(static_cast<std::uint64_t>(estimate));
    if (beyond <= std::max(current, largest) || beyond > backend_.options.max_ring_size) return std::nullopt;
    return Found{beyond, false};
  }

  const LintedBackend& backend_;
};

std::string size_remedy(const LintedBackend& backend) {
  const auto even = EvenSize(backend).find();
  const char* const flag = backend.placement->table() ? "--table-size" : "--min-ring-size";
  if (even && even->tried) return fmt::format("set {} to {}: shares are even then", flag, even->size);
  if (even)
    return fmt::format("set {} to about {} (an estimate: rings of up to 131072 entries are not even)", flag,
                       even->size);
  return fmt::format("no size was found at which {} shares evenly among so many: fewer share more evenly",
                     backend.implementation->name());
}

Lint uneven_shares(const LintedBackend& backend, const Farthest& far) {
  const std::size_t endpoints = far.addresses;
  std::string remedy;
  if (const auto once = without_duplicates(backend.endpoints); once.size() < backend.endpoints.size())
    if (farthest_of(once, backend.implementation->place(once, backend.options)).off <= uneven)
      remedy = "list each address once: shares are even then";
  if (remedy.empty()) remedy = size_remedy(backend);
  return {"uneven-shares", Severity::warning,
          fmt::format(
              "{0} has {1:.{5}f}% of the hash space where {2:.{5}f}% is fair, with {3} {6} for {4} endpoints",
              far.address.to_string(), 100 * far.share, 100.0 / static_cast<double>(endpoints),
              backend.placement->size(), endpoints, endpoints > 100 ? 2 : 1,
              backend.placement->table() ? "slots" : "entries"),
          std::move(remedy)};
}

std::optional<Lint> too_small(const LintedBackend& backend) {
  const std::size_t endpoints = backend.endpoints.size();
  if (backend.placement->table()) {
    if (backend.placement->size() >= endpoints) return std::nullopt;
    return Lint{
        "ring-below-endpoints", Severity::warning,
        fmt::format("a table of {} slots is below the {} endpoints", backend.placement->size(), endpoints),
        size_remedy(backend)};
  }
  if (backend.policy->min_ring_size >= endpoints) return std::nullopt;
  return Lint{
      "ring-below-endpoints", Severity::warning,
      fmt::format("min_ring_size {} is below the {} endpoints", backend.policy->min_ring_size, endpoints),
      size_remedy(backend)};
}

}  // namespace

bool same_weights(std::span<const Endpoint> endpoints) {
  return std::all_of(endpoints.begin(), endpoints.end(),
                     [](const Endpoint& endpoint) { return endpoint.weight <= 1; });
}

std::optional<Lint> lint_shares(const LintedBackend& backend) {
  if (!backend.policy->hashes() || backend.endpoints.size() < 2) return std::nullopt;
  if (auto lint = too_small(backend)) return lint;
  const Farthest far = farthest_of(backend.endpoints, *backend.placement);
  if (far.off <= uneven || !same_weights(backend.endpoints)) return std::nullopt;
  return uneven_shares(backend, far);
}

}  // namespace junction
