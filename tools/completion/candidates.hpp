#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tools/completion/names.hpp"

namespace junctionctl::completion {

/// What may stand where the cursor is.
struct Candidates {
  struct One {
    std::string text;
    std::string words;  ///< what it is, in a line; may be empty
  };
  std::vector<One> list;
  bool files = false;  ///< names of files as well
};

/// For the last of `words`, which is still being typed and may be empty; those before it are whole. `app` has
/// the verb that is among them, or every verb where none is. `names` looks up what a cluster and a kubeconfig
/// have.
Candidates candidates(CLI::App& app, const std::vector<std::string>& words, const Names& names);

}  // namespace junctionctl::completion
