#pragma once

#include <string>
#include <vector>

#include "tools/command.hpp"

namespace junctionctl::completion {

void add(CLI::App& app, Run& chosen);

/// Whether the words are those of a shell that asks what could be typed: "__complete", then the words so far.
bool is_asked_for(const std::vector<std::string>& words);

/// Answers it: a candidate a line, a tab and what it is behind it; then ":0" where files fit as well, else
/// ":4". It is how cobra's programs answer, and so what kubectl expects of a plugin (KEP 2379). `app` has
/// every verb.
int offer(CLI::App& app, std::vector<std::string> words, Io& io);

}  // namespace junctionctl::completion
