#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "edge/kube/transport.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// The object in a good answer. Anything else is an error that says what came: nothing, a web page, a list, a
/// Status, or JSON that is cut off. REQUIRES: response.good().
Result<nlohmann::json> answered_object(const ClusterConfig& config, const HttpResponse& response);

/// Whether a request that stores something may have done so, although its answer was no success: the answer
/// was lost on the way, or the server failed without saying that it did nothing.
bool may_have_changed(const HttpRequest& request, const HttpResponse& response);

/// `error`, and that the change may have been made all the same, with the command that shows it.
Error with_doubt(const ClusterConfig& config, const HttpRequest& request, Error error);

/// "kubectl get services/s -n default -o yaml": how to look at the object (or subresource) behind a path.
std::string look_command(const ClusterConfig& config, std::string_view path);

}  // namespace junction::kube
