#pragma once

#include <string>

#include "junction/balancer.hpp"
#include "junction/policy.hpp"
#include "tools/explain/asked.hpp"

namespace junctionctl::explain {

/// A policy for people: "RingHash, at least 1024 entries, by QueryParam query".
std::string policy_words(const junction::Policy& policy);

/// What was asked, as it may be shown on a terminal: the value, the URL, or "(hash)".
std::string asked_words(const AskedRequest& asked);

/// The endpoint, or in parentheses why there is none to name.
std::string place_words(const junction::Pick& pick);

}  // namespace junctionctl::explain
