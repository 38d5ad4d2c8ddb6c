#pragma once

#include <zlib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "junction/policy_json.hpp"
#include "tests/edge/kube/answers.hpp"

// A server that lies, breaks off, never ends or means ill, on the way of each request that the suite makes.
// Nothing of it may crash, fill the memory, or let a change be called done that is not shown.

namespace junction::test {

using nlohmann::json;

inline const Policy ring{.type = Policy::Type::ring_hash,
                         .hash_params = {{HashParam::Type::query_param, "q", false}}};
constexpr const char* key = "junctionlabs.io/backend.lb.80";
constexpr const char* look = "kubectl get services/s -n default -o yaml";
inline const std::string doubt =
    std::string(" The change may have been made all the same: look with: ") + look;
inline const std::string deep = std::string(100000, '[') + std::string(100000, ']');

inline json plain_service() {
  return {{"apiVersion", "v1"},
          {"kind", "Service"},
          {"metadata", {{"name", "s"}, {"namespace", "default"}, {"resourceVersion", "10"}}},
          {"spec", {{"type", "ClusterIP"}, {"ports", {{{"port", 80}, {"targetPort", 8080}}}}}}};
}

inline json patched_service() {
  json object = plain_service();
  object["metadata"]["resourceVersion"] = "11";
  object["metadata"]["annotations"][key] = policy_json(ring);
  return object;
}

/// The Service with one place of it as `value`.
inline json changed(json object, const char* place, const json& value) {
  object[json::json_pointer(place)] = value;
  return object;
}

inline Reply closing(std::string bytes) {
  return {.pieces = {std::move(bytes)}, .close = true};
}

inline Reply cut_short(const std::string& body, std::size_t sent) {
  Reply reply = answer(200, body);
  reply.pieces[0].resize(reply.pieces[0].size() - body.size() + sent);
  reply.close = true;
  return reply;
}

// Goes on with the same piece until the client hangs up.
inline Reply endless(std::string head, std::string piece) {
  Reply reply = closing(std::move(head));
  reply.more = [piece = std::move(piece)](std::string& next) { return next = piece, true; };
  return reply;
}

inline std::string gzip(std::size_t zeros) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string text(zeros, ' '), packed(deflateBound(&stream, zeros), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string with_header(const char* name_and_value, const std::string& body) {
  return answer(200, body, "application/json", std::string(name_and_value) + "\r\n").pieces[0];
}

inline std::size_t count(const std::vector<SeenRequest>& seen, const std::string& method) {
  return static_cast<std::size_t>(std::count_if(
      seen.begin(), seen.end(), [&](const SeenRequest& request) { return request.method() == method; }));
}

inline bool one_line(const std::string& message) {
  return !message.empty() && message.find('\n') == std::string::npos;
}

}  // namespace junction::test
