#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace junctionctl::judge {

/// What must come out: written down while the Service is made up, from the tables in random_services.cpp, and
/// not by anything that reads one.
struct Expected {
  bool dropped = false;             ///< by Junction's control plane
  bool dropped_with_flags = false;  ///< the same once flags say the policy of the port
  std::string policy;               ///< of the port, as the control plane writes it
  std::vector<std::string> endpoints;
};

/// A Service with its EndpointSlices as the API server has them, and a port of it to ask about.
struct Case {
  nlohmann::json service;
  std::vector<nlohmann::json> slices;
  std::uint16_t port = 0;
  Expected expected;
  std::vector<std::string> kinds;  ///< rows of the tables that went into it: "bad JSON", "port it lacks"
};

/// `count` of them, the same for the same seed on every machine.
std::vector<Case> random_services(std::size_t count, std::uint64_t seed);

/// What must be among the kinds of many cases.
std::vector<std::string> all_kinds();

}  // namespace junctionctl::judge
