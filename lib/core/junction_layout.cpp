#include "core/junction_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/little_endian.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

// The bytes Rust's Hash writes for (&SocketAddr, usize): the family, the octets, the port, then the index;
// eight-byte numbers are little-endian. At most 8 + 8 + 16 + 2 + 4 + 4 + 8.
class EntryBytes {
 public:
  EntryBytes(const SocketAddress& address, RustLayout layout) {
    const bool v4 = address.family == SocketAddress::Family::v4;
    const std::uint8_t octets = v4 ? 4 : 16;
    std::uint8_t* to = put_le(bytes_.data(), std::uint64_t{v4 ? 0U : 1U});
    if (layout == RustLayout::length_prefixed) to = put_le(to, std::uint64_t{octets});
    to = std::copy_n(address.ip.begin(), octets, to);
    to = put_le(to, address.port);
    if (!v4) to = put_le(put_le(to, address.flow_info), address.scope_id);
    index_ = to;
  }

  std::string_view with_index(std::uint64_t index) {
    const std::uint8_t* const end = put_le(index_, index);
    return {reinterpret_cast<const char*>(bytes_.data()), static_cast<std::size_t>(end - bytes_.data())};
  }

 private:
  std::array<std::uint8_t, 50> bytes_{};
  std::uint8_t* index_ = nullptr;
};

std::uint64_t repeats(std::size_t endpoints, const PlacementOptions& options) {
  return std::max<std::uint64_t>((options.min_ring_size + endpoints - 1) / endpoints, 1);
}

}  // namespace

Placement junction_placement(std::span<const Endpoint> endpoints, const PlacementOptions& options,
                             RustLayout layout) {
  if (endpoints.empty()) return {};
  const std::uint64_t each = repeats(endpoints.size(), options);
  if (each * endpoints.size() > max_placement_size) return {};
  std::vector<RingEntry> entries;
  entries.reserve(each * endpoints.size());
  for (std::uint32_t endpoint = 0; endpoint < endpoints.size(); ++endpoint) {
    EntryBytes bytes(endpoints[endpoint].address, layout);
    for (std::uint32_t replica = 0; replica < each; ++replica)
      entries.push_back({xxh64(bytes.with_index(replica)), endpoint, replica});
  }
  return Placement(Ring(std::move(entries)));
}

std::string junction_entry_bytes(const SocketAddress& address, std::uint64_t replica, RustLayout layout) {
  return std::string(EntryBytes(address, layout).with_index(replica));
}

Result<void> check_junction(std::span<const Endpoint> endpoints, const PlacementOptions& options) {
  if (endpoints.empty()) return {};
  const std::uint64_t size = repeats(endpoints.size(), options) * endpoints.size();
  if (size <= max_placement_size) return {};
  return Error{ErrorKind::unsupported,
               fmt::format("min_ring_size {} makes a ring of {} entries, more than the {} that "
                           "can be built here: lower it",
                           options.min_ring_size, size, max_placement_size)};
}

}  // namespace junction
