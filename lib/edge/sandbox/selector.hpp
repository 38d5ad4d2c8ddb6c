#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// A labelSelector or fieldSelector of a query: requirements that must all hold.
class Selector {
 public:
  Selector() = default;

  /// "a=b,c!=d,e in (f,g),h notin (i),j,!k"
  static Result<Selector, Status> parse_labels(std::string_view text);
  /// "metadata.name=x" and "metadata.namespace=y" (also !=); the only fields that every kind has. Pods have
  /// status.phase, spec.nodeName and status.podIP too.
  static Result<Selector, Status> parse_fields(std::string_view text, const std::string& kind);

  [[nodiscard]] bool matches(const nlohmann::json& object) const;

 private:
  struct Requirement {
    bool is_field = false;
    bool negated = false;
    std::string key;
    std::vector<std::string> values;  ///< empty: existence
  };
  std::vector<Requirement> requirements_;
};

/// What a list or a watch leaves out.
struct Filter {
  Selector labels, fields;

  static Result<Filter, Status> parse(std::string_view labels, std::string_view fields,
                                      const std::string& kind);
  [[nodiscard]] bool matches(const nlohmann::json& object) const {
    return labels.matches(object) && fields.matches(object);
  }
};

}  // namespace junction::sandbox
