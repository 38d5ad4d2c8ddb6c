#pragma once

#include <functional>
#include <memory>
#include <string>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/http_server.hpp"

namespace junction::sandbox {

/// Serves `api` over HTTPS at 127.0.0.1:`port` (0: any free one), to whom calls it by a name of its
/// certificate or a loopback address. `api` and `connections` must outlive the server.
Result<std::unique_ptr<HttpServer>> serve_api(Api& api, const Pki& pki, std::uint16_t port,
                                              ConnectionRegistry& connections,
                                              std::function<void(const std::string&)> on_trouble);

}  // namespace junction::sandbox
