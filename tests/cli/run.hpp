#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "tools/cli.hpp"

namespace junctionctl {

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

/// The whole program with these words behind its name and this on standard input.
inline Outcome run(std::vector<const char*> words, const std::string& input = {}) {
  words.insert(words.begin(), "junctionctl");
  std::istringstream in(input);
  std::ostringstream out, err;
  Io io{in, out, err};
  const int code = run_cli(static_cast<int>(words.size()), words.data(), io);
  return {code, out.str(), err.str()};
}

}  // namespace junctionctl
