#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edge/sandbox/access_log.hpp"
#include "edge/sandbox/object_store.hpp"
#include "edge/sandbox/resource_type.hpp"
#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

struct ApiRequest {
  std::string method;
  std::string path;  ///< decoded, without the query
  std::multimap<std::string, std::string> query;
  std::string accept, authorization, content_type, user_agent;
  std::string body;
  bool too_long = false;  ///< the body was longer than longest_body, and is not here

  /// The first value of a query parameter; empty where it is not there.
  [[nodiscard]] std::string parameter(const std::string& name) const;
  /// A parameter that is present and not "false" or "0", as the real server reads booleans.
  [[nodiscard]] bool flag(const std::string& name) const;
  /// A parameter as a whole number; 0 where it is empty or not there.
  [[nodiscard]] Result<std::int64_t, Status> integer(const std::string& name) const;
};

/// A resourceVersion as the store counts them; nothing where the text is none.
std::optional<std::uint64_t> parse_version(std::string_view text);

struct Writing;

struct ApiReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  /// Where set, the answer is a stream: called again and again, it appends what there is by then (waiting a
  /// little for it) and returns false at the stream's end.
  std::function<bool(std::string& chunk)> stream;
};

/// What a path names.
struct ResourcePath {
  const ResourceType* type = nullptr;
  std::string namespace_;   ///< empty: all, or not namespaced
  std::string name;         ///< empty: the collection
  std::string subresource;  ///< such as "scale"

  [[nodiscard]] ObjectKey key() const { return {type->plural, namespace_, name}; }
};

/// Enough of the Kubernetes API for junctionctl and kubectl to work on: a function from requests to replies
/// over an ObjectStore, without sockets. Thread safe.
class Api {
 public:
  struct Options {
    std::string token;  ///< the one bearer token that may do everything
    std::int64_t max_replicas = 0;
    /// The access log of a pod; null where there is no such pod (any more).
    std::function<std::shared_ptr<const AccessLog>(const std::string& pod)> log_of;
  };

  Api(ObjectStore& store, Options options) : store_(store), options_(std::move(options)) {}

  ApiReply handle(const ApiRequest& request);

  /// Whether who asks may: by the token alone, so before anything of a body is read. handle() asks this too.
  [[nodiscard]] Result<void, Status> admit(const ApiRequest& request) const;

 private:
  ApiReply route(const ApiRequest& request);
  Result<ApiReply, Status> dispatch(const ApiRequest& request, const ResourcePath& target);

  Result<ApiReply, Status> get(const ApiRequest& request, const ResourcePath& target);
  Result<ApiReply, Status> list(const ApiRequest& request, const ResourcePath& target);
  Result<ApiReply, Status> watch(const ApiRequest& request, const ResourcePath& target);
  Result<ApiReply, Status> log(const ApiRequest& request, const ResourcePath& target);
  Result<ApiReply, Status> write(const ApiRequest& request, const ResourcePath& target);
  Result<ApiReply, Status> write_scale(const ApiRequest& request, const ResourcePath& target);
  Result<ApiReply, Status> create(const ApiRequest& request, const ResourcePath& target);
  /// Where something new can be made: a namespace that is there.
  [[nodiscard]] Result<void, Status> check_place(const ResourcePath& target) const;
  /// Makes the edit, or shows what it would lead to (a dry run).
  Result<Object, Status> change(const Writing& writing, const ObjectKey& key, const ObjectStore::Edit& edit);
  [[nodiscard]] Result<Object, Status> dry_run(const ObjectKey& key, const ObjectStore::Edit& edit) const;
  Result<ApiReply, Status> remove(const ApiRequest& request, const ResourcePath& target);

  ObjectStore& store_;
  Options options_;
};

/// The target of a path below /api or /apis; nothing where it names no group and version the API has.
Result<ResourcePath, Status> parse_resource_path(const std::string& path);

}  // namespace junction::sandbox
