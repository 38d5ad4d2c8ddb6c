#pragma once

#include <memory>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/http_server.hpp"

namespace junction::sandbox {

/// Serves `api` over HTTPS at 127.0.0.1:`port` (0: any free one). `api` must outlive the server.
Result<std::unique_ptr<HttpServer>> serve_api(Api& api, const Pki& pki, std::uint16_t port);

}  // namespace junction::sandbox
