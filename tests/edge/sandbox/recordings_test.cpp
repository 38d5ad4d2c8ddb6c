// Holds the sandbox's API against recordings of a real one (tests/data/kube-api, kube-apiserver v1.33): the
// same requests in the same order must bring the same status, the same Content-Type and, but for what differs
// from run to run, the same body.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/shop.hpp"
#include "junction/url.hpp"

using namespace junction::sandbox;
using nlohmann::json;

namespace {

struct Row {
  const char* file;
  std::string current =
      {};  ///< a resourceVersion in requests that stands for the one in force, whichever it is
  std::set<std::string> left_out =
      {};  ///< exchanges that the sandbox does not answer so, by label; see docs/sandbox.md
};

const Row rows[] = {
    {"01-get-service"},
    {"01-get-service-missing-404"},
    {"01-get-namespace-missing-404"},
    {"01-method-not-allowed-405"},
    // The sandbox has one user, who may do everything.
    {"01-unknown-path-404",
     "",
     {"unknown resource, as a user without cluster-admin: 403",
      "unknown group, as a user without cluster-admin: 403"}},
    {"01-no-credentials"},
    {"01-bad-token-401"},
    {"01-get-service-no-accept",
     "",
     {"Accept: text/html -> 406"}},  // the list of representations: no protobuf here
    {"02-patch-merge"},
    {"02-patch-merge-dryrun"},
    {"02-patch-strategic"},
    {"02-patch-strategic-dryrun"},
    {"02-patch-json"},
    {"02-patch-json-dryrun"},
    {"02-patch-json-no-annotations-map"},
    {"02-patch-stale-resourceversion-409", "471"},
    // ?timeout= is left to the client.
    {"02-patch-query-parameters",
     "",
     {"timeout=1us: 504 with a text/plain Content-Type; a little longer, and it is 504, 200 or a connection "
      "closed without "
      "an answer",
      "timeout=5 (no unit)"}},
    {"02-patch-annotation-value-types"},
    {"02-patch-file-body-merge-wineinfo-recs"},
    {"02-patch-file-body-strategic-wineinfo-recs"},
    {"02-patch-file-body-wrong-name"},
    // The body carries managedFields of an older state, which the sandbox ignores.
    {"02-put-replace", "738", {"put, no resourceVersion: last write wins"}},
    {"02-patch-apply"},
    {"02-apply-errors"},
    {"02-apply-creates"},
    {"02-apply-conflict-with-merge-patch"},
    {"05-scale", "815", {"get deployment", "forbidden"}},  // another image and the like; one user only
    // YAML's faults in the words of another reader; bytes that are no UTF-8 are refused, not replaced.
    {"06-bad-body-400", "", {"apply", "merge, invalid UTF-8: stored with U+FFFD instead"}},
    {"06-content-type-415", "", {"POST with text/plain"}},  // its list of types: no protobuf here
    {"06-invalid-422", "", {"nodePort taken"}},
    {"08-discovery"},
};

json read(const std::string& name) {
  std::ifstream file(std::string(TEST_DATA) + "/kube-api/" + name + ".json");
  REQUIRE_MESSAGE(file, name);
  return json::parse(file);
}

constexpr const char* token = "good-token";

std::string header(const json& headers, const char* name) {
  for (const json& entry : headers)
    if (entry[0] == name) return entry[1];
  return "";
}

ApiRequest to_request(const json& recorded, bool token_is_good) {
  ApiRequest request;
  std::istringstream line(recorded["request_line"].get<std::string>());
  std::string target;
  line >> request.method >> target;
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  std::istringstream query(question == std::string::npos ? "" : target.substr(question + 1));
  for (std::string pair; std::getline(query, pair, '&');) {
    const auto equals = pair.find('=');
    request.query.emplace(junction::form_decode(pair.substr(0, equals)),
                          equals == std::string::npos ? "" : junction::form_decode(pair.substr(equals + 1)));
  }
  request.accept = header(recorded["headers"], "Accept");
  request.content_type = header(recorded["headers"], "Content-Type");
  request.user_agent = header(recorded["headers"], "User-Agent");
  request.authorization = header(recorded["headers"], "Authorization");
  if (request.authorization == "Bearer <redacted>")
    request.authorization = std::string("Bearer ") + (token_is_good ? token : "bad-token");
  request.body = recorded.value("body", "");
  return request;
}

/// What differs from run to run, or is not served (managedFields), is taken out.
json comparable(json body) {
  if (body.contains("metadata") && body["metadata"].is_object())
    for (const char* const field :
         {"uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"})
      body["metadata"].erase(field);
  if (body.contains("spec") && body["spec"].is_object())
    for (const char* const field : {"clusterIP", "clusterIPs"}) body["spec"].erase(field);
  const bool status = body.value("kind", "") == "Status";
  // A 422 about types quotes the whole object, and then Go's words for what is wrong.
  const auto quote = status ? body.value("message", "").find("Invalid value: \"{") : std::string::npos;
  if (quote != std::string::npos) {
    body["message"] = body["message"].get<std::string>().substr(0, quote);
    for (json& cause : body["details"]["causes"]) cause.erase("message");
  }
  // The real server names some faults several times over, once for each layer that finds them.
  if (status && body.value("/details/causes"_json_pointer, json()).is_array()) {
    json once = json::array();
    for (const json& cause : body["details"]["causes"])
      if (std::find(once.begin(), once.end(), cause) == once.end()) once.push_back(cause);
    body["details"]["causes"] = once;
    if (once.size() == 1 && body["message"].get<std::string>().find(": [") != std::string::npos)
      body.erase("message");
  }
  return body;
}

/// Discovery: the sandbox serves a part of what a real cluster has; that part is the same but for verbs and
/// hashes.
void check_discovery(const json& ours, const json& real) {
  CHECK(ours["kind"] == real["kind"]);
  for (const char* const list : {"resources", "groups"}) {
    if (!ours.contains(list)) continue;
    for (json entry : ours[list]) {
      const auto same = std::find_if(real[list].begin(), real[list].end(),
                                     [&](const json& other) { return other["name"] == entry["name"]; });
      CAPTURE(entry["name"].get<std::string>());
      if (entry["name"] == "pods/log" || entry["name"] == "selfsubjectaccessreviews") continue;
      REQUIRE(same != real[list].end());
      for (const char* const field :
           {"singularName", "namespaced", "kind", "group", "version", "shortNames", "categories"})
        CHECK(entry.value(field, json()) == same->value(field, json()));
    }
  }
}

class Replay {
 public:
  explicit Replay(const Row& row) : row_(row), recording_(read(row.file)) {
    set_up_shop(store_, 2);
    json service = json::parse(read("01-get-service")["exchanges"][0]["response"]["body"].get<std::string>());
    service["metadata"].erase("managedFields");
    store_.put(service_key(), std::move(service));
    if (std::string(row.file) == "05-scale") follow_status(2);
  }

  void run() {
    for (const json& exchange : recording_["exchanges"]) {
      const std::string label = exchange["label"];
      CAPTURE(label);
      if (exchange["response"].contains("body")) answer(label, exchange["request"], exchange["response"]);
    }
  }

 private:
  void answer(const std::string& label, json recorded, const json& expected) {
    // A resourceVersion that the real server handed out stands for the one we handed out in its place.
    for (const auto& [theirs, ours] : versions_) replace_version(recorded, theirs, ours);
    const bool bad_token = std::string(row_.file) == "01-bad-token-401";
    if (row_.left_out.contains(label)) return;
    const bool scaling = std::string(row_.file) == "05-scale";
    if (recorded["request_line"].get<std::string>().starts_with("PUT")) keep_cluster_ip(recorded);
    // The controller of the real cluster had brought the status up to date in between.
    const json real = json::parse(expected["body"].get<std::string>(), nullptr, false);
    if (real.is_object() && real.value("kind", "") == "Scale")
      follow_status(real["status"].value("replicas", 0));
    if (recorded.value("body", "").find("\"" + row_.current + "\"") != std::string::npos &&
        !versions_.contains(row_.current)) {
      versions_[row_.current] =
          store_.get(scaling ? deployment_key() : service_key())->at("metadata").at("resourceVersion");
      replace_version(recorded, row_.current, versions_[row_.current]);
    }
    const ApiReply reply = api_.handle(to_request(recorded, !bad_token));
    CAPTURE(reply.body);
    CHECK(reply.status == expected["status"].get<int>());
    CHECK(reply.content_type == header(expected["headers"], "Content-Type"));
    const json ours = json::parse(reply.body, nullptr, false);
    if (!real.is_object()) return check_text(reply, expected["body"]);
    if (std::string(row_.file) == "08-discovery") {
      if (label != "/version") check_discovery(ours, real);
      return;
    }
    CHECK(comparable(ours) == comparable(real));
    check_version(ours, real, label);
    // After its first step, the recording went on with the annotation really there.
    if (!dry_run_only() || made_ || label.find("get") == 0) return;
    ApiRequest earnest = to_request(recorded, true);
    earnest.query.erase("dryRun");
    made_ = api_.handle(earnest).status == 200;
  }

  [[nodiscard]] bool dry_run_only() const { return std::string(row_.file) == "02-patch-json-dryrun"; }

  static void check_text(const ApiReply& reply, const std::string& expected) {
    if (reply.content_type == "application/yaml")
      CHECK(reply.body.find("kind: Service\n") != std::string::npos);
    else
      CHECK(reply.body == expected);
  }

  /// Ours moves on exactly where theirs did.
  void check_version(const json& ours, const json& real, const std::string& label) {
    const std::string their_version = real.value("/metadata/resourceVersion"_json_pointer, "");
    const std::string our_version = ours.value("/metadata/resourceVersion"_json_pointer, "");
    if (their_version.empty() || label.find("dry run") != std::string::npos ||
        real.value("kind", "") == "Scale" || dry_run_only())
      return;
    const auto known = versions_.find(their_version);
    if (known != versions_.end()) CHECK(known->second == our_version);
    for (const auto& [theirs, mine] : versions_)
      if (theirs != their_version) CHECK(mine != our_version);
    versions_[their_version] = our_version;
  }

  /// The recorded Service was another one's successor, with another address and uid.
  void keep_cluster_ip(json& recorded) const {
    json body = json::parse(recorded["body"].get<std::string>());
    if (!body["spec"].contains("clusterIP")) return;
    for (const char* const field : {"clusterIP", "clusterIPs"})
      body["spec"][field] = store_.get(service_key())->at("spec").at(field);
    body["metadata"]["uid"] = store_.get(service_key())->at("metadata").at("uid");
    recorded["body"] = body.dump();
  }

  static void replace_version(json& recorded, const std::string& theirs, const std::string& ours) {
    if (!recorded.contains("body")) return;
    std::string body = recorded["body"];
    const std::string from = "\"resourceVersion\":\"" + theirs + "\"";
    if (const auto at = body.find(from); at != std::string::npos)
      recorded["body"] = body.replace(at, from.size(), "\"resourceVersion\":\"" + ours + "\"");
  }

  void follow_status(int replicas) {
    const ObjectStore::Edit edit = [&](const Object& current) -> junction::Result<json, Status> {
      json next = *current;
      next["status"]["replicas"] = replicas;
      return next;
    };
    (void)store_.update(deployment_key(), edit);
  }

  const Row& row_;
  json recording_;
  ObjectStore store_;
  Api api_{store_, {token, 200, [](const std::string&) { return nullptr; }}};
  std::map<std::string, std::string> versions_;
  bool made_ = false;
};

}  // namespace

TEST_CASE("the sandbox's API answers as a real one did") {
  for (const Row& row : rows) {
    CAPTURE(std::string(row.file));
    Replay(row).run();
  }
}
