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
/// A whole object, as POST and PUT send it, decoded as `kind`.
Result<nlohmann::json, Status> parse_object(const ApiRequest& request, const std::string& kind);
/// Query and body of a PUT or PATCH to objects of a `kind` (or to their Scale). A patch's types are looked at
/// when it has been applied; those of an apply, which is a part of an object, at once.
Result<Writing, Status> parse_writing(const ApiRequest& request, const std::string& kind);

/// `object`, which this writing leads to, decoded as `kind`; refused in the words for this way of writing.
Result<nlohmann::json, Status> decode_written(const Writing& writing, nlohmann::json object,
                                              const std::string& kind);

}  // namespace junction::sandbox
