#pragma once

#include <string_view>

#include "edge/kube/transport.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// What a person is told of an answer that is no success, or of no answer at all. REQUIRES: !response.good().
Error response_error(const ClusterConfig& config, const HttpRequest& request, const HttpResponse& response);

/// The first words of a body that is no Status: of a page, its title.
std::string gist(std::string_view body);

bool is_page(std::string_view body);

/// What a Status object (the body of a refusal, or the object of an ERROR event) says.
Error status_error(const ClusterConfig& config, long code, std::string_view body);

}  // namespace junction::kube
