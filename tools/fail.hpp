#pragma once

#include "junction/result.hpp"
#include "tools/io.hpp"

namespace junctionctl {

/// Says on stderr why it failed, "junctionctl: <message>", and returns the exit code for that kind of
/// failure.
int fail(Io& io, const junction::Error& error);

}  // namespace junctionctl
