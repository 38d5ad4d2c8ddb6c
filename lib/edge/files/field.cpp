#include "edge/files/field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text/utf8.hpp"

namespace junction {
namespace {

using nlohmann::json;

// Finds the way from `from` to the very value `to`: looked for only once something is wrong there, so that a
// document that is right pays nothing. Documents from outside are at most 500 deep.
bool find_path(const json& from, const json* to, std::string& path) {
  if (&from == to) return true;
  const std::size_t before = path.size();
  if (from.is_object()) {
    for (const auto& [name, value] : from.items()) {
      path += path.empty() ? name : "." + name;
      if (find_path(value, to, path)) return true;
      path.resize(before);
    }
  } else if (from.is_array()) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      path += fmt::format("[{}]", i);
      if (find_path(from[i], to, path)) return true;
      path.resize(before);
    }
  }
  return false;
}

// Members of a kubeconfig or a credential whose value belongs in no message.
bool is_secret(std::string_view path) {
  constexpr std::array<std::string_view, 8> secrets{"token",         "password",    "client-key-data",
                                                    "clientKeyData", "id-token",    "refresh-token",
                                                    "client-secret", "access-token"};
  const std::string_view name = path.substr(path.rfind('.') + 1);  // npos + 1 is the beginning
  return std::find(secrets.begin(), secrets.end(), name) != secrets.end();
}

std::string shown(const json& value) {
  return shortened(value.dump(-1, ' ', false, json::error_handler_t::replace), 80);
}

}  // namespace

const json& Field::json() const {
  static const nlohmann::json none;
  return value_ ? *value_ : none;
}

std::string Field::path() const {
  std::string path;
  find_path(*root_, value_ ? value_ : parent_, path);
  if (!value_) path += path.empty() ? name_ : std::string(".") + name_;
  return shortened(path, 200);
}

Field Field::operator[](const char* name) const {
  if (missing()) return *this;  // what is named is the first that is missing
  if (value_->is_null()) return {root_, value_, name};
  if (!value_->is_object()) must_be("a map");
  const auto found = value_->find(name);
  return found == value_->end() ? Field(root_, value_, name) : Field(root_, &*found);
}

const std::string& Field::text() const {
  if (missing() || !value_->is_string()) must_be("a string");
  return value_->get_ref<const std::string&>();
}

bool Field::boolean() const {
  if (missing() || !value_->is_boolean()) must_be("true or false");
  return value_->get<bool>();
}

std::optional<bool> Field::boolean_or_none() const {
  return absent() ? std::nullopt : std::optional(boolean());
}

double Field::number() const {
  if (missing() || !value_->is_number()) must_be("a number");
  return value_->get<double>();
}

Field::Items Field::items() const {
  if (missing() || !value_->is_array()) must_be("a list");
  return {root_, *value_};
}

Field::Items Field::items_or_none() const {
  static const nlohmann::json none = nlohmann::json::array();
  return absent() ? Items(root_, none) : items();
}

Field::Members Field::members() const {
  if (missing() || !value_->is_object()) must_be("a map");
  return {root_, *value_};
}

Field::Members Field::members_or_none() const {
  static const nlohmann::json none = nlohmann::json::object();
  return absent() ? Members(root_, none) : members();
}

void Field::must_be(std::string_view what) const {
  const std::string where = path();
  if (missing()) throw Wrong(where + " is missing");
  if (is_secret(where)) throw Wrong(fmt::format("{} must be {}", where, what));
  throw Wrong(
      fmt::format("{} must be {}, not {}", where.empty() ? "the document" : where, what, shown(*value_)));
}

void Field::fail(std::string_view why) const {
  const std::string where = path();
  throw Wrong(fmt::format("{} {}", where.empty() ? "the document" : where, why));
}

void Field::refuse(std::string message) {
  throw Wrong(std::move(message));
}

}  // namespace junction
