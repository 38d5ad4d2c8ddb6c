#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "junction/result.hpp"

namespace junction::report {

/// A place in a JSON document that knows its path, so that what is wrong there can be named. What is not as
/// asked for throws an Error; whoever starts reading catches it.
class Field {
 public:
  Field(const nlohmann::json& value, std::string path) : value_(&value), path_(std::move(path)) {}

  [[nodiscard]] Field operator[](const char* key) const {
    const std::string path = path_.empty() ? key : fmt::format("{}.{}", path_, key);
    if (!value_->is_object()) fail("is no object");
    const auto found = value_->find(key);
    if (found == value_->end()) throw Error{ErrorKind::invalid, fmt::format("{} is missing", path)};
    return {*found, path};
  }

  /// Calls `visit(Field)` for each item of an array.
  template <typename Visit>
  void each(Visit visit) const {
    if (!value_->is_array()) fail("is no list");
    for (std::size_t i = 0; i < value_->size(); ++i)
      visit(Field((*value_)[i], fmt::format("{}[{}]", path_, i)));
  }

  /// Calls `visit(key, Field)` for each member of an object.
  template <typename Visit>
  void members(Visit visit) const {
    if (!value_->is_object()) fail("is no object");
    for (const auto& [key, item] : value_->items()) visit(key, Field(item, fmt::format("{}.{}", path_, key)));
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool is_null() const { return value_->is_null(); }
  [[nodiscard]] const nlohmann::json& json() const { return *value_; }

  [[nodiscard]] std::string text() const {
    if (!value_->is_string()) fail("is no text");
    return value_->get<std::string>();
  }
  [[nodiscard]] bool boolean() const {
    if (!value_->is_boolean()) fail("is neither true nor false");
    return value_->get<bool>();
  }
  [[nodiscard]] double number() const {
    if (!value_->is_number()) fail("is no number");
    return value_->get<double>();
  }
  /// An integer from 0 to `most`.
  [[nodiscard]] std::uint64_t count(std::uint64_t most) const {
    if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() > most) {
      fail(fmt::format("is no integer from 0 to {}", most).c_str());
    }
    return value_->get<std::uint64_t>();
  }
  [[nodiscard]] std::int64_t nanoseconds() const { return static_cast<std::int64_t>(count(INT64_MAX)); }

  [[noreturn]] void fail(const char* what) const {
    constexpr std::size_t most_shown = 40;
    std::string shown = value_->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (shown.size() > most_shown) shown = shown.substr(0, most_shown) + "...";
    throw Error{ErrorKind::invalid,
                fmt::format("{} {}: {}", path_.empty() ? "the document" : path_, what, shown)};
  }

 private:
  const nlohmann::json* value_;
  std::string path_;
};

}  // namespace junction::report
