#pragma once

#include <string>
#include <string_view>

namespace junction {

/// A log's line without what was put around it on its way here: colours, `kubectl logs --prefix` and
/// --timestamps, stern's and docker compose's names, CRI's time and stream, syslog's and journald's header.
/// `room` holds the line where colours had to be taken out.
std::string_view unwrapped(std::string_view line, std::string& room);

}  // namespace junction
