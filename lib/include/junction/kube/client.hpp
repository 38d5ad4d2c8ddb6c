#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "junction/export.hpp"
#include "junction/kube/config.hpp"
#include "junction/result.hpp"

namespace junction::kube {

struct ListOptions {
  std::string label_selector;
  std::string field_selector;
  std::uint32_t limit = 500;  ///< items a page; all pages are fetched. 0: one page with everything
};

/// Whether a change is made, only thought through by this side, or by the server, which stores nothing then.
enum class DryRun : std::uint8_t { none, client, server };

enum class PatchType : std::uint8_t {
  merge,      ///< RFC 7386
  strategic,  ///< Kubernetes' own merge patch
  json,       ///< RFC 6902
  apply,      ///< server-side apply; needs apiVersion and kind in the body
};

struct PatchOptions {
  bool dry_run = false;  ///< the server does everything but store it
  std::string field_manager = "junctionctl";
  bool force = false;  ///< PatchType::apply only: take fields over from their owners
};

struct WatchOptions {
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;       ///< events after this one; empty: start with what is there
  std::chrono::seconds timeout{300};  ///< after which the server ends the stream; 0: when it likes
};

/// One event of a watch. `type` is ADDED, MODIFIED, DELETED, BOOKMARK or ERROR; the object of an ERROR is a
/// Status.
struct WatchEvent {
  std::string_view type;
  const nlohmann::json& object;
};

/// A connection to one API server. Connections are kept and used again, HTTP/2 where the server offers it.
/// Requests that changed nothing are tried again a few times where the failure passes by itself (429, 503, a
/// broken read). One thread at a time, but for cancel(). Paths begin with /api or /apis and may carry a
/// query. Answers are bounded: 64 MiB of an object or a page, 256 MiB and 5000 pages of a list, 16 MiB of a
/// watch's line.
class JUNCTION_EXPORT Client {
 public:
  explicit Client(ClusterConfig config);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  Result<nlohmann::json> get(std::string_view path);

  /// All items over all pages, as one list whose metadata.resourceVersion a watch can start from.
  Result<nlohmann::json> list(std::string_view path, const ListOptions& options = {});

  /// Sends `body`, once, and returns the object that the server answers with: as it is afterwards. Where that
  /// answer is lost, the error says that the change may have been made, and how to look.
  Result<nlohmann::json> patch(std::string_view path, PatchType type, std::string_view body,
                               const PatchOptions& options = {});

  /// The body as it is: logs, up to 256 MiB.
  Result<std::string> get_text(std::string_view path);

  /// Hands events to `on_event` until it returns false, the stream ends (both ok), or it breaks (an error).
  Result<void> watch(std::string_view path, const WatchOptions& options,
                     const std::function<bool(const WatchEvent&)>& on_event);

  /// Makes the call under way, and every later one, return an error at once. From any thread.
  void cancel();

  [[nodiscard]] const std::string& namespace_() const;
  [[nodiscard]] const ClusterConfig& config() const;

  class Impl;  ///< lib/edge/kube/ only

 private:
  friend class BackendWatch;
  std::unique_ptr<Impl> impl_;
};

/// Paths of the resources the suite reads. `name` empty: the collection.
JUNCTION_EXPORT std::string service_path(std::string_view namespace_, std::string_view name = {});
JUNCTION_EXPORT std::string endpoint_slices_path(std::string_view namespace_);
JUNCTION_EXPORT std::string pod_path(std::string_view namespace_, std::string_view name = {});
JUNCTION_EXPORT std::string deployment_path(std::string_view namespace_, std::string_view name = {});
/// The scale of a "deployment", "statefulset" or "replicaset".
JUNCTION_EXPORT std::string scale_path(std::string_view namespace_, std::string_view kind,
                                       std::string_view name);

}  // namespace junction::kube
