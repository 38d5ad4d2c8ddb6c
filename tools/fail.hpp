#pragma once

#include <string_view>

#include "junction/result.hpp"
#include "tools/io.hpp"

namespace junctionctl {

/// Says "junctionctl: <message>" on stderr, in one line whatever is in the message.
void say(Io& io, std::string_view message);

/// Says on stderr why it failed, "junctionctl: <message>", and returns the exit code for that kind of
/// failure.
int fail(Io& io, const junction::Error& error);

}  // namespace junctionctl
