#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "junction/derivation.hpp"

namespace junctionctl::explain {

/// The steps as JSON: a list of objects that each say in "step" which kind they are.
nlohmann::ordered_json steps_json(const junction::Derivation& steps);

/// The steps in words: a label ("rule", "hash param 1") and a line of text each.
struct StepLine {
  std::string label;
  std::string text;
};
std::vector<StepLine> steps_text(const junction::Derivation& steps);

/// "ring_hash", "random", "round_robin", "no_endpoints", "unknown"
std::string_view reason_name(junction::PickReason reason);

std::string hex_bytes(std::string_view bytes);

/// Printable ASCII as it is, every other byte as \xNN.
std::string text_bytes(std::string_view bytes);

}  // namespace junctionctl::explain
