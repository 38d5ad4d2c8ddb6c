#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "junction/endpoint.hpp"
#include "junction/result.hpp"

namespace junction::sandbox {

/// A piece of the loopback network, 127.a.b.0/24, that one sandbox has to itself: pod 0 is 127.a.b.10, and so
/// on. The claim is a socket on 127.a.b.1, so that several sandboxes on one machine keep apart and a killed
/// one leaves nothing.
class PodNetwork {
 public:
  static constexpr std::uint16_t port = 8080;  ///< the pods' container port, and the Service's targetPort
  static constexpr std::uint32_t most_pods = 200;

  /// The first free network in which the story holds (see story_holds). An address depends on nothing else,
  /// so on a machine with one sandbox the pods always have the same.
  static Result<PodNetwork> claim_any();
  /// `text` is like "127.20.3".
  static Result<PodNetwork> claim(const std::string& text);

  PodNetwork(PodNetwork&& other) noexcept;
  PodNetwork& operator=(PodNetwork&&) = delete;
  ~PodNetwork();

  [[nodiscard]] SocketAddress pod(std::uint32_t index) const;
  [[nodiscard]] std::string to_string() const;  ///< "127.20.3.0/24"

 private:
  PodNetwork(std::uint8_t a, std::uint8_t b, int claim) : a_(a), b_(b), claim_(claim) {}
  static int try_claim(std::uint8_t a, std::uint8_t b);

  std::uint8_t a_, b_;
  int claim_;
};

/// Whether ring hashing spreads the tutorial's ten queries over these replicas so that none gets more than
/// five. Where on the ring an address falls is chance; on a real cluster luck decides, a sandbox picks
/// addresses that have it.
bool story_holds(const std::vector<SocketAddress>& replicas);

}  // namespace junction::sandbox
