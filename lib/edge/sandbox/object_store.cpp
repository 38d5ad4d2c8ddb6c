#include "edge/sandbox/object_store.hpp"
#include "edge/sandbox/fields.hpp"
#include "junction/try.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <random>

namespace junction::sandbox {
namespace {

using nlohmann::json;

/// A version 4 UUID.
std::string new_uid() {
  std::random_device random;
  const auto part = [&](std::uint32_t mask) { return random() & mask; };
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:08x}{:04x}", part(0xffffffff), part(0xffff), part(0xfff),
                     0x8000 | part(0x3fff), part(0xffffffff), part(0xffff));
}

bool same_but_version(const json& a, json b) {
  b["metadata"]["resourceVersion"] = look(a, "metadata", "resourceVersion");
  return a == b;
}

}  // namespace

std::string timestamp(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

Object ObjectStore::get(const ObjectKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  return found == objects_.end() ? nullptr : found->second;
}

ObjectStore::Listing ObjectStore::list(const std::string& plural, const std::string& namespace_) const {
  const std::lock_guard lock(mutex_);
  Listing listing{{}, version_};
  for (auto at = objects_.lower_bound({plural, namespace_, ""}); at != objects_.end(); ++at) {
    if (at->first.plural != plural || (!namespace_.empty() && at->first.namespace_ != namespace_)) break;
    listing.objects.push_back(at->second);
  }
  return listing;
}

std::uint64_t ObjectStore::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::uint64_t ObjectStore::oldest_version() const {
  const std::lock_guard lock(mutex_);
  return forgotten_;
}

Result<Object, Status> ObjectStore::update(const ObjectKey& key, const Edit& edit) {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  const Object current = found == objects_.end() ? nullptr : found->second;
  JUNCTION_TRY_ASSIGN(json next, edit(current));
  return store(key, current, std::move(next));
}

Object ObjectStore::put(const ObjectKey& key, json object) {
  return *update(key, [&](const Object&) -> Result<json, Status> { return std::move(object); });
}

Object ObjectStore::store(const ObjectKey& key, const Object& before, json next) {
  json& metadata = next["metadata"];
  metadata["name"] = key.name;
  if (!key.namespace_.empty()) metadata["namespace"] = key.namespace_;
  const json* const old = before ? &look(*before, "metadata") : nullptr;
  metadata["uid"] = old ? text_or(look(*old, "uid")) : new_uid();
  metadata["creationTimestamp"] =
      old ? text_or(look(*old, "creationTimestamp")) : timestamp(std::chrono::system_clock::now());
  if (before && same_but_version(*before, next)) return before;
  metadata["resourceVersion"] = std::to_string(++version_);
  Object after = std::make_shared<const json>(std::move(next));
  objects_[key] = after;
  log({version_, key, before, after});
  return after;
}

Object ObjectStore::remove(const ObjectKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return nullptr;
  json last = *found->second;
  last["metadata"]["resourceVersion"] = std::to_string(++version_);
  const Object gone = std::make_shared<const json>(std::move(last));
  objects_.erase(found);
  log({version_, key, gone, nullptr});
  return gone;
}

void ObjectStore::log(Change change) {
  history_.push_back(std::move(change));
  if (history_.size() > history_limit_) {
    forgotten_ = history_.front().version;
    history_.pop_front();
  }
  changed_.notify_all();
}

std::optional<std::vector<Change>> ObjectStore::changes_after(std::uint64_t version,
                                                              std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  if (version < forgotten_) return std::nullopt;
  changed_.wait_for(lock, timeout, [&] { return closed_ || version_ > version; });
  if (version < forgotten_) return std::nullopt;
  std::vector<Change> changes;
  for (const Change& change : history_)
    if (change.version > version) changes.push_back(change);
  return changes;
}

void ObjectStore::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool ObjectStore::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace junction::sandbox
