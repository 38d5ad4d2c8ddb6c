#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "junction/endpoint.hpp"

namespace junction {

/// Numbers for addresses, from 0 in the order they are first met.
class Owners {
 public:
  /// The number of each endpoint's address.
  std::vector<std::uint32_t> add(std::span<const Endpoint> endpoints) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(endpoints.size());
    for (const Endpoint& endpoint : endpoints) {
      const auto next = static_cast<std::uint32_t>(numbers_.size());
      numbers.push_back(numbers_.try_emplace(endpoint.address, next).first->second);
    }
    return numbers;
  }

  [[nodiscard]] std::size_t count() const { return numbers_.size(); }

 private:
  std::unordered_map<SocketAddress, std::uint32_t> numbers_;
};

}  // namespace junction
