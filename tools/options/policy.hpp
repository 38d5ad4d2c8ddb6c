#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "junction/policy.hpp"
#include "junction/result.hpp"
#include "tools/io.hpp"

namespace junctionctl {

/// What the flags of a verb say of a policy, as typed.
struct PolicyFlags {
  std::optional<std::string> lb;  ///< a type, or the whole policy as JSON or @FILE
  std::optional<std::int64_t> min_ring_size;
  std::vector<junction::HashParam> hash_params;  ///< of all kinds, in the order of the command line

  /// Whether there is more than a type: --min-ring-size or one of --hash-*.
  [[nodiscard]] bool parts() const { return min_ring_size || !hash_params.empty(); }
  [[nodiscard]] bool any() const { return lb || parts(); }
};

/// The policy that the flags make. --lb says a type or the whole; without it they change `base`, which then
/// becomes a RingHash policy. REQUIRES: --lb or a base. Fails (usage) on flags that do not go together and on
/// what is no policy, naming the flag.
junction::Result<junction::Policy> policy_of_flags(
    const PolicyFlags& flags, const std::optional<junction::Policy>& base = std::nullopt);

/// Declares --hash-query or one of its like; read_hash_params() has the values.
CLI::Option* add_hash_option(CLI::App& verb, const char* name, const char* help);

/// --hash-query and its like as they were typed: in their order over all of these options. NAME,terminal
/// marks NAME as terminal. To be called once `verb` is parsed.
std::vector<junction::HashParam> read_hash_params(const CLI::App& verb);

/// Says on stderr what the lints say of a policy that somebody is about to write.
void warn_of_policy(const junction::Policy& policy, Io& io);

}  // namespace junctionctl
