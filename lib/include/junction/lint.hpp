#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/export.hpp"
#include "junction/implementation.hpp"
#include "junction/policy.hpp"
#include "junction/service.hpp"

namespace junction {

enum class Severity : std::uint8_t {
  info,     ///< worth knowing
  warning,  ///< requests go elsewhere than people think, or unevenly
  error,    ///< it does not work
};

/// Something about a backend or its requests that has bitten people before. docs/lints.md has a section a
/// code.
struct Lint {
  std::string code;  ///< stable: "duplicate-endpoint"
  Severity severity = Severity::warning;
  std::string evidence;  ///< what was seen, with its values
  std::string remedy;    ///< what to do about it

  friend bool operator==(const Lint&, const Lint&) = default;
};

/// What there is to look at before any request. Pointers must be set unless said otherwise.
struct LintedBackend {
  const Service* service = nullptr;  ///< null: endpoints came without a Service
  std::uint16_t port = 0;
  std::span<const Endpoint> endpoints;
  std::span<const ExcludedEndpoint> excluded;
  std::size_t slices = 0;   ///< EndpointSlices of the Service that were there
  bool from_files = false;  ///< they need not hold all that a cluster does
  std::span<const Refusal> refusals;
  const Policy* policy = nullptr;
  const Placement* placement = nullptr;
  const Implementation* implementation = nullptr;
  PlacementOptions options;
};

/// The lints of a backend, most severe first.
JUNCTION_EXPORT std::vector<Lint> lint_backend(const LintedBackend& backend);

/// Those of a policy alone, whatever endpoints it is for, most severe first.
JUNCTION_EXPORT std::vector<Lint> lint_policy(const Policy& policy);

/// Collects what is remarkable about requests; memory does not grow with their number. Each lint names the
/// request with the lowest position as its example, in whatever order they came.
class JUNCTION_EXPORT RequestLints {
 public:
  /// `explanation` must be of a balancer that hashes; others have nothing to say here.
  void add(const Request& request, const Explanation& explanation, std::uint64_t position);
  void add(const RequestLints& other);

  /// `requests`: of how many these are remarks.
  [[nodiscard]] std::vector<Lint> finish(std::uint64_t requests) const;

 private:
  struct Finding {
    std::uint64_t count = 0;
    std::uint64_t position = 0;  ///< of the example
    std::string example;
    std::string detail;
    std::string remedy;  ///< where it depends on the example
  };
  template <typename Detail>
  static bool note(Finding& finding, std::uint64_t position, std::string_view example, Detail detail);
  static void add(Finding& finding, const Finding& other);

  Finding missing_, random_, unknown_, encoding_, undecodable_;
};

/// The lint for the key with the most requests; nothing where it takes no more than one endpoint's fair
/// share, or where there are too few requests or endpoints to say.
JUNCTION_EXPORT std::optional<Lint> lint_heavy_key(std::string_view key, std::uint64_t requests,
                                                   std::uint64_t total, std::size_t endpoints);

JUNCTION_EXPORT std::string_view severity_name(Severity severity);

/// Most severe first; the order within a severity stays.
JUNCTION_EXPORT void sort_by_severity(std::vector<Lint>& lints);

}  // namespace junction
