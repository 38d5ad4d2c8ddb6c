#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "junction/kube/config.hpp"
#include "tests/edge/kube/scripted_server.hpp"

namespace junction::test {

constexpr const char* service = R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"s"}})";

inline kube::ClusterConfig config_for(const ScriptedServer& server) {
  return {.server = server.url(), .token = "secret"};
}

/// The body of a refusal, as the API server writes it.
inline std::string status(int code, const std::string& reason, const std::string& message) {
  return nlohmann::json{{"kind", "Status"}, {"code", code}, {"reason", reason}, {"message", message}}.dump();
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace junction::test
