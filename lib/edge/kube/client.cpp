#include "junction/kube/client.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <random>

#include "edge/files/field.hpp"
#include "edge/kube/answer.hpp"
#include "edge/kube/client_impl.hpp"
#include "edge/kube/json_lines.hpp"
#include "edge/kube/pages.hpp"
#include "edge/kube/response_error.hpp"
#include "edge/kube/retry.hpp"
#include "edge/kube/trace.hpp"
#include "edge/kube/warning.hpp"
#include "junction/ascii.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

// A log is read whole. What a node keeps of one is 10 MiB by default, but may be set to more.
constexpr std::size_t most_text_bytes = std::size_t{256} << 20;

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
  if (!transfer->done()) return cancelled(*transfer);
  trace_response(config_, transfer->request(), transfer->response());
  return std::move(transfer->response());
}

Error Client::Impl::cancelled(const Transfer& transfer) const {
  Error error{ErrorKind::network, "cancelled"};
  return transfer.request().changes && transfer.asked() ? with_doubt(config_, transfer.request(), error)
                                                        : error;
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
    if (!pause) {
      Error error = response_error(config_, request, *response);
      return may_have_changed(request, *response) ? with_doubt(config_, request, std::move(error)) : error;
    }
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

void Client::Impl::pass_warnings_on(const HttpResponse& response) const {
  if (!config_.warn) return;
  constexpr std::string_view name = "Warning:";
  for (const std::string& line : response.headers) {
    if (!starts_with_letters(line, name)) continue;
    for (const std::string& text : warning_texts(std::string_view(line).substr(name.size())))
      if (!text.empty()) config_.warn(text);
  }
}

Result<json> Client::Impl::send_for_json(HttpRequest request, std::size_t* bytes) {
  request.headers.push_back("Accept: application/json");
  auto response = send(request);
  if (!response && response.error().kind == ErrorKind::not_found)
    return missing(request.target, std::move(response).error());
  if (!response) return std::move(response).error();
  if (bytes) *bytes = response->body.size();
  auto object = answered_object(config_, *response);
  if (!object && may_have_changed(request, *response))
    return with_doubt(config_, request, std::move(object).error());
  return object;
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
  Pages pages(path);
  for (int restarted = 0;;) {
    std::size_t bytes = 0;
    auto page = impl_->send_for_json({.target = list_target(path, options, pages.token())}, &bytes);
    // The pages belong to one moment, and the server remembers it for some minutes only (410): from the
    // start, then.
    const bool expired = !page && page.error().kind == ErrorKind::expired && !pages.token().empty();
    if (expired && restarted++ < restarts) {
      pages = Pages(path);
      continue;
    }
    if (!page) return page;
    JUNCTION_TRY(pages.add(std::move(*page), bytes));
    if (pages.token().empty()) return std::move(pages).whole();
  }
}

Result<json> Client::patch(std::string_view path, PatchType type, std::string_view body,
                           const PatchOptions& options) {
  HttpRequest request{.method = "PATCH", .target = std::string(path), .body = std::string(body)};
  request.changes = !options.dry_run;
  add_query(request.target, "fieldManager", options.field_manager);
  if (options.force && type == PatchType::apply) add_query(request.target, "force", "true");
  if (options.dry_run) add_query(request.target, "dryRun", "All");
  request.headers.push_back(fmt::format("Content-Type: {}", content_type(type)));
  return impl_->send_for_json(std::move(request));
}

Result<std::string> Client::get_text(std::string_view path) {
  JUNCTION_TRY_ASSIGN(HttpResponse response,
                      impl_->send({.target = std::string(path), .most_bytes = most_text_bytes}));
  return std::move(response.body);
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
std::string scale_path(std::string_view namespace_, std::string_view kind, std::string_view name) {
  return namespaced("/apis/apps/v1", namespace_, fmt::format("{}s", kind), name) + "/scale";
}

}  // namespace junction::kube
