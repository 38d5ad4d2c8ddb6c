#include <algorithm>
#include <array>
#include <string_view>

#include "core/little_endian.hpp"
#include "core/request_hash.hpp"
#include "junction/hash.hpp"
#include "junction/implementation.hpp"

namespace junction {
namespace {

// The bytes Rust's Hash writes for (&SocketAddr, usize): the family, the octets, the port, then the index;
// eight-byte numbers are little-endian. At most 8 + 16 + 2 + 4 + 4 + 8.
class EntryBytes {
 public:
  explicit EntryBytes(const SocketAddress& address) {
    const bool v4 = address.family == SocketAddress::Family::v4;
    std::uint8_t* to = put_le(bytes_.data(), std::uint64_t{v4 ? 0U : 1U});
    to = std::copy_n(address.ip.begin(), v4 ? 4 : 16, to);
    to = put_le(to, address.port);
    if (!v4) to = put_le(put_le(to, address.flow_info), address.scope_id);
    index_ = to;
  }

  std::uint64_t hash(std::uint64_t index) {
    const std::uint8_t* const end = put_le(index_, index);
    return xxh64(
        {reinterpret_cast<const char*>(bytes_.data()), static_cast<std::size_t>(end - bytes_.data())});
  }

 private:
  std::array<std::uint8_t, 42> bytes_{};
  std::uint8_t* index_ = nullptr;
};

class Junction final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "junction"; }

  [[nodiscard]] Ring ring(std::span<const Endpoint> endpoints,
                          const PlacementOptions& options) const override {
    if (endpoints.empty()) return {};
    const std::size_t n = endpoints.size();
    const std::size_t repeats = std::max<std::size_t>((options.min_ring_size + n - 1) / n, 1);
    std::vector<RingEntry> entries;
    entries.reserve(repeats * n);
    for (std::uint32_t endpoint = 0; endpoint < n; ++endpoint) {
      EntryBytes bytes(endpoints[endpoint].address);
      for (std::uint32_t replica = 0; replica < repeats; ++replica)
        entries.push_back({bytes.hash(replica), endpoint, replica});
    }
    return Ring(std::move(entries));
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return hash_as_junction(request, params, steps);
  }
};

}  // namespace

const Implementation& junction_implementation() {
  static const Junction junction;
  return junction;
}

}  // namespace junction
