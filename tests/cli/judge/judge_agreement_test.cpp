// Three who say what a Service means: explain, what feeds `generate --lb` (and the sandbox's front), and a
// table that was written down while the Service was made up.
#include <doctest/doctest.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "junction/kube/backend_watch.hpp"
#include "junction/policy_json.hpp"
#include "tests/cli/judge/random_services.hpp"
#include "tests/cli/run.hpp"
#include "tests/edge/kube/scripted_server.hpp"
#include "tools/generate/client_side_lb.hpp"

namespace junctionctl::judge {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

/// What one of them says.
struct Verdict {
  bool dropped = false;
  std::string policy;
  Texts endpoints;  ///< that requests can go to
  std::string red;  ///< where ?query=red goes; empty: nowhere, or anywhere

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  out << (verdict.dropped ? "dropped " : "kept ") << verdict.policy;
  for (const std::string& endpoint : verdict.endpoints) out << ' ' << endpoint;
  return out << ", red at " << verdict.red;
}

/// An API server with one Service and its slices. Watches end at once.
class Api {
 public:
  Api() : server_([this](const junction::test::SeenRequest& request) { return reply(request); }) {}

  void set(const Case& now) {
    const std::lock_guard lock(mutex_);
    now_ = &now;
  }
  [[nodiscard]] std::string url() const { return server_.url(); }

 private:
  junction::test::Reply reply(const junction::test::SeenRequest& request) {
    using junction::test::answer;
    const std::string target = request.target();
    const std::lock_guard lock(mutex_);
    if (target.find("watch=true") != std::string::npos)
      return {.pieces = {junction::test::chunked_head(), "0\r\n\r\n"}};
    if (target.find("/httproutes") != std::string::npos)
      return answer(404, R"({"kind":"Status","code":404})");
    if (target.ends_with("/services/recs")) return answer(200, now_->service.dump());
    const bool slices = target.find("endpointslices") != std::string::npos;
    const json items = slices ? json(now_->slices) : json::array({now_->service});
    return answer(200, json{{"metadata", {{"resourceVersion", "1"}}}, {"items", items}}.dump());
  }

  std::mutex mutex_;
  const Case* now_ = nullptr;
  junction::test::ScriptedServer server_;  // last: it asks the others
};

/// The same as manifests, in a file of its own.
class Manifests {
 public:
  explicit Manifests(const Case& made) {
    const int file = mkstemp(path_.data());
    REQUIRE(file >= 0);
    close(file);
    std::ofstream out(path_);
    out << made.service.dump();
    for (const json& slice : made.slices) out << "\n---\n" << slice.dump();
  }
  ~Manifests() { std::remove(path_.c_str()); }
  Manifests(const Manifests&) = delete;
  Manifests& operator=(const Manifests&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/junctionctl-judge-XXXXXX";
};

Verdict explained(const Case& made, std::vector<std::string> more) {
  std::vector<std::string> words{"explain", "service/recs", "-n", "shop", "--port", std::to_string(made.port),
                                 "--query", "red",          "-o", "json"};
  words.insert(words.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  std::vector<const char*> all;
  for (const std::string& word : words) all.push_back(word.c_str());
  const Outcome outcome = run(all);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const json report = json::parse(outcome.out);
  Verdict verdict{.dropped = report.contains("refused"),
                  .policy = nlohmann::ordered_json::parse(outcome.out)["policy"].dump()};
  const json& answer = report["requests"][0];
  if (answer["reason"] != "no_endpoints")
    for (const json& endpoint : report["endpoints"]) verdict.endpoints.push_back(endpoint["address"]);
  if (answer["endpoint"].is_string()) verdict.red = answer["endpoint"];
  return verdict;
}

std::string red_of(const junction::Balancer& balancer) {
  const junction::Pick pick = balancer.pick({.url = "/?query=red"});
  return pick.reason == junction::PickReason::ring_hash ? pick.address.to_string() : "";
}

Texts addresses(const std::vector<junction::Endpoint>& endpoints) {
  Texts list;
  for (const junction::Endpoint& endpoint : endpoints) list.push_back(endpoint.address.to_string());
  return list;
}

// What `generate --lb` begins with. That it does not begin at all says no more than that nobody takes
// requests.
Verdict generated(const Api& api, const Case& made) {
  generate::LbOptions options;
  options.policy.lb = "recs";
  options.cluster.server = api.url();
  options.cluster.namespace_ = "shop";
  std::istringstream in;
  std::ostringstream out, err;
  Io io{in, out, err};
  const std::string url = "http://recs:" + std::to_string(made.port) + "/";
  const auto lb = generate::ClientSideLb::make(options, url, io, [](const std::string&) {});
  if (!lb)
    return {.dropped = lb.error().message.find("the control plane drops the Service") != std::string::npos};
  const auto state = (*lb)->balancer().state();
  return {.policy = junction::policy_json(state.policy),
          .endpoints = addresses(state.endpoints),
          .red = red_of((*lb)->balancer())};
}

// What a client that follows the Service is told, the sandbox's front among them.
Verdict watched(const Api& api, const Case& made) {
  std::mutex mutex;
  std::condition_variable told;
  std::optional<Verdict> verdict;
  const junction::kube::BackendWatch watch(
      {.server = api.url()}, "shop", "recs", made.port,
      [&](const junction::kube::Backend& backend) {
        junction::Balancer balancer;
        balancer.update(backend.in_force(), backend.policy);
        const std::lock_guard lock(mutex);
        verdict = Verdict{backend.dropped(), junction::policy_json(backend.policy),
                          addresses(backend.in_force()), red_of(balancer)};
        told.notify_all();
      },
      [](const junction::Error&) {});
  std::unique_lock lock(mutex);
  REQUIRE(told.wait_for(lock, std::chrono::seconds(20), [&] { return verdict.has_value(); }));
  return *verdict;
}

// A Balancer makes of endpoints and a policy where requests go; that is not what is in question here.
std::string placed(const Texts& endpoints, const std::string& policy) {
  std::vector<junction::Endpoint> all;
  for (const std::string& text : endpoints) all.push_back({.address = *junction::SocketAddress::parse(text)});
  junction::Balancer balancer;
  balancer.update(std::move(all), *junction::parse_policy(policy));
  return red_of(balancer);
}

Verdict expected(const Case& made) {
  Verdict verdict{.dropped = made.expected.dropped, .policy = made.expected.policy};
  if (!verdict.dropped) verdict.endpoints = made.expected.endpoints;
  verdict.red = placed(verdict.endpoints, verdict.policy);
  return verdict;
}

constexpr const char* flags_policy =
    R"({"type":"RingHash","min_ring_size":1024,"hash_params":[{"type":"QueryParam","name":"query"}]})";

Verdict expected_with_flags(const Case& made) {
  Verdict verdict{.dropped = made.expected.dropped_with_flags, .policy = flags_policy};
  if (!verdict.dropped) verdict.endpoints = made.expected.endpoints;
  verdict.red = placed(verdict.endpoints, verdict.policy);
  return verdict;
}

}  // namespace

TEST_CASE("explain, generate --lb, the watch and a table agree on 200 random Services") {
  const auto cases = random_services(200, 2026);
  Api api;
  std::map<std::string, int> seen;
  int dropped = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& made = cases[i];
    CAPTURE(i);
    CAPTURE(made.port);
    CAPTURE(made.service.dump());
    api.set(made);
    const Manifests manifests(made);
    const Verdict right = expected(made);
    CHECK(explained(made, {"-f", manifests.path()}) == right);
    CHECK(explained(made, {"--server", api.url()}) == right);
    CHECK(explained(made, {"-f", manifests.path(), "--lb", "RingHash", "--hash-query", "query"}) ==
          expected_with_flags(made));
    CHECK(watched(api, made) == right);
    const Verdict begins = generated(api, made);
    CHECK(begins.dropped == right.dropped);
    CHECK(begins.endpoints == right.endpoints);
    if (!begins.endpoints.empty()) CHECK(begins == right);
    dropped += made.expected.dropped ? 1 : 0;
    for (const std::string& kind : made.kinds)
      for (const std::string& part : all_kinds())
        if (kind == part || kind.starts_with(part + " on ") || kind.ends_with(" on " + part)) ++seen[part];
  }
  CHECK(dropped >= 100);
  CHECK(dropped <= 170);
  for (const std::string& kind : all_kinds()) {
    CAPTURE(kind);
    CHECK(seen[kind] >= 5);
  }
}

}  // namespace junctionctl::judge
