#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/continue_token.hpp"
#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/pod_log.hpp"
#include "edge/sandbox/representation.hpp"
#include "edge/sandbox/scale.hpp"
#include "edge/sandbox/selector.hpp"
#include "edge/sandbox/watch.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr std::int64_t usual_watch = 1800, longest_watch = 86400;  // seconds

Result<Filter, Status> parse_filter(const ApiRequest& request, const ResourceType& type) {
  return Filter::parse(request.parameter("labelSelector"), request.parameter("fieldSelector"), type.kind);
}

/// Where in the collection a page starts: after which object.
Result<ContinueToken, Status> page_start(const ApiRequest& request, const ObjectStore& store) {
  const std::string text = request.parameter("continue");
  if (text.empty()) return ContinueToken{};
  if (!request.parameter("resourceVersion").empty())
    return bad_request("specifying resource version is not allowed when using continue");
  const auto token = ContinueToken::parse(text);
  if (!token)
    return bad_request("invalid continue token: continue key is not valid: server does not recognize it");
  if (token->version >= store.oldest_version() || token->version == ContinueToken::any_version) return *token;
  Status status = expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new "
      "list without the continue parameter, or use the continue token in this response to retrieve the "
      "remainder of the results. Continuing with the provided token results in an inconsistent list - "
      "objects that were created, modified, or deleted between the time the first chunk was returned and "
      "now may show up in the list.");
  status.metadata["continue"] = ContinueToken{ContinueToken::any_version, token->after}.to_string();
  return status;
}

std::string position(const json& object) {
  return text_or(look(object, "metadata", "namespace")) + "/" + text_or(look(object, "metadata", "name"));
}

json list_item(const json& object) {
  json item = object;  // the items of a list do not repeat their kind
  item.erase("kind");
  item.erase("apiVersion");
  return item;
}

json list_document(const ResourceType& type, const std::vector<Object>& objects, const json& metadata) {
  json items = json::array();
  for (const Object& object : objects) items.push_back(list_item(*object));
  return {{"kind", type.kind + "List"},
          {"apiVersion", type.api_version()},
          {"metadata", metadata},
          {"items", std::move(items)}};
}

json metadata_list(const std::vector<Object>& objects, const json& metadata) {
  json items = json::array();
  for (const Object& object : objects) items.push_back(only_metadata(*object));
  return {{"kind", "PartialObjectMetadataList"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", metadata},
          {"items", std::move(items)}};
}

}  // namespace

Result<ApiReply, Status> Api::get(const ApiRequest& request, const ResourcePath& target) {
  if (request.flag("watch")) return watch(request, target);
  const Object object = store_.get(target.key());
  if (!object) return not_found(target.type->group, target.type->plural, target.name);
  if (target.subresource == "scale") return render(request, scale_of(*object));
  return render_object(request, *target.type, object);
}

Result<ApiReply, Status> Api::list(const ApiRequest& request, const ResourcePath& target) {
  JUNCTION_TRY_ASSIGN(const Form form, choose_form(request.accept));
  JUNCTION_TRY_ASSIGN(const Filter filter, parse_filter(request, *target.type));
  JUNCTION_TRY_ASSIGN(const std::int64_t limit, request.integer("limit"));
  JUNCTION_TRY_ASSIGN(const ContinueToken start, page_start(request, store_));
  const std::string version = request.parameter("resourceVersion");
  if (!version.empty() && !parse_version(version))
    return bad_request(
        fmt::format("invalid resource version: resourceVersion: Invalid value: \"{0}\": "
                    "strconv.ParseUint: parsing \"{0}\": invalid syntax",
                    version));

  ObjectStore::Listing listing = store_.list(target.type->plural, target.namespace_);
  const auto page_size = static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
  json metadata{{"resourceVersion", std::to_string(listing.version)}};
  std::vector<Object> page;
  for (const Object& object : listing.objects) {
    const bool earlier = position(*object) <= start.after;
    if (earlier || !filter.matches(*object)) continue;
    if (page_size > 0 && page.size() == page_size) {
      metadata["continue"] = ContinueToken{listing.version, position(*page.back())}.to_string();
      break;
    }
    page.push_back(object);
  }
  const auto [syntax, shape] = form;
  if (shape == Form::Shape::table)
    return render(
        request,
        make_table(*target.type, page, metadata, row_object(request), std::chrono::system_clock::now()),
        syntax);
  return render(request,
                shape == Form::Shape::metadata ? metadata_list(page, metadata)
                                               : list_document(*target.type, page, metadata),
                syntax);
}

Result<ApiReply, Status> Api::watch(const ApiRequest& request, const ResourcePath& target) {
  JUNCTION_TRY_ASSIGN(const Form form, choose_form(request.accept));
  JUNCTION_TRY_ASSIGN(Filter filter, parse_filter(request, *target.type));
  JUNCTION_TRY_ASSIGN(const std::int64_t timeout, request.integer("timeoutSeconds"));
  const std::string version = request.parameter("resourceVersion");
  const auto from = version.empty() ? std::optional<std::uint64_t>(0) : parse_version(version);
  if (!from)
    return internal_error(fmt::format(
        "resourceVersion: Invalid value: \"{0}\": strconv.ParseUint: parsing \"{0}\": invalid syntax",
        version));
  const std::chrono::seconds lasts(timeout > 0 ? std::min(timeout, longest_watch) : usual_watch);
  auto events =
      std::make_shared<Watch>(store_, Watch::Asked{target, std::move(filter), form, row_object(request),
                                                   *from, std::chrono::steady_clock::now() + lasts});
  ApiReply reply;
  reply.stream = [events](std::string& chunk) { return events->next(chunk); };
  return reply;
}

Result<ApiReply, Status> Api::log(const ApiRequest& request, const ResourcePath& target) {
  const auto log = options_.log_of(target.name);
  if (!log || !store_.get(target.key())) return not_found("", "pods", target.name);
  const std::string container = request.parameter("container");
  if (!container.empty() && container != "recs")
    return bad_request(fmt::format("container {} is not valid for pod {}", container, target.name));
  JUNCTION_TRY_ASSIGN(LogOptions options, parse_log_options(request));

  AccessLog::Lines lines = log->since(0);
  ApiReply reply{.content_type = "text/plain"};
  std::string text = log_text(std::move(lines.lines), options);
  if (!options.follow) {
    reply.body = std::move(text);
    return reply;
  }
  options.tail = -1;  // of what was there
  reply.stream = [this, log, options, text, next = lines.next](std::string& chunk) mutable {
    if (!text.empty()) return chunk += std::exchange(text, {}), true;
    if (store_.closed()) return false;
    AccessLog::Lines fresh = log->wait_since(next, std::chrono::milliseconds(200));
    next = fresh.next;
    const bool more = !fresh.lines.empty() || !log->ended();
    chunk += log_text(std::move(fresh.lines), options);
    return more;
  };
  return reply;
}

}  // namespace junction::sandbox
