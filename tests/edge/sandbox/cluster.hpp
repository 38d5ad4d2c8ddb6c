#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/controller.hpp"
#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/pod_network.hpp"
#include "edge/sandbox/shop.hpp"

namespace junction::sandbox {

inline constexpr const char* service_at = "/api/v1/namespaces/default/services/wineinfo-recs";
inline constexpr const char* services_at = "/api/v1/namespaces/default/services";
inline constexpr const char* deployment_at = "/apis/apps/v1/namespaces/default/deployments/wineinfo-recs";
inline constexpr const char* scale_at = "/apis/apps/v1/namespaces/default/deployments/wineinfo-recs/scale";
inline constexpr const char* merge = "application/merge-patch+json";
inline constexpr const char* strategic = "application/strategic-merge-patch+json";
inline constexpr const char* json_patch = "application/json-patch+json";
inline constexpr const char* apply = "application/apply-patch+yaml";

/// A store, the API before it and the controller behind it, which runs replicas.
class Cluster {
 public:
  Cluster() {
    auto network = PodNetwork::claim_any();
    REQUIRE(network.ok());
    set_up_shop(store, 1);
    controller =
        std::make_unique<Controller>(store, connections, *std::move(network), junction::ReplicaLimits{},
                                     [this](const std::string& line) { trouble += line + "\n"; });
    REQUIRE(controller->start().ok());
  }

  ApiReply ask(const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& type = "application/json", const std::string& accept = {}) {
    ApiRequest request{.method = method, .path = path};
    if (type == apply) request.query = {{"fieldManager", "tester"}, {"force", "true"}};
    request.content_type = type;
    request.accept = accept;
    request.authorization = "Bearer t";
    request.body = body;
    return api.handle(request);
  }

  /// Scales to `replicas` and says how many pods there are then: the controller is still at work.
  std::size_t pods_after_scaling_to(int replicas) {
    const nlohmann::json body{{"spec", {{"replicas", replicas}}}};
    CHECK(ask("PATCH", scale_at, body.dump(), merge).status == 200);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto running = [&] { return store.list("pods", "default").objects.size(); };
    while (running() != static_cast<std::size_t>(replicas) && std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return running();
  }

  ObjectStore store;
  ConnectionRegistry connections{{}};
  Api api{store, {"t", 3, [](const std::string&) { return nullptr; }}};
  std::string trouble;
  std::unique_ptr<Controller> controller;
};

/// Whatever was asked: an answer that a client can read, and no mistake of ours.
inline void check_answer(const ApiReply& reply) {
  const nlohmann::json answer = nlohmann::json::parse(reply.body, nullptr, false);
  REQUIRE(answer.is_object());
  CHECK(look(answer, "kind").is_string());
  CHECK((reply.status == 200 || reply.status == 201 || look(answer, "code") == reply.status));
  CHECK(reply.body.find("Internal error occurred") == std::string::npos);
}

inline std::string message_of(const ApiReply& reply) {
  return text_or(look(nlohmann::json::parse(reply.body, nullptr, false), "message"));
}

}  // namespace junction::sandbox
