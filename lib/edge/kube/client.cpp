#include "junction/kube/client.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <nlohmann/json.hpp>
#include <random>

#include "edge/files/field.hpp"
#include "edge/files/json.hpp"
#include "edge/kube/client_impl.hpp"
#include "edge/kube/json_lines.hpp"
#include "edge/kube/response_error.hpp"
#include "edge/kube/retry.hpp"
#include "edge/kube/trace.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

void add_query(std::string& target, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += fmt::format("{}={}", name, percent_encode(value));
}

const char* content_type(PatchType type) {
  switch (type) {
    case PatchType::strategic:
      return "application/strategic-merge-patch+json";
    case PatchType::json:
      return "application/json-patch+json";
    case PatchType::apply:
      return "application/apply-patch+yaml";
    case PatchType::merge:
      break;
  }
  return "application/merge-patch+json";
}

void append_page(json& whole, json page) {
  if (!member(page, "items").is_array()) page["items"] = json::array();  // null where there are none
  if (whole.is_null()) {
    whole = std::move(page);
    return;
  }
  for (json& item : page["items"]) whole["items"].push_back(std::move(item));
  whole["metadata"] = std::move(page["metadata"]);
}

std::string namespaced(std::string_view group, std::string_view namespace_, std::string_view resource,
                       std::string_view name) {
  std::string path = fmt::format("{}/namespaces/{}/{}", group, percent_encode(namespace_), resource);
  if (!name.empty()) path += "/" + percent_encode(name);
  return path;
}

}  // namespace

std::string list_target(std::string_view path, const ListOptions& options, std::string_view continue_token) {
  std::string target(path);
  add_query(target, "labelSelector", options.label_selector);
  add_query(target, "fieldSelector", options.field_selector);
  if (options.limit > 0) add_query(target, "limit", std::to_string(options.limit));
  add_query(target, "continue", continue_token);
  return target;
}

std::string watch_target(std::string_view path, const WatchOptions& options) {
  std::string target(path);
  add_query(target, "labelSelector", options.label_selector);
  add_query(target, "fieldSelector", options.field_selector);
  add_query(target, "watch", "true");
  add_query(target, "allowWatchBookmarks", "true");
  if (options.timeout.count() > 0)
    add_query(target, "timeoutSeconds", std::to_string(options.timeout.count()));
  add_query(target, "resourceVersion", options.resource_version);
  return target;
}

Result<std::unique_ptr<Transfer>> Client::Impl::prepare(HttpRequest request) {
  JUNCTION_TRY_ASSIGN(HttpRequest completed, complete(std::move(request)));
  return std::make_unique<Transfer>(*road_, std::move(completed));
}

Result<void> Client::Impl::find_road() {
  if (road_) return {};
  JUNCTION_TRY_ASSIGN(road_, Road::parse(config_));
  for (const std::string& remark : road_->authorities.remarks)
    if (config_.warn) config_.warn(remark);
  return {};
}

Result<HttpRequest> Client::Impl::complete(HttpRequest request) {
  JUNCTION_TRY(find_road());
  auto credential = credentials_.current();
  if (!credential) return std::move(credential).error();
  request.headers.insert(request.headers.begin(), "User-Agent: junctionctl/" JUNCTION_VERSION);
  if (!credential->authorization.empty())
    request.headers.push_back("Authorization: " + credential->authorization);
  request.identity = std::move(credential->identity);
  if (!config_.as.empty()) request.headers.push_back("Impersonate-User: " + config_.as);
  if (!config_.as_uid.empty()) request.headers.push_back("Impersonate-Uid: " + config_.as_uid);
  for (const std::string& group : config_.as_group) request.headers.push_back("Impersonate-Group: " + group);
  for (const auto& [key, value] : config_.as_extra)
    request.headers.push_back(fmt::format("Impersonate-Extra-{}: {}", percent_encode(key), value));
  for (const std::string& line : request.headers)
    if (line.find_first_of("\r\n") != std::string::npos)  // would begin a header of its own
      return Error{ErrorKind::invalid, fmt::format("the value of the header {} has a line break in it",
                                                   line.substr(0, line.find(':')))};
  return request;
}

Result<HttpResponse> Client::Impl::send_once(const HttpRequest& request) {
  JUNCTION_TRY_ASSIGN(const std::unique_ptr<Transfer> transfer, prepare(request));
  trace_request(config_, transfer->request());
  transport_.perform(*transfer);
  if (!transfer->done()) return Error{ErrorKind::network, "cancelled"};
  trace_response(config_, transfer->request(), transfer->response());
  return std::move(transfer->response());
}

Result<HttpResponse> Client::Impl::send(HttpRequest request) {
  request.timeout = config_.request_timeout;
  bool asked_again = false;
  for (int attempt = 1;; ++attempt) {
    auto response = send_once(request);
    if (!response) return response;
    if (response->good()) {
      pass_warnings_on(*response);
      return response;
    }
    const bool other_credentials = response->status == 401 && !asked_again && credentials_.refused();
    asked_again = asked_again || other_credentials;
    if (other_credentials) continue;
    const auto pause = retry_after(request, *response, attempt, std::random_device()());
    if (!pause) return response_error(config_, request, *response);
    wait(*pause);
  }
}

void Client::Impl::wait(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!transport_.cancelled()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    transport_.run(left);
  }
}

// A Warning header is: 299 - "text".
void Client::Impl::pass_warnings_on(const HttpResponse& response) const {
  if (!config_.warn) return;
  for (const std::string& line : response.headers) {
    if (strncasecmp(line.c_str(), "Warning:", 8) != 0) continue;
    const std::size_t open = line.find('"'), close = line.rfind('"');
    const bool quoted = open != std::string::npos && close > open;
    config_.warn(quoted ? std::string_view(line).substr(open + 1, close - open - 1)
                        : std::string_view(line).substr(8));
  }
}

Result<json> Client::Impl::send_for_json(HttpRequest request) {
  request.headers.push_back("Accept: application/json");
  const std::string target = request.target;
  auto response = send(std::move(request));
  if (!response && response.error().kind == ErrorKind::not_found) return missing(target, response.error());
  if (!response) return std::move(response).error();
  auto body = parse_json(response->body);
  if (!body || !body->is_object())
    return Error{ErrorKind::server,
                 fmt::format("the server {} answered something that is no JSON object: is it a "
                             "Kubernetes API server?",
                             masked_url(config_.server))};
  return body;
}

Error Client::Impl::missing(const std::string& target, Error error) {
  constexpr std::string_view mark = "/namespaces/";
  const std::size_t mark_at = target.find(mark), start = mark_at + mark.size();
  const std::size_t end = mark_at == std::string::npos ? mark_at : target.find('/', start);
  if (end == std::string::npos) return error;
  const std::string name = target.substr(start, end - start);
  if (name == "default") return error;
  const auto found = send({.target = "/api/v1/namespaces/" + name, .headers = {"Accept: application/json"}});
  const bool gone = !found && found.error().kind == ErrorKind::not_found;
  return gone ? found.error() : error;
}

Client::Client(ClusterConfig config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<json> Client::get(std::string_view path) {
  return impl_->send_for_json({.target = std::string(path)});
}

Result<json> Client::list(std::string_view path, const ListOptions& options) {
  constexpr int restarts = 3;
  json whole;
  std::string token;
  for (int restarted = 0;;) {
    auto page = impl_->send_for_json({.target = list_target(path, options, token)});
    // The pages belong to one moment, and the server remembers it for some minutes only (410): from the
    // start, then.
    const bool expired = !page && page.error().kind == ErrorKind::expired && !token.empty();
    if (expired && restarted++ < restarts) {
      whole = json();
      token.clear();
      continue;
    }
    if (!page) return page;
    const json& next = member(member(*page, "metadata"), "continue");
    token = next.is_string() ? next.get<std::string>() : "";
    append_page(whole, std::move(*page));
    if (token.empty()) return whole;
  }
}

Result<json> Client::patch(std::string_view path, PatchType type, std::string_view body,
                           const PatchOptions& options) {
  HttpRequest request{.method = "PATCH", .target = std::string(path), .body = std::string(body)};
  add_query(request.target, "fieldManager", options.field_manager);
  if (options.force && type == PatchType::apply) add_query(request.target, "force", "true");
  if (options.dry_run) add_query(request.target, "dryRun", "All");
  request.headers.push_back(fmt::format("Content-Type: {}", content_type(type)));
  return impl_->send_for_json(std::move(request));
}

Result<std::string> Client::get_text(std::string_view path) {
  auto response = impl_->send({.target = std::string(path)});
  if (!response) return std::move(response).error();
  return std::move(response->body);
}

Result<void> Client::watch(std::string_view path, const WatchOptions& options,
                           const std::function<bool(const WatchEvent&)>& on_event) {
  JsonLines lines;
  bool stopped = false;
  std::optional<Error> broken;
  HttpRequest request{.target = watch_target(path, options), .headers = {"Accept: application/json"}};
  request.on_data = [&](std::string_view data) {
    lines.add(data);
    while (!stopped && !broken) {
      const auto line = lines.next();
      if (!line) {
        broken = line.error().at("the watch");
      } else if (!*line) {
        break;
      } else if (const json& type = member(**line, "type"); type.is_string()) {
        stopped = !on_event({type.get_ref<const std::string&>(), member(**line, "object")});
      } else {
        broken = Error{ErrorKind::server, "the watch carried something that is no event"};
      }
    }
    return !stopped && !broken;
  };
  JUNCTION_TRY_ASSIGN(const std::unique_ptr<Transfer> transfer, impl_->prepare(std::move(request)));
  impl_->transport().perform(*transfer);
  if (stopped) return {};
  if (broken) return *std::move(broken);
  if (!transfer->done()) return Error{ErrorKind::network, "cancelled"};
  if (!transfer->response().good())
    return response_error(impl_->config(), transfer->request(), transfer->response());
  return {};
}

void Client::cancel() {
  impl_->transport().cancel();
}
const std::string& Client::namespace_() const {
  return impl_->config().namespace_;
}
const ClusterConfig& Client::config() const {
  return impl_->config();
}

std::string service_path(std::string_view namespace_, std::string_view name) {
  return namespaced("/api/v1", namespace_, "services", name);
}
std::string endpoint_slices_path(std::string_view namespace_) {
  return namespaced("/apis/discovery.k8s.io/v1", namespace_, "endpointslices", {});
}
std::string pod_path(std::string_view namespace_, std::string_view name) {
  return namespaced("/api/v1", namespace_, "pods", name);
}
std::string deployment_path(std::string_view namespace_, std::string_view name) {
  return namespaced("/apis/apps/v1", namespace_, "deployments", name);
}

}  // namespace junction::kube
