#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "junction/export.hpp"
#include "junction/kube/client.hpp"
#include "junction/result.hpp"

namespace junction::kube {

/// How many replicas one workload is to have.
struct ScaleChange {
  std::string namespace_;           ///< empty: the current one
  std::string kind = "deployment";  ///< or "statefulset", "replicaset"
  std::string name;
  std::int32_t replicas = 0;
  std::optional<std::int64_t> current_replicas;  ///< only where there are so many now
};

/// Sets the replicas through the scale subresource and returns the Scale as the server says it is now (dry
/// run: as it would be). Believed when that answer shows it: the Scale of this workload, with these replicas.
JUNCTION_EXPORT Result<nlohmann::json> scale(Client& client, const ScaleChange& change,
                                             DryRun dry_run = DryRun::none);

}  // namespace junction::kube
