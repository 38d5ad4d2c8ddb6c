#include "edge/sandbox/json_patch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "edge/sandbox/body.hpp"
#include "edge/sandbox/fields.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t most_operations = 10000;     // as the real server's
constexpr std::size_t most_copied = longest_body;  // bytes, all copies together

/// One operation after the other, each looked at before nlohmann's own code makes it.
class Patcher {
 public:
  explicit Patcher(json object) : object_(std::move(object)) {}

  Result<void, Status> apply(const json& operation) {
    const std::string what = text_or(look(operation, "op")), path = text_or(look(operation, "path"), "?");
    try {
      const json::json_pointer to(path);
      if (!to.empty() && !parent_is_structured(to)) return patch_rejected();
      if (what == "add" || what == "replace")
        JUNCTION_TRY(check_depth(path, extent_of(look(operation, "value"))));
      if (what == "copy" || what == "move") JUNCTION_TRY(check_copy(operation, path));
      object_.patch_inplace(json::array({operation}));
      return {};
    } catch (const json::exception&) {
      return patch_rejected();
    }
  }

  json take() { return std::move(object_); }

 private:
  /// nlohmann asserts it where a path leads below a text or a number.
  [[nodiscard]] bool parent_is_structured(const json::json_pointer& to) const {
    return object_.at(to.parent_pointer()).is_structured();
  }

  static Result<void, Status> check_depth(const std::string& path, const Extent& extent) {
    const auto steps = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
    if (steps + extent.depth > deepest_object) return patch_rejected();
    return {};
  }

  Result<void, Status> check_copy(const json& operation, const std::string& path) {
    const Extent extent = extent_of(object_.at(json::json_pointer(text_or(look(operation, "from"), "?"))));
    copied_ += extent.bytes;
    if (copied_ > most_copied)
      return too_much(
          fmt::format("Unable to complete the copy, the accumulated size increase of copy is {}, "
                      "exceeding the limit {}",
                      copied_, most_copied));
    return check_depth(path, extent);
  }

  json object_;
  std::size_t copied_ = 0;
};

}  // namespace

Extent extent_of(const json& value) {
  Extent extent{0, value.is_string() ? value.get_ref<const std::string&>().size() + 2 : 4};
  if (!value.is_structured()) return extent;
  for (const auto& [name, member] : value.items()) {
    const Extent inner = extent_of(member);
    extent.depth = std::max(extent.depth, inner.depth);
    extent.bytes += inner.bytes + (value.is_object() ? name.size() + 4 : 1);
  }
  ++extent.depth;
  return extent;
}

Result<json, Status> apply_json_patch(json object, const json& patch) {
  if (patch.size() > most_operations)
    return too_much(fmt::format("The allowed maximum operations in a JSON patch is {}, got {}",
                                most_operations, patch.size()));
  Patcher patcher(std::move(object));
  for (const json& operation : patch) JUNCTION_TRY(patcher.apply(operation));
  return patcher.take();
}

}  // namespace junction::sandbox
