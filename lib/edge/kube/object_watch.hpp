#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "edge/kube/json_lines.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// Where one list-and-watch of a collection stands: told what the server sends and when, it keeps the objects
/// and says what to do next. No I/O and no clock of its own.
///
/// A stream that ends is taken up from the last resourceVersion seen; one that is too old (410) starts with a
/// new list. Ends without progress wait ever longer (100 ms, doubling, 5 s at most), so that a server in
/// trouble meets no busy loop.
class ObjectWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] bool needs_list() const { return !resource_version_; }
  [[nodiscard]] bool listed_once() const { return listed_once_; }
  [[nodiscard]] const std::string& resource_version() const { return *resource_version_; }
  [[nodiscard]] Time due() const { return due_; }  ///< not to list or watch before then

  /// Objects by name.
  [[nodiscard]] const std::map<std::string, nlohmann::json>& objects() const { return objects_; }
  /// Counts up whenever objects() changes.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

  void listed(const nlohmann::json& list);
  void list_failed(Time now);

  void started(Time now);
  /// Bytes of the stream. False: the stream is of no more use and must be ended.
  bool on_data(std::string_view data);
  /// The stream is over; `expired`: the answer to the watch was itself a 410.
  void ended(Time now, bool expired);

  /// What an ERROR event said, once.
  std::optional<Error> take_error();

 private:
  bool on_event(const nlohmann::json& event);
  void on_error_event(const nlohmann::json& status);
  void wait(Time now);

  std::map<std::string, nlohmann::json> objects_;
  std::optional<std::string> resource_version_;
  std::optional<Error> error_;
  JsonLines lines_;
  std::uint64_t revision_ = 0;
  Time due_{}, started_{};
  std::chrono::milliseconds backoff_{0};
  bool progress_ = false;
  bool listed_once_ = false;
};

}  // namespace junction::kube
