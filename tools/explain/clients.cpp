#include "tools/explain/clients.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "junction/closest_word.hpp"
#include "junction/policy_json.hpp"
#include "tools/explain/steps.hpp"
#include "tools/output/table.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Explanation;
using junction::HashStep;
using junction::PickReason;
using junction::Result;

junction::PlacementOptions placement_options(const Options& options, const Subject& subject) {
  junction::PlacementOptions placement;
  placement.min_ring_size = subject.backend.policy.min_ring_size;
  placement.max_ring_size = options.max_ring_size;
  placement.table_size = options.table_size;
  placement.key_hash = options.murmur ? junction::KeyHash::murmur2 : junction::KeyHash::xxh64;
  placement.use_hostname_for_hashing = options.use_hostname;
  return placement;
}

std::string param_words(const HashStep& step) {
  return fmt::format("{} {}", junction::hash_param_type_name(step.param.type), printable(step.param.name));
}

std::string value_words(const HashStep& step) {
  if (step.values.size() == 1) return fmt::format("'{}'", printable(step.values.front()));
  return fmt::format("\"{}\"", text_bytes(step.bytes));
}

// What one policy did differently; empty: the same.
std::string step_difference(const HashStep& reference, const HashStep& other) {
  const std::string name = param_words(other);
  if (reference.value && !other.value) return fmt::format("does not hash {}", name);
  if (!reference.value && other.value) return fmt::format("hashes {} where Junction finds nothing", name);
  if (reference.values != other.values)
    return fmt::format("reads {} as {}, Junction as {}", name, value_words(other), value_words(reference));
  if (reference.value != other.value) return fmt::format("hashes other bytes of {}", name);
  if (reference.stopped != other.stopped) return fmt::format("stops after {} differently", name);
  return {};
}

std::string hash_difference(const Explanation& reference, const Explanation& other) {
  const std::size_t steps = std::min(reference.steps.size(), other.steps.size());
  std::vector<std::string> found;
  for (std::size_t i = 0; i < steps; ++i)
    if (auto words = step_difference(reference.steps[i], other.steps[i]); !words.empty())
      found.push_back(std::move(words));
  if (found.empty()) return "looks at other policies";
  return fmt::format("{}", fmt::join(found, "; "));
}

}  // namespace

Client::Client(const junction::Implementation& implementation, const junction::PlacementOptions& placement,
               const Subject& subject)
    : implementation_(&implementation),
      placement_(placement),
      listed_(implementation.is_junction() ? subject.backend.endpoints : subject.backend.kubernetes) {
  const junction::kube::Backend& backend = subject.backend;
  if (backend.policy.hashes() && !listed_.endpoints.empty())
    if (auto checked = implementation.check(listed_.endpoints, placement); !checked)
      refusal_ = checked.error().message;
  balancer_ = std::make_unique<junction::Balancer>(implementation,
                                                   junction::Balancer::Options{.placement = placement});
  std::vector<junction::Endpoint> in_force;
  if (refusal_.empty()) in_force = implementation.is_junction() ? backend.in_force() : listed_.endpoints;
  balancer_->update(std::move(in_force), backend.policy);
  state_ = balancer_->state();
}

std::vector<junction::Lint> Client::lint(const Subject& subject) const {
  return junction::lint_backend({.service = subject.service ? &subject.backend.service : nullptr,
                                 .port = subject.backend.port,
                                 .endpoints = listed_.endpoints,
                                 .excluded = listed_.excluded,
                                 .slices = listed_.slices,
                                 .from_files = subject.from_files,
                                 .refusals = subject.backend.refusals,
                                 .policy = &subject.backend.policy,
                                 .placement = &state_.placement,
                                 .implementation = implementation_,
                                 .options = placement_});
}

junction::Derivation Client::derive(const Explanation& explanation, bool hash_given) const {
  return junction::derive(explanation, state_, *implementation_, placement_, hash_given);
}

Result<std::vector<Client>> make_clients(const Options& options, const Subject& subject) {
  const auto placement = placement_options(options, subject);
  std::vector<Client> clients;
  if (options.impl == "all") {
    for (const junction::Implementation* const implementation : junction::implementations())
      clients.emplace_back(*implementation, placement, subject);
    return clients;
  }
  const junction::Implementation* const implementation = junction::find_implementation(options.impl);
  if (!implementation) {
    std::vector<std::string> names;
    for (const auto* const known : junction::implementations()) names.emplace_back(known->name());
    names.emplace_back("all");
    return junction::usage_error(fmt::format("--impl: '{}' is none of {}{}", options.impl,
                                             fmt::join(names, ", "),
                                             junction::did_you_mean(options.impl, names)));
  }
  clients.emplace_back(*implementation, placement, subject);
  if (!clients.front().refusal().empty()) return Error{ErrorKind::invalid, clients.front().refusal()};
  return clients;
}

std::string difference(const Explanation& reference, const Explanation& other) {
  const bool same_place =
      reference.pick.reason == other.pick.reason && reference.pick.address == other.pick.address;
  if (same_place && reference.pick.reason != PickReason::random) return {};
  if (reference.pick.reason == PickReason::no_endpoints && other.pick.reason != PickReason::no_endpoints)
    return "has endpoints where Junction has none";
  if (reference.pick.reason == PickReason::unknown) return {};  // nobody can say that it differs
  if (other.pick.reason == PickReason::unknown) return "hashes something that is not known of the request";
  if (reference.pick.hash != other.pick.hash) {
    const std::string words = hash_difference(reference, other);
    return other.pick.hash ? words : words + ", so its choice is random";
  }
  if (!other.pick.hash) return {};
  return other.pick.reason == PickReason::no_endpoints ? "refuses these endpoints"
                                                       : "the same hash, on another ring";
}

}  // namespace junctionctl::explain
