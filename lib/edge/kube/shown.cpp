#include "edge/kube/shown.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/text/utf8.hpp"
#include "edge/files/field.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

// A value from outside as a name in a sentence, short.
std::string word(const json& value) {
  if (value.is_null()) return "?";
  return shortened(value.is_string() ? value.get_ref<const std::string&>()
                                     : value.dump(-1, ' ', false, json::error_handler_t::replace),
                   80);
}

}  // namespace

Result<void> check_object(const json& answer, const ObjectName& asked) {
  const json& metadata = member(answer, "metadata");
  const json &kind = member(answer, "kind"), &name = member(metadata, "name"),
             &namespace_ = member(metadata, "namespace");
  if (kind == asked.kind && name == asked.name && namespace_ == asked.namespace_) return {};
  return Error{
      ErrorKind::server,
      fmt::format("the server answered with the {} {}/{}, where it was asked for the {} {}/{}", word(kind),
                  word(namespace_), word(name), asked.kind, asked.namespace_, asked.name)};
}

Error not_shown(const std::string& why, const std::string& look) {
  return {ErrorKind::server, fmt::format("the server answered that all is well, but {}{}{}", why,
                                         look.empty() ? "" : ". Look with: ", look)};
}

}  // namespace junction::kube
