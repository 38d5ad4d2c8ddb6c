#pragma once

namespace junction {

/// Makes libcurl ready, once for the process: it wants one initialisation before any thread uses it, and a
/// process that sends nothing should not pay for it. From any thread.
void initialise_curl();

}  // namespace junction
