#include "junction/kube/client.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "edge/kube/client_impl.hpp"
#include "edge/kube/fields.hpp"
#include "edge/kube/json_lines.hpp"
#include "edge/kube/response_error.hpp"
#include "junction/documents.hpp"
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
  add_query(target, "resourceVersion", options.resource_version);
  if (options.timeout.count() > 0)
    add_query(target, "timeoutSeconds", std::to_string(options.timeout.count()));
  return target;
}

Result<std::string> Client::Impl::authorization() {
  if (config_.token_file.empty()) return config_.token.empty() ? std::string() : "Bearer " + config_.token;
  auto text = read_file(config_.token_file);
  if (!text) return std::move(text).error();
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r' || text->back() == ' '))
    text->pop_back();
  return "Bearer " + *text;
}

Result<HttpRequest> Client::Impl::complete(HttpRequest request) {
  request.headers.insert(request.headers.begin(), {"User-Agent: junctionctl/" JUNCTION_VERSION});
  const auto credentials = authorization();
  if (!credentials) return credentials.error();
  if (!credentials->empty()) request.headers.push_back("Authorization: " + *credentials);
  if (!config_.as.empty()) request.headers.push_back("Impersonate-User: " + config_.as);
  for (const std::string& group : config_.as_group) request.headers.push_back("Impersonate-Group: " + group);
  return request;
}

Result<HttpResponse> Client::Impl::send(HttpRequest request) {
  request.timeout = config_.request_timeout;
  auto completed = complete(std::move(request));
  if (!completed) return std::move(completed).error();
  Transfer transfer(config_, std::move(*completed));
  transport_.perform(transfer);
  if (!transfer.done()) return Error{ErrorKind::network, "cancelled"};
  if (!transfer.response().good()) return response_error(config_, transfer.request(), transfer.response());
  return std::move(transfer.response());
}

Result<json> Client::Impl::send_for_json(HttpRequest request) {
  request.headers.push_back("Accept: application/json");
  auto response = send(std::move(request));
  if (!response) return std::move(response).error();
  json body = json::parse(response->body, nullptr, false);
  if (body.is_discarded() || !body.is_object())
    return Error{ErrorKind::server,
                 fmt::format("the server {} answered something that is no JSON object: is it a "
                             "Kubernetes API server?",
                             config_.server)};
  return body;
}

Client::Client(ClusterConfig config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<json> Client::get(std::string_view path) {
  return impl_->send_for_json({.target = std::string(path)});
}

Result<json> Client::list(std::string_view path, const ListOptions& options) {
  json whole;
  std::string token;
  do {
    auto page = impl_->send_for_json({.target = list_target(path, options, token)});
    if (!page) return page;
    const json& next = field(field(*page, "metadata"), "continue");
    token = next.is_string() ? next.get<std::string>() : "";
    if (whole.is_null()) {
      whole = std::move(*page);
      if (!whole.contains("items") || !whole["items"].is_array()) whole["items"] = json::array();
    } else {
      for (json& item : (*page)["items"]) whole["items"].push_back(std::move(item));
      whole["metadata"] = std::move((*page)["metadata"]);
    }
  } while (!token.empty());
  return whole;
}

Result<json> Client::patch(std::string_view path, PatchType type, std::string_view body,
                           const PatchOptions& options) {
  HttpRequest request{.method = "PATCH", .target = std::string(path), .body = std::string(body)};
  if (options.dry_run) add_query(request.target, "dryRun", "All");
  add_query(request.target, "fieldManager", options.field_manager);
  if (options.force && type == PatchType::apply) add_query(request.target, "force", "true");
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
  bool stopped = false, broken = false;
  auto request =
      impl_->complete({.target = watch_target(path, options), .headers = {"Accept: application/json"}});
  if (!request) return request.error();
  request->on_data = [&](std::string_view data) {
    lines.add(data);
    while (!stopped && !broken) {
      const auto event = lines.next();
      if (!event) break;
      broken = event->is_discarded() || !field(*event, "type").is_string();
      if (!broken)
        stopped = !on_event({(*event)["type"].get_ref<const std::string&>(), field(*event, "object")});
    }
    return !stopped && !broken;
  };
  Transfer transfer(impl_->config(), std::move(*request));
  impl_->transport().perform(transfer);
  if (stopped) return {};
  if (broken) return Error{ErrorKind::server, "the watch carried something that is no event"};
  if (!transfer.done()) return Error{ErrorKind::network, "cancelled"};
  if (!transfer.response().good())
    return response_error(impl_->config(), transfer.request(), transfer.response());
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
