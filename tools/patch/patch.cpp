#include "tools/patch/patch.hpp"

#include <fmt/ostream.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "junction/documents.hpp"
#include "junction/service.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/policy.hpp"
#include "tools/output/colour.hpp"
#include "tools/output/unified_diff.hpp"
#include "tools/patch/options.hpp"

namespace junctionctl::patch {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using nlohmann::json;
namespace kube = junction::kube;

// A policy over several lines, so that a diff shows what changed in it; a broken one as it is.
std::string pretty_policy(const json& service, std::uint16_t port) {
  const json::json_pointer place("/metadata/annotations");
  const std::string key = junction::Service::policy_annotation(port);
  if (!service.contains(place) || !service[place].is_object() || !service[place].contains(key)) return "";
  const json& value = service[place][key];
  if (!value.is_string()) return value.dump() + "\n";
  const auto policy = nlohmann::ordered_json::parse(value.get_ref<const std::string&>(), nullptr, false);
  return (policy.is_discarded() ? value.get<std::string>() : policy.dump(2)) + "\n";
}

void print_diff(const kube::PolicyChange& change, const json& before, const json& after, Io& io) {
  const std::string label = fmt::format("{} port {}", change.target(), change.port);
  write_unified_diff(io.out, pretty_policy(before, change.port), pretty_policy(after, change.port),
                     {label + " (before)", label + " (after)"});
}

template <typename Json>
void print_object(const std::string& format, Json object, Io& io) {
  if (object.contains("metadata"))
    object["metadata"].erase("managedFields");  // kubectl does not show them either
  if (format == "json")
    io.out << object.dump(4, ' ', false, Json::error_handler_t::replace) << '\n';
  else
    io.out << junction::to_yaml(object);
}

// One document after another needs its separator in YAML.
void print_outcome(const PatchOptions& options, const kube::PolicyChange& change,
                   const kube::ChangeOutcome& outcome, bool first, Io& io) {
  if (options.diff) print_diff(change, outcome.before, outcome.after, io);
  // kubectl prints "patched" for a dry run too, and scripts read that; who looks on is told.
  if (options.dry_run != "none" && io.err_is_terminal)
    say(io, fmt::format("{} dry run: nothing was stored", options.dry_run));
  if (options.output == "name") {
    fmt::print(io.out, "{}\n", change.target());
  } else if (options.output.empty()) {
    fmt::print(io.out, "{} patched{}\n", change.target(), outcome.changed ? "" : " (no change)");
  } else {
    if (!first && options.output == "yaml") io.out << "---\n";
    if (options.dry_run == "client")
      print_object(options.output, kube::patch_document(change), io);
    else
      print_object(options.output, outcome.after, io);
  }
}

/// A document and what to call it: "backends.yaml", or "backends.yaml, document 2" where there are several.
struct Document {
  std::string origin;
  json content;
};

Result<std::vector<Document>> read_all(const std::vector<std::string>& files) {
  std::vector<Document> all;
  for (const std::string& file : files) {
    auto documents = junction::read_documents(file);
    if (!documents) return documents.error();
    std::vector<json> contents;
    for (json& document : *documents) {
      if (document.is_array())
        for (json& item : document) contents.push_back(std::move(item));
      else
        contents.push_back(std::move(document));
    }
    const std::string name = file == "-" ? "standard input" : file;
    for (std::size_t i = 0; i < contents.size(); ++i)
      all.push_back({contents.size() == 1 ? name : fmt::format("{}, document {}", name, i + 1),
                     std::move(contents[i])});
  }
  if (all.empty()) return Error{ErrorKind::invalid, fmt::format("there is nothing in {}", files.front())};
  return all;
}

Result<kube::PolicyChange> change_in(const Document& document, const std::string& asked_namespace) {
  auto change = kube::parse_backend(document.content);
  if (!change)
    return Error{change.error().kind, fmt::format("{}: {}", document.origin, change.error().message)};
  if (!asked_namespace.empty() && !change->namespace_.empty() && change->namespace_ != asked_namespace)
    return Error{ErrorKind::invalid,
                 fmt::format("the Backend {} is in the namespace \"{}\", not in \"{}\" as -n says",
                             change->service, change->namespace_, asked_namespace)};
  if (change->namespace_.empty()) change->namespace_ = asked_namespace;
  return change;
}

// Without a cluster at hand, a client dry run still shows the patch; there is only nothing to check it
// against.
int print_unchecked(const PatchOptions& options, kube::PolicyChange change, bool first, Io& io) {
  if (change.namespace_.empty()) change.namespace_ = "default";
  say(io, fmt::format("no cluster is configured, so {} was not checked", change.target()));
  print_outcome(options, change, {json::object(), kube::changed_locally(json::object(), change), true}, first,
                io);
  return exit_done;
}

/// Makes changes one after the other over one connection; the first that fails sets the exit code, and the
/// others are made all the same.
class Patcher {
 public:
  Patcher(const PatchOptions& options, Io& io) : options_(options), io_(io) {}

  Result<void> connect() {
    auto client = junctionctl::connect(options_.cluster, io_);
    const bool nowhere = !client && client.error().kind == ErrorKind::not_found &&
                         options_.cluster.context.empty() && options_.cluster.kubeconfig.empty();
    if (client)
      client_.emplace(std::move(*client));
    else if (!nowhere || options_.dry_run != "client")
      return client.error();
    return {};
  }

  void apply(Result<kube::PolicyChange> change) {
    if (!change) return failed(change.error());
    if (change->policy) warn_of_policy(*change->policy, io_);
    if (!client_) {
      print_unchecked(options_, *change, first_, io_);
    } else {
      if (change->namespace_.empty()) change->namespace_ = client_->namespace_();
      auto outcome = kube::apply_change(*client_, *change, change_options(options_), known(*change));
      if (!outcome) return failed(outcome.error());
      print_outcome(options_, *change, *outcome, first_, io_);
      last_namespace_ = change->namespace_;
      last_service_ = options_.dry_run == "none" ? change->service : "";
      last_answer_ = std::move(outcome->after);
    }
    first_ = false;
  }

  [[nodiscard]] int exit_code() const { return code_; }

 private:
  // The next document is often about another port of the same Service: what the server has just answered need
  // not be read again.
  const json* known(const kube::PolicyChange& change) const {
    const bool same = change.namespace_ == last_namespace_ && change.service == last_service_;
    return same ? &last_answer_ : nullptr;
  }

  void failed(const Error& error) {
    const int code = fail(io_, error);
    if (code_ == exit_done) code_ = code;
    last_service_.clear();
  }

  const PatchOptions& options_;
  Io& io_;
  std::optional<kube::Client> client_;
  std::string last_namespace_, last_service_;  ///< of the Service in last_answer_; empty: none
  json last_answer_;
  bool first_ = true;
  int code_ = exit_done;
};

int patch_files(const PatchOptions& options, Io& io) {
  const auto documents = read_all(options.files);
  if (!documents) return fail(io, documents.error());
  Patcher patcher(options, io);
  if (const auto connected = patcher.connect(); !connected) return fail(io, connected.error());
  for (const Document& document : *documents) patcher.apply(change_in(document, options.cluster.namespace_));
  return patcher.exit_code();
}

int patch_one(const PatchOptions& options, Io& io) {
  auto change = change_of(options);
  if (!change) return fail(io, change.error());
  Patcher patcher(options, io);
  if (const auto connected = patcher.connect(); !connected) return fail(io, connected.error());
  patcher.apply(std::move(change));
  return patcher.exit_code();
}

int patch_locally(const PatchOptions& options, Io& io) {
  auto change = change_of(options);
  if (!change) return fail(io, change.error());
  if (change->policy) warn_of_policy(*change->policy, io);
  const auto documents = read_all(options.files);
  if (!documents) return fail(io, documents.error());
  int found = 0;
  for (const auto& [origin, document] : *documents) {
    if (!document.is_object() || document.value("kind", json()) != "Service") continue;
    const json name = document.value(json::json_pointer("/metadata/name"), json(""));
    if (!change->service.empty() && name != change->service) continue;
    kube::PolicyChange here = *change;
    here.service = name.is_string() ? name.get<std::string>() : "";
    if (const auto checked = kube::check_change(document, here); !checked) return fail(io, checked.error());
    const json after = kube::changed_locally(document, here);
    if (options.diff) print_diff(here, document, after, io);
    if (options.output == "name") fmt::print(io.out, "{}\n", here.target());
    if (options.output != "name" && found > 0 && options.output != "json") io.out << "---\n";
    if (options.output != "name") print_object(options.output.empty() ? "yaml" : options.output, after, io);
    ++found;
  }
  if (found > 0) return exit_done;
  return fail(io, {ErrorKind::not_found,
                   fmt::format("there is no Service{} in {}",
                               change->service.empty() ? "" : " " + change->service, options.files.front())});
}

int run_patch(const PatchOptions& options, Io& io) {
  if (const auto checked = check_patch_options(options); !checked) return fail(io, checked.error());
  show_colours(io.out, wants_colour(options.color, io));
  if (options.local) return patch_locally(options, io);
  return options.files.empty() ? patch_one(options, io) : patch_files(options, io);
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  const auto options = std::make_shared<PatchOptions>();
  CLI::App* const verb =
      app.add_subcommand("patch", "Set or remove the load-balancing policy of a Service's port");
  help::describe(*verb, {.usage = "junctionctl patch service/NAME --port N --lb POLICY [OPTIONS]\n"
                                  "junctionctl patch service/NAME --port N --remove [OPTIONS]\n"
                                  "junctionctl patch -f FILE [OPTIONS]\n"
                                  "junctionctl patch --local -f SERVICE.yaml --port N --lb POLICY",
                         .examples = "# The same query always goes to the same pod\n"
                                     "junctionctl patch service/shop --port 80 --lb RingHash --hash-query q\n"
                                     "# What that would change, checked by the server and not stored\n"
                                     "junctionctl patch service/shop --port 80 --lb RoundRobin \\\n"
                                     "  --diff --dry-run=server\n"
                                     "# Back to what it was before there was a policy\n"
                                     "junctionctl patch service/shop --port 80 --remove"});
  bind_patch_options(*verb, *options);
  verb->callback([verb, options, &chosen] {
    options->policy.hash_params = read_hash_params(*verb);
    chosen = [options](Io& io) { return run_patch(*options, io); };
  });
}

}  // namespace junctionctl::patch
