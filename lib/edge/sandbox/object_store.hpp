#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "edge/sandbox/status.hpp"

namespace junction::sandbox {

/// A stored object; immutable, so readers keep it without copying.
using Object = std::shared_ptr<const nlohmann::json>;

struct ObjectKey {
  std::string plural;
  std::string namespace_;  ///< empty for what is not namespaced
  std::string name;

  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

/// One step of the store's history.
struct Change {
  std::uint64_t version = 0;
  ObjectKey key;
  Object before;  ///< null: created
  Object after;   ///< null: deleted; `before` then carries the version of the deletion
};

/// What etcd is to a real API server: objects with one rising resourceVersion and a history to watch. Thread
/// safe. Versions, uids and creation times are given here; all else of an object is its writer's.
class ObjectStore {
 public:
  /// `history` changes are kept; who asks for older ones has to list anew.
  explicit ObjectStore(std::size_t history = 1000) : history_limit_(history) {}

  struct Listing {
    std::vector<Object> objects;  ///< by namespace and name
    std::uint64_t version = 0;
  };

  [[nodiscard]] Object get(const ObjectKey& key) const;
  /// An empty namespace means all of them.
  [[nodiscard]] Listing list(const std::string& plural, const std::string& namespace_) const;
  [[nodiscard]] std::uint64_t version() const;

  /// Makes the next state out of the current one (null: not there), with the store locked. Where the next
  /// equals the current but for its resourceVersion, nothing is stored and the current comes back.
  using Edit = std::function<Result<nlohmann::json, Status>(const Object& current)>;
  Result<Object, Status> update(const ObjectKey& key, const Edit& edit);

  /// Stores unconditionally.
  Object put(const ObjectKey& key, nlohmann::json object);
  /// The object as it was, with the deletion's resourceVersion; null: was not there.
  Object remove(const ObjectKey& key);

  /// The changes after `version`, oldest first; waits for the first of them until `timeout` has passed or
  /// close() was called. Nothing: the history no longer reaches back so far.
  [[nodiscard]] std::optional<std::vector<Change>> changes_after(std::uint64_t version,
                                                                 std::chrono::milliseconds timeout) const;
  /// The oldest version that changes_after() can still start from.
  [[nodiscard]] std::uint64_t oldest_version() const;

  /// Wakes whoever waits; waits no more from then on.
  void close();
  [[nodiscard]] bool closed() const;

 private:
  Object store(const ObjectKey& key, const Object& before, nlohmann::json next);
  void log(Change change);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<ObjectKey, Object> objects_;
  std::deque<Change> history_;
  std::size_t history_limit_;
  std::uint64_t version_ =
      100;  // not 1: "resourceVersion=1" is how clients and tests ask for one that is too old
  std::uint64_t forgotten_ = 100;
  bool closed_ = false;
};

/// The time as objects carry it: RFC 3339, UTC, whole seconds.
std::string timestamp(std::chrono::system_clock::time_point time);

}  // namespace junction::sandbox
