#pragma once

#include <string>
#include <string_view>

#include "edge/kube/transport.hpp"
#include "junction/kube/config.hpp"

namespace junction::kube {

/// Says what is sent and what came back in kubectl's `-v` levels. Credentials never get out: Authorization
/// headers are masked here.
void trace_request(const ClusterConfig& config, const HttpRequest& request);
void trace_response(const ClusterConfig& config, const HttpRequest& request, const HttpResponse& response);

/// A header line as it may be shown.
std::string masked(std::string_view header);

}  // namespace junction::kube
