#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "junction/kube/client.hpp"
#include "junction/route_json.hpp"
#include "tools/explain/catalog.hpp"

namespace junctionctl::explain {
namespace {

using junction::ErrorKind;
using junction::Result;

class Cluster final : public Catalog {
 public:
  explicit Cluster(junction::kube::ClusterConfig config) : client_(std::move(config)) {}

  // The way of a URL and the Service it ends at ask for the same: the cluster is asked once.
  Result<std::optional<ServiceObjects>> find(const junction::ServiceName& name) override {
    const std::pair key(name.namespace_, name.name);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    auto found = read(name);
    if (found) known_.emplace(key, *found);
    return found;
  }

  // A cluster without the Gateway API, or one that does not let us look, has its implicit routes.
  Result<std::vector<junction::Route>> routes() override {
    std::vector<junction::Route> routes;
    const auto list = client_.list("/apis/gateway.networking.k8s.io/v1/httproutes");
    if (!list && list.error().kind == ErrorKind::not_found) return routes;
    if (!list && list.error().kind == ErrorKind::forbidden) {
      gap_ = "not allowed to list HTTPRoutes, so this is what happens if there are none";
      return routes;
    }
    if (!list) return list.error();
    for (const auto& item : list->value("items", nlohmann::json::array()))
      if (auto route = junction::parse_http_route(item)) routes.push_back(std::move(*route));
    return routes;
  }

  [[nodiscard]] std::string namespace_() const override { return client_.namespace_(); }
  [[nodiscard]] std::string place() const override { return "the cluster"; }
  [[nodiscard]] std::string gap() const override { return gap_; }

 private:
  Result<std::optional<ServiceObjects>> read(const junction::ServiceName& name) {
    auto found = junction::kube::read_service(client_, name.namespace_, name.name);
    if (found) return std::optional(std::move(*found));
    if (found.error().kind == ErrorKind::not_found) return std::optional<ServiceObjects>();
    return std::move(found).error();
  }

  junction::kube::Client client_;
  std::map<std::pair<std::string, std::string>, std::optional<ServiceObjects>> known_;
  std::string gap_;
};

}  // namespace

std::unique_ptr<Catalog> open_cluster(junction::kube::ClusterConfig config) {
  return std::make_unique<Cluster>(std::move(config));
}

}  // namespace junctionctl::explain
