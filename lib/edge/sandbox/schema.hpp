#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// What a real API server decodes a field of an API object into.
struct GoType {
  enum class Kind { boolean, int32, int64, text, int_or_text, map, list, structure };

  Kind kind = Kind::structure;
  std::string name;              ///< as Go prints it: "int32", "[]string", "v1.ServiceSpec"
  const GoType* item = nullptr;  ///< of a map's or a list's members
  std::vector<std::pair<std::string, const GoType*>> fields =
      {};  ///< of a structure; others are kept as they are
};

/// A value that its field cannot hold.
struct TypeFault {
  std::string holder;  ///< the structure that has the field: "ServicePort"
  std::string field;   ///< names alone: "spec.ports.port"
  std::string place;   ///< with indices and keys: ".spec.ports[0].port"
  std::string wanted;  ///< "int32"
  nlohmann::json found;

  /// "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"
  [[nodiscard]] std::string unmarshal_error() const;
  /// The same in the words of a strategic merge: "unrecognized type: int32".
  [[nodiscard]] std::string convert_error() const;
  /// The same in the words of server-side apply: ".spec.ports[0].port: expected int32, got ...".
  [[nodiscard]] std::string typed_patch_error() const;
};

/// Sees that every field of `object` that `type` knows has its type, and takes out what is null, as decoding
/// and encoding does: in a structure it is absent, in a list or map the empty value. Whoever reads a decoded
/// object need not fear types any more, only absence.
std::optional<TypeFault> decode(nlohmann::json& object, const GoType& type);

/// "Service", "Deployment" or "Scale". Source: k8s.io/api core/v1, apps/v1 and autoscaling/v1 types.go
/// (v1.33), the fields that somebody here reads or a person may write.
const GoType& go_type_of(const std::string& kind);

}  // namespace junction::sandbox
