#include "edge/sandbox/api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/sandbox/body.hpp"
#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/representation.hpp"
#include "junction/ascii.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

ApiReply page_not_found() {
  ApiReply reply{.status = 404, .content_type = "text/plain; charset=utf-8", .body = "404 page not found\n"};
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return reply;
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = std::min(path.find('/'), path.size());
    parts.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  if (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

const char* verb(const ApiRequest& request, const ResourcePath& target) {
  if (request.method == "PATCH") return "patch";
  if (request.method == "PUT") return "update";
  if (request.method == "POST") return "create";
  if (request.method == "DELETE") return target.name.empty() ? "deletecollection" : "delete";
  if (request.flag("watch")) return "watch";
  return target.name.empty() ? "list" : "get";
}

Status forbidden_to_anonymous(const ApiRequest& request) {
  const std::string user = "system:anonymous";
  const Result<ResourcePath, Status> target = parse_resource_path(request.path);
  if (!target)
    return {403, "Forbidden",
            fmt::format("forbidden: User \"{}\" cannot {} path \"{}\"", user,
                        request.method == "GET" ? "get" : "post", request.path),
            json::object()};
  const ResourceType& type = *target->type;
  const std::string resource = type.group.empty() ? type.plural : type.plural + "." + type.group;
  const std::string named =
      target->name.empty() ? resource : fmt::format("{} \"{}\"", resource, target->name);
  const std::string scope = target->namespace_.empty()
                                ? std::string("at the cluster scope")
                                : fmt::format("in the namespace \"{}\"", target->namespace_);
  const std::string full =
      target->subresource.empty() ? type.plural : type.plural + "/" + target->subresource;
  json details{{"kind", type.plural}};
  if (!target->name.empty()) details["name"] = target->name;
  if (!type.group.empty()) details["group"] = type.group;
  return {403, "Forbidden",
          fmt::format("{} is forbidden: User \"{}\" cannot {} resource \"{}\" in API group \"{}\" {}", named,
                      user, verb(request, *target), full, type.group, scope),
          details};
}

/// In time that does not depend on how many characters are right.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned char difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

ApiReply review_access(const ApiRequest& request) {
  // Newer kubectls ask in protobuf. What they ask does not matter, the answer is always yes.
  const auto asked = read_json_body(request.body);
  const json review{{"kind", "SelfSubjectAccessReview"},
                    {"apiVersion", "authorization.k8s.io/v1"},
                    {"metadata", json::object()},
                    {"spec", map_or_none(look(asked ? *asked : json(), "spec"))},
                    {"status", {{"allowed", true}, {"reason", "the sandbox's token may do everything"}}}};
  return render(request, review, Form::Syntax::json, 201);
}

}  // namespace

std::string ApiRequest::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

bool ApiRequest::flag(const std::string& name) const {
  const auto found = query.find(name);
  return found != query.end() && found->second != "false" && found->second != "0";
}

Result<std::int64_t, Status> ApiRequest::integer(const std::string& name) const {
  const std::string text = parameter(name);
  if (text.empty()) return std::int64_t{0};
  if (const auto value = whole_number<std::int64_t>(text)) return *value;
  return bad_request(fmt::format("strconv.ParseInt: parsing \"{}\": invalid syntax", text));
}

std::optional<std::uint64_t> parse_version(std::string_view text) {
  return whole_number<std::uint64_t>(text);
}

Result<ResourcePath, Status> parse_resource_path(const std::string& path) {
  const std::vector<std::string> parts = segments(path);
  const bool core = !parts.empty() && parts[0] == "api";
  const std::size_t head = core ? 2 : 3;
  if (parts.size() <= head || (!core && parts[0] != "apis")) return unknown_resource();
  const std::string group = core ? "" : parts[1], version = parts[head - 1];
  std::vector<std::string> rest(parts.begin() + static_cast<std::ptrdiff_t>(head), parts.end());
  ResourcePath target;
  // /namespaces/<ns>/<plural>... is about what is in the namespace; /namespaces/<ns> is about itself.
  if (rest[0] == "namespaces" && rest.size() > 2 && rest[2] != "status") {
    target.namespace_ = rest[1];
    rest.erase(rest.begin(), rest.begin() + 2);
  }
  target.type = find_resource_type(group, version, rest[0]);
  if (!target.type || rest.size() > 3) return unknown_resource();
  if (rest.size() > 1) target.name = rest[1];
  if (rest.size() > 2) target.subresource = rest[2];
  const auto& known = target.type->subresources;
  if (!target.subresource.empty() && std::find(known.begin(), known.end(), target.subresource) == known.end())
    return unknown_resource();
  if (!target.name.empty() && target.type->namespaced && target.namespace_.empty()) return unknown_resource();
  return target;
}

ApiReply Api::handle(const ApiRequest& request) {
  if (const auto allowed = admit(request); !allowed) return render(allowed.error());
  if (request.too_long || request.body.size() > longest_body) return render(too_large(longest_body));
  try {
    return route(request);
  } catch (const std::exception& error) {  // a mistake of ours: a client still gets an answer it can read
    return render(internal_error(fmt::format("Internal error occurred: {}", error.what())));
  }
}

Result<void, Status> Api::admit(const ApiRequest& request) const {
  constexpr std::string_view bearer = "Bearer ";
  const std::string_view given = request.authorization;
  const bool has_token = given.starts_with(bearer) && given.size() > bearer.size();
  if (has_token && same_secret(given.substr(bearer.size()), options_.token)) return {};
  if (has_token) return unauthorized();
  // Who shows no token is anonymous, and may know the version and the server's health, as on a real cluster.
  const bool open = request.path == "/version" || request.path == "/healthz" || request.path == "/livez" ||
                    request.path == "/readyz";
  if (open) return {};
  return forbidden_to_anonymous(request);
}

ApiReply Api::route(const ApiRequest& request) {
  if (request.path == "/version") return render(request, version_document());
  if (request.path == "/healthz" || request.path == "/livez" || request.path == "/readyz")
    return {.content_type = "text/plain; charset=utf-8", .body = "ok"};
  if (const auto document = discovery_document(request.path)) return render(request, *document);
  const bool core = request.path.starts_with("/api/v1/");
  const std::vector<std::string> parts = segments(request.path);
  const bool known_group = core || (parts.size() > 3 && parts[0] == "apis" &&
                                    discovery_document("/apis/" + parts[1] + "/" + parts[2]).has_value());
  if (!known_group) return page_not_found();
  const Result<ResourcePath, Status> target = parse_resource_path(request.path);
  if (!target) return render(target.error());
  Result<ApiReply, Status> reply = dispatch(request, *target);
  return reply ? *std::move(reply) : render(reply.error());
}

Result<ApiReply, Status> Api::dispatch(const ApiRequest& request, const ResourcePath& target) {
  const bool reading = request.method == "GET" || request.method == "HEAD";
  if (target.type->kind == "SelfSubjectAccessReview")
    return request.method == "POST" ? Result<ApiReply, Status>(review_access(request)) : method_not_allowed();
  if (target.subresource == "log") return reading ? log(request, target) : method_not_allowed();
  if (reading && target.name.empty())
    return request.flag("watch") ? watch(request, target) : list(request, target);
  if (reading) return get(request, target);
  if (request.method == "POST" && target.name.empty()) return create(request, target);
  if (request.method == "DELETE" && !target.name.empty() && target.subresource.empty())
    return remove(request, target);
  const bool changing = request.method == "PATCH" || request.method == "PUT";
  if (!changing || target.name.empty()) return method_not_allowed();
  return target.subresource == "scale" ? write_scale(request, target) : write(request, target);
}

}  // namespace junction::sandbox
