#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "junction/balancer.hpp"
#include "junction/policy.hpp"
#include "tools/explain/asked.hpp"

namespace junctionctl::explain {

/// A policy for people: "RingHash, at least 1024 entries, by QueryParam query".
std::string policy_words(const junction::Policy& policy);

/// What was asked, as it may be shown on a terminal: the value, the URL, or "(hash)".
std::string asked_words(const AskedRequest& asked);

/// A part of the whole as a percentage, with one decimal, or two where a fair share is below one percent.
std::string percent_words(double part, std::size_t endpoints);

/// A count; one that is an estimate with three digits, "~666k".
std::string count_words(std::uint64_t count, bool exact);

/// The endpoint, or in parentheses why there is none to name.
std::string place_words(const junction::Pick& pick);

}  // namespace junctionctl::explain
