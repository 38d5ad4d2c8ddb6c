#include "edge/kube/trace.hpp"

#include <fmt/format.h>

#include "junction/ascii.hpp"
#include "junction/url.hpp"

namespace junction::kube {
namespace {

// kubectl cuts bodies to this at level 8 and shows all of them from 9 on.
constexpr std::size_t body_limit = 1024;

void trace_body(const ClusterConfig& config, const char* what, std::string_view body) {
  if (config.verbosity < 8 || body.empty()) return;
  const bool cut = config.verbosity < 9 && body.size() > body_limit;
  const std::string rest = cut ? fmt::format(" [truncated {} chars]", body.size() - body_limit) : "";
  if (cut) body = body.substr(0, body_limit);
  while (body.ends_with('\n')) body.remove_suffix(1);
  config.trace(fmt::format("{} Body: {}{}", what, body, rest));
}

void trace_headers(const ClusterConfig& config, const char* what, const std::vector<std::string>& headers) {
  config.trace(fmt::format("{} Headers:", what));
  for (const std::string& line : headers) config.trace("    " + masked(line));
}

}  // namespace

std::string masked(std::string_view header) {
  const std::string_view name = header.substr(0, header.find(':'));
  for (const std::string_view secret : {"Authorization", "Proxy-Authorization", "Set-Cookie", "Cookie"}) {
    if (!same_letters(name, secret)) continue;
    const std::size_t scheme = header.find(' ', name.size() + 2);
    const bool known =
        header.find("Bearer ") != std::string_view::npos || header.find("Basic ") != std::string_view::npos;
    return fmt::format("{}<masked>",
                       known ? header.substr(0, scheme + 1) : header.substr(0, name.size() + 2));
  }
  return std::string(header);
}

void trace_request(const ClusterConfig& config, const HttpRequest& request) {
  if (!config.trace || config.verbosity < 7) return;
  config.trace(fmt::format("{} {}{}", request.method, masked_url(config.server), request.target));
  trace_headers(config, "Request", request.headers);
  trace_body(config, "Request", request.body);
}

void trace_response(const ClusterConfig& config, const HttpRequest& request, const HttpResponse& response) {
  if (!config.trace || config.verbosity < 6) return;
  const std::string result = response.code == CURLE_OK ? fmt::format("{}", response.status) : response.error;
  config.trace(fmt::format("{} {}{} {} in {} milliseconds", request.method, masked_url(config.server),
                           request.target, result, response.took.count()));
  if (config.verbosity < 7 || response.code != CURLE_OK) return;
  trace_headers(config, "Response", response.headers);
  trace_body(config, "Response", response.body);
}

}  // namespace junction::kube
