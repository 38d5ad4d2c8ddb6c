#include "core/balance/junction_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/balance/little_endian.hpp"
#include "core/balance/short_xxh64.hpp"
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

std::uint32_t load_le(std::span<const std::uint8_t, 4> bytes) {
  return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

/// The hashes of an endpoint's entries. IPv4, all that Junction's control plane hands out, stays below 32
/// bytes in both layouts and ends in the same 14: those in front are hashed once.
class EntryHashes {
 public:
  EntryHashes(const SocketAddress& address, RustLayout layout)
      : is_v4_(address.family == SocketAddress::Family::v4),
        bytes_(address, layout),
        prefix_(layout == RustLayout::plain ? 22 : 30) {
    prefix_.eight(0);
    if (layout == RustLayout::length_prefixed) prefix_.eight(4);
    octets_and_port_ = load_le(std::span(address.ip).first<4>()) | std::uint64_t{address.port} << 32;
  }

  std::uint64_t operator()(std::uint32_t index) {
    if (!is_v4_) return xxh64(bytes_.with_index(index));
    ShortXxh64 hash = prefix_;
    hash.eight(octets_and_port_ | std::uint64_t{index} << 48);
    hash.four(index >> 16);
    hash.one(0);
    hash.one(0);
    return hash.finish();
  }

 private:
  bool is_v4_;
  EntryBytes bytes_;
  ShortXxh64 prefix_;
  std::uint64_t octets_and_port_ = 0;
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
    EntryHashes hash(endpoints[endpoint].address, layout);
    for (std::uint32_t replica = 0; replica < each; ++replica)
      entries.push_back({hash(replica), endpoint, replica});
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
