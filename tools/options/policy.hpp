#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "junction/policy.hpp"
#include "junction/result.hpp"

namespace junctionctl {

/// Declares --hash-query or one of its like; read_hash_params() has the values.
CLI::Option* add_hash_option(CLI::App& verb, const char* name, const char* help);

/// --hash-query and its like as they were typed: in their order over all of these options. NAME,terminal
/// marks NAME as terminal. To be called once `verb` is parsed.
std::vector<junction::HashParam> read_hash_params(const CLI::App& verb);

/// Refuses a parameter without a name.
junction::Result<void> check_hash_params(const std::vector<junction::HashParam>& params);

/// Whether --lb says the whole policy, as JSON or @FILE, and not its type alone.
bool is_whole_policy(const std::string& lb);

/// What --lb says: a policy's type, its JSON, or @FILE with the policy or a Backend, YAML or JSON.
junction::Result<junction::Policy> parse_policy_argument(const std::string& lb);

}  // namespace junctionctl
