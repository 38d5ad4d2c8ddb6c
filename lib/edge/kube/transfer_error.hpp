#pragma once

#include <string>

#include "edge/kube/transport.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// What messages call the server: host[:port], and no password.
std::string host_of(const ClusterConfig& config);

/// What a person is told where no whole answer came. REQUIRES: response.code is not CURLE_OK.
Error transfer_error(const ClusterConfig& config, const HttpResponse& response);

}  // namespace junction::kube
