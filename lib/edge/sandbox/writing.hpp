#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/patch.hpp"
#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// What the query of a writing request says, and how its body is to be read.
struct Writing {
  bool dry_run = false;
  bool force = false;
  std::string manager;
  bool put = false;
  PatchKind kind = PatchKind::merge;
  nlohmann::json body;

  [[nodiscard]] bool applies() const { return !put && kind == PatchKind::apply; }
};

/// The query alone, as POST needs it.
Result<Writing, Status> parse_options(const ApiRequest& request);
/// A whole object, as POST and PUT send it.
Result<nlohmann::json, Status> parse_object(const ApiRequest& request);
/// Query and body of a PUT or PATCH.
Result<Writing, Status> parse_writing(const ApiRequest& request);

}  // namespace junction::sandbox
