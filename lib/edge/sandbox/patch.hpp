#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

enum class PatchKind { merge, strategic, json, apply };

/// By Content-Type, exactly as a real API server compares it: parameters are dropped, upper case is refused.
Result<PatchKind, Status> patch_kind(std::string_view content_type);

/// The patch's body as JSON; the messages are those of the real server (Go's) where they can be told.
Result<nlohmann::json, Status> parse_patch(PatchKind kind, std::string_view body);

/// `object` with a merge (RFC 7386), strategic or JSON (RFC 6902) patch applied. Not for apply.
Result<nlohmann::json, Status> apply_patch(PatchKind kind, const nlohmann::json& object,
                                           const nlohmann::json& patch);

}  // namespace junction::sandbox
