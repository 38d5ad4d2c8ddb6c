#include <fmt/format.h>

#include <charconv>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/continue_token.hpp"
#include "edge/sandbox/representation.hpp"
#include "edge/sandbox/scale.hpp"
#include "edge/sandbox/selector.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

struct Filter {
  Selector labels, fields;
  [[nodiscard]] bool matches(const json& object) const {
    return labels.matches(object) && fields.matches(object);
  }
};

Answer<Filter> parse_filter(const ApiRequest& request, const Target& target) {
  auto labels = Selector::parse_labels(request.parameter("labelSelector"));
  if (const Status* status = failure(labels)) return *status;
  auto fields = Selector::parse_fields(request.parameter("fieldSelector"), target.type->kind);
  if (const Status* status = failure(fields)) return *status;
  return Filter{std::get<Selector>(std::move(labels)), std::get<Selector>(std::move(fields))};
}

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Answer<std::int64_t> integer(const ApiRequest& request, const std::string& name) {
  const std::string text = request.parameter(name);
  if (text.empty()) return std::int64_t{0};
  if (const auto value = parse_number<std::int64_t>(text)) return *value;
  return bad_request(fmt::format("strconv.ParseInt: parsing \"{}\": invalid syntax", text));
}

/// Where in the collection a page starts: after which object.
Answer<ContinueToken> page_start(const ApiRequest& request, const ObjectStore& store) {
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
      "list without "
      "the continue parameter, or use the continue token in this response to retrieve the remainder of the "
      "results. "
      "Continuing with the provided token results in an inconsistent list - objects that were created, "
      "modified, or "
      "deleted between the time the first chunk was returned and now may show up in the list.");
  status.metadata["continue"] = ContinueToken{ContinueToken::any_version, token->after}.to_string();
  return status;
}

std::string position(const json& object) {
  const json& metadata = object.at("metadata");
  return metadata.value("namespace", "") + "/" + metadata.at("name").get<std::string>();
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

/// One watch: remembers how far it is, and turns changes into events.
class Watch {
 public:
  Watch(const ObjectStore& store, Target target, Filter filter, Form form, RowObject include,
        std::uint64_t from, std::chrono::steady_clock::time_point until)
      : store_(store),
        target_(std::move(target)),
        filter_(std::move(filter)),
        form_(form),
        include_(include),
        version_(from),
        until_(until) {}

  void add_initial(const ObjectStore::Listing& listing) {
    for (const Object& object : listing.objects)
      if (filter_.matches(*object)) event("ADDED", object, initial_);
    version_ = listing.version;
  }

  bool next(std::string& chunk) {
    if (!initial_.empty()) return chunk += std::exchange(initial_, {}), true;
    const auto left = until_ - std::chrono::steady_clock::now();
    const auto wait = std::min(std::chrono::duration_cast<std::chrono::milliseconds>(left), longest_wait);
    if (wait.count() <= 0 || store_.closed()) return false;
    const auto changes = store_.changes_after(version_, wait);
    if (!changes) return too_old(chunk), false;
    for (const Change& change : *changes) {
      version_ = change.version;
      if (concerns(change)) add(change, chunk);
    }
    return true;
  }

 private:
  static constexpr std::chrono::milliseconds longest_wait{200};  // then the connection is looked after

  [[nodiscard]] bool concerns(const Change& change) const {
    return change.key.plural == target_.type->plural &&
           (target_.namespace_.empty() || change.key.namespace_ == target_.namespace_) &&
           (target_.name.empty() || change.key.name == target_.name);
  }

  /// An object that comes to match is ADDED, one that ceases to is DELETED.
  void add(const Change& change, std::string& chunk) {
    const bool before = change.before && filter_.matches(*change.before);
    const bool after = change.after && filter_.matches(*change.after);
    if (after) return event(before ? "MODIFIED" : "ADDED", change.after, chunk);
    if (!before) return;
    json last = *change.before;
    last["metadata"]["resourceVersion"] = std::to_string(change.version);
    event("DELETED", std::make_shared<const json>(std::move(last)), chunk);
  }

  void event(const char* kind, const Object& object, std::string& chunk) {
    json shown = *object;
    if (form_.shape == Form::Shape::metadata) shown = only_metadata(*object);
    if (form_.shape == Form::Shape::table) {
      const json metadata{{"resourceVersion", object->at("metadata").at("resourceVersion")}};
      shown = make_table(*target_.type, std::span(&object, 1), metadata, include_,
                         std::chrono::system_clock::now(), std::exchange(first_, false));
    }
    write(kind, shown, chunk);
  }

  void too_old(std::string& chunk) const {
    const Status status =
        expired(fmt::format("too old resource version: {} ({})", version_, store_.oldest_version()));
    write("ERROR", json::parse(status.to_json()), chunk);
  }

  static void write(const char* kind, const json& object, std::string& chunk) {
    chunk += json{{"type", kind}, {"object", object}}.dump(-1, ' ', false, json::error_handler_t::replace);
    chunk += '\n';
  }

  const ObjectStore& store_;
  Target target_;
  Filter filter_;
  Form form_;
  RowObject include_;
  std::uint64_t version_;
  std::chrono::steady_clock::time_point until_;
  std::string initial_;
  bool first_ = true;
};

/// How a log request wants its lines.
struct LogOptions {
  std::int64_t tail = -1;
  std::int64_t limit_bytes = 0;
  std::optional<std::chrono::system_clock::time_point> since;
  bool timestamps = false;
};

Answer<LogOptions> parse_log_options(const ApiRequest& request) {
  LogOptions options;
  for (const char* const name : {"tailLines", "limitBytes", "sinceSeconds"}) {
    if (!request.query.contains(name)) continue;
    const Answer<std::int64_t> parsed = integer(request, name);
    if (const Status* status = failure(parsed)) return *status;
    const auto value = std::get<std::int64_t>(parsed);
    const bool tail = std::string_view(name) == "tailLines";
    if (value < (tail ? 0 : 1))
      return invalid(
          "", "PodLogOptions", "",
          {{"FieldValueInvalid",
            fmt::format("Invalid value: {}: must be greater than {}", value, tail ? "or equal to 0" : "0"),
            name}});
    if (tail) options.tail = value;
    if (std::string_view(name) == "limitBytes") options.limit_bytes = value;
    if (std::string_view(name) == "sinceSeconds")
      options.since = std::chrono::system_clock::now() - std::chrono::seconds(value);
  }
  options.timestamps = request.flag("timestamps");
  return options;
}

std::string log_text(const std::vector<AccessLog::Line>& lines, const LogOptions& options) {
  std::string text;
  for (const AccessLog::Line& line : lines) {
    if (options.since && line.time < *options.since) continue;
    if (options.timestamps) text += timestamp(line.time) + " ";
    text += line.text + "\n";
  }
  if (options.limit_bytes > 0)
    text.resize(std::min(text.size(), static_cast<std::size_t>(options.limit_bytes)));
  return text;
}

}  // namespace

Answer<ApiReply> Api::get(const ApiRequest& request, const Target& target) {
  if (request.flag("watch")) return watch(request, target);
  const Object object = store_.get(target.key());
  if (!object) return not_found(target.type->group, target.type->plural, target.name);
  if (target.subresource == "scale") return render(request, scale_of(*object));
  return render_object(request, *target.type, object);
}

Answer<ApiReply> Api::list(const ApiRequest& request, const Target& target) {
  const Answer<Form> form = choose_form(request.accept);
  if (const Status* status = failure(form)) return *status;
  const Answer<Filter> filter = parse_filter(request, target);
  if (const Status* status = failure(filter)) return *status;
  const Answer<std::int64_t> limit = integer(request, "limit");
  if (const Status* status = failure(limit)) return *status;
  const Answer<ContinueToken> start = page_start(request, store_);
  if (const Status* status = failure(start)) return *status;
  const std::string version = request.parameter("resourceVersion");
  if (!version.empty() && !parse_number<std::uint64_t>(version))
    return bad_request(
        fmt::format("invalid resource version: resourceVersion: Invalid value: \"{0}\": "
                    "strconv.ParseUint: parsing \"{0}\": invalid syntax",
                    version));

  ObjectStore::Listing listing = store_.list(target.type->plural, target.namespace_);
  const auto page_size = static_cast<std::size_t>(std::max<std::int64_t>(std::get<std::int64_t>(limit), 0));
  json metadata{{"resourceVersion", std::to_string(listing.version)}};
  std::vector<Object> page;
  for (const Object& object : listing.objects) {
    const bool earlier = position(*object) <= std::get<ContinueToken>(start).after;
    if (earlier || !std::get<Filter>(filter).matches(*object)) continue;
    if (page_size > 0 && page.size() == page_size) {
      metadata["continue"] = ContinueToken{listing.version, position(*page.back())}.to_string();
      break;
    }
    page.push_back(object);
  }
  const auto [syntax, shape] = std::get<Form>(form);
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

Answer<ApiReply> Api::watch(const ApiRequest& request, const Target& target) {
  const Answer<Form> form = choose_form(request.accept);
  if (const Status* status = failure(form)) return *status;
  Answer<Filter> filter = parse_filter(request, target);
  if (const Status* status = failure(filter)) return *status;
  const Answer<std::int64_t> timeout = integer(request, "timeoutSeconds");
  if (const Status* status = failure(timeout)) return *status;
  const std::string version = request.parameter("resourceVersion");
  const auto from = version.empty() ? std::optional<std::uint64_t>(0) : parse_number<std::uint64_t>(version);
  if (!from)
    return internal_error(fmt::format(
        "resourceVersion: Invalid value: \"{0}\": strconv.ParseUint: parsing \"{0}\": invalid syntax",
        version));

  const std::int64_t seconds = std::get<std::int64_t>(timeout) > 0 ? std::get<std::int64_t>(timeout) : 1800;
  auto events = std::make_shared<Watch>(store_, target, std::get<Filter>(std::move(filter)),
                                        std::get<Form>(form), row_object(request), *from,
                                        std::chrono::steady_clock::now() + std::chrono::seconds(seconds));
  if (*from == 0) {
    ObjectStore::Listing listing = store_.list(target.type->plural, target.namespace_);
    if (!target.name.empty())
      std::erase_if(listing.objects,
                    [&](const Object& object) { return object->at("metadata").at("name") != target.name; });
    events->add_initial(listing);
  }
  ApiReply reply;
  reply.stream = [events](std::string& chunk) { return events->next(chunk); };
  return reply;
}

Answer<ApiReply> Api::log(const ApiRequest& request, const Target& target) {
  const auto log = options_.log_of(target.name);
  if (!log || !store_.get(target.key())) return not_found("", "pods", target.name);
  const std::string container = request.parameter("container");
  if (!container.empty() && container != "recs")
    return bad_request(fmt::format("container {} is not valid for pod {}", container, target.name));
  const Answer<LogOptions> parsed = parse_log_options(request);
  if (const Status* status = failure(parsed)) return *status;
  LogOptions options = std::get<LogOptions>(parsed);

  AccessLog::Lines lines = log->since(0);
  const auto tail = static_cast<std::size_t>(options.tail);
  if (options.tail >= 0 && lines.lines.size() > tail)
    lines.lines.erase(lines.lines.begin(), lines.lines.end() - static_cast<std::ptrdiff_t>(tail));
  ApiReply reply{.content_type = "text/plain"};
  std::string text = log_text(lines.lines, options);
  if (!request.flag("follow")) {
    reply.body = std::move(text);
    return reply;
  }
  reply.stream = [this, log, options, text, next = lines.next](std::string& chunk) mutable {
    if (!text.empty()) return chunk += std::exchange(text, {}), true;
    if (store_.closed()) return false;
    const AccessLog::Lines fresh = log->wait_since(next, std::chrono::milliseconds(200));
    next = fresh.next;
    chunk += log_text(fresh.lines, options);
    return !fresh.lines.empty() || !log->ended();
  };
  return reply;
}

}  // namespace junction::sandbox
