#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "junction/result.hpp"

namespace junction::kube {

/// An object, as a request asks for it.
struct ObjectName {
  std::string_view kind;
  std::string_view namespace_;
  std::string_view name;
};

/// Whether an answer is the object that was asked for: a change of another one is none of this. The error
/// says what came in its place.
Result<void> check_object(const nlohmann::json& answer, const ObjectName& asked);

/// A change that an answer does not show, in words: `why` goes behind "the server answered, but ". What to
/// run to look at the object is added, unless `look` is empty.
Error not_shown(const std::string& why, const std::string& look);

}  // namespace junction::kube
