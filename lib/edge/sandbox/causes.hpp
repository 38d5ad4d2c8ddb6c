#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// Gathers what is wrong with an object, in the words of the real server's field.ErrorList.
class Causes {
 public:
  /// `value` as it is to be shown: texts with their quotes.
  void invalid(const std::string& field, std::string_view value, std::string_view why) {
    add("FieldValueInvalid", fmt::format("Invalid value: {}: {}", value, why), field);
  }
  void required(const std::string& field, std::string_view why = {}) {
    add("FieldValueRequired", why.empty() ? "Required value" : fmt::format("Required value: {}", why), field);
  }
  void duplicate(const std::string& field, std::string_view value) {
    add("FieldValueDuplicate", fmt::format("Duplicate value: {}", value), field);
  }
  /// `supported` as it is to be shown: "\"SCTP\", \"TCP\", \"UDP\"".
  void not_supported(const std::string& field, std::string_view value, std::string_view supported) {
    add("FieldValueNotSupported",
        fmt::format("Unsupported value: {}: supported values: {}", value, supported), field);
  }
  void too_long(const std::string& field, std::size_t limit) {
    add("FieldValueTooLong", fmt::format("Too long: may not be more than {} bytes", limit), field);
  }

  [[nodiscard]] const std::vector<Cause>& all() const { return all_; }

 private:
  void add(const char* reason, std::string message, const std::string& field) {
    all_.push_back({reason, std::move(message), field});
  }

  std::vector<Cause> all_;
};

}  // namespace junction::sandbox
