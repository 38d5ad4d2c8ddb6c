#include "edge/sandbox/watch.hpp"

#include <fmt/format.h>

#include <utility>

#include "edge/sandbox/fields.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_wait = 200ms;  // then the connection is looked after

void write(const char* kind, const json& object, std::string& chunk) {
  chunk += json{{"type", kind}, {"object", object}}.dump(-1, ' ', false, json::error_handler_t::replace);
  chunk += '\n';
}

}  // namespace

Watch::Watch(const ObjectStore& store, Asked asked)
    : store_(store), asked_(std::move(asked)), version_(asked_.from) {
  if (version_ == 0) add_initial();
}

void Watch::add_initial() {
  const ObjectStore::Listing listing = store_.list(asked_.target.type->plural, asked_.target.namespace_);
  for (const Object& object : listing.objects)
    if ((asked_.target.name.empty() || look(*object, "metadata", "name") == asked_.target.name) &&
        asked_.filter.matches(*object))
      event("ADDED", object, initial_);
  version_ = listing.version;
}

bool Watch::next(std::string& chunk) {
  if (!initial_.empty()) return chunk += std::exchange(initial_, {}), true;
  const auto left = asked_.until - std::chrono::steady_clock::now();
  const auto wait = std::min(std::chrono::duration_cast<std::chrono::milliseconds>(left), longest_wait);
  if (wait.count() <= 0 || store_.closed()) return false;
  const auto changes = store_.changes_after(version_, wait);
  if (!changes) return too_old(chunk), false;
  for (const Change& change : *changes) {
    version_ = change.version;
    if (concerns(change.key)) add(change, chunk);
  }
  return true;
}

bool Watch::concerns(const ObjectKey& key) const {
  return key.plural == asked_.target.type->plural &&
         (asked_.target.namespace_.empty() || key.namespace_ == asked_.target.namespace_) &&
         (asked_.target.name.empty() || key.name == asked_.target.name);
}

/// An object that comes to match is ADDED, one that ceases to is DELETED.
void Watch::add(const Change& change, std::string& chunk) {
  const bool before = change.before && asked_.filter.matches(*change.before);
  const bool after = change.after && asked_.filter.matches(*change.after);
  if (after) return event(before ? "MODIFIED" : "ADDED", change.after, chunk);
  if (!before) return;
  json last = *change.before;
  last["metadata"]["resourceVersion"] = std::to_string(change.version);
  event("DELETED", std::make_shared<const json>(std::move(last)), chunk);
}

void Watch::event(const char* kind, const Object& object, std::string& chunk) {
  if (asked_.form.shape == Form::Shape::object) return write(kind, *object, chunk);
  if (asked_.form.shape == Form::Shape::metadata) return write(kind, only_metadata(*object), chunk);
  const json metadata{{"resourceVersion", look(*object, "metadata", "resourceVersion")}};
  write(kind,
        make_table(*asked_.target.type, std::span(&object, 1), metadata, asked_.include,
                   std::chrono::system_clock::now(), std::exchange(first_, false)),
        chunk);
}

void Watch::too_old(std::string& chunk) const {
  const Status status =
      expired(fmt::format("too old resource version: {} ({})", version_, store_.oldest_version()));
  write("ERROR", json(status.to_value()), chunk);
}

}  // namespace junction::sandbox
