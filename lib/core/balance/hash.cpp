#include "junction/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace junction {

std::uint64_t xxh64(std::string_view bytes, std::uint64_t seed) {
  return XXH64(bytes.data(), bytes.size(), seed);
}

std::string hex64(std::uint64_t hash) {
  return fmt::format("{:016x}", hash);
}

}  // namespace junction
