#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "junction/documents.hpp"
#include "junction/kube/objects.hpp"
#include "junction/route_json.hpp"
#include "tools/explain/catalog.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;

class Manifests final : public Catalog {
 public:
  explicit Manifests(std::string namespace_) : namespace_name_(std::move(namespace_)) {}

  Result<void> add(const nlohmann::json& document, const std::string& file) {
    const auto with_file = [&](const Error& error) {
      return Error{error.kind, fmt::format("{}: {}", file, error.message)};
    };
    if (!document.is_object() || !document.contains("kind") || !document["kind"].is_string())
      return Error{ErrorKind::invalid,
                   fmt::format("{}: a document is no Kubernetes object: it has no kind", file)};
    const auto& kind = document["kind"].get_ref<const std::string&>();
    if (kind == "Service") {
      auto service = junction::kube::parse_service(document);
      if (!service) return with_file(service.error());
      services_.push_back(std::move(*service));
    } else if (kind == "EndpointSlice") {
      auto slice = junction::kube::parse_endpoint_slice(document);
      if (!slice) return with_file(slice.error());
      slices_.push_back(std::move(*slice));
    } else if (kind == "Endpoints") {
      auto slices = junction::kube::parse_endpoints(document);
      if (!slices) return with_file(slices.error());
      slices_.insert(slices_.end(), std::make_move_iterator(slices->begin()),
                     std::make_move_iterator(slices->end()));
    } else if (kind == "HTTPRoute") {
      auto route = junction::parse_http_route(document);
      if (!route) return with_file(route.error());
      routes_.push_back(std::move(*route));
    }
    return {};
  }

  Result<std::optional<ServiceObjects>> find(const junction::ServiceName& name) override {
    for (const junction::Service& service : services_) {
      if (service.name != name.name || or_default(service.namespace_) != name.namespace_) continue;
      ServiceObjects found{service, {}};
      found.service.namespace_ = name.namespace_;
      for (const junction::EndpointSlice& slice : slices_)
        if (may_be_of(slice, name)) {
          found.slices.push_back(slice);
          found.slices.back().namespace_ = or_default(slice.namespace_);
        }
      return std::optional(std::move(found));
    }
    return std::optional<ServiceObjects>();
  }

  Result<std::vector<junction::Route>> routes() override { return routes_; }

  [[nodiscard]] std::string namespace_() const override {
    if (!namespace_name_.empty()) return namespace_name_;
    return services_.size() == 1 ? or_default(services_.front().namespace_) : "default";
  }

  [[nodiscard]] std::optional<junction::ServiceName> only_service() const override {
    if (services_.size() != 1) return std::nullopt;
    return junction::ServiceName{services_.front().name, or_default(services_.front().namespace_)};
  }

  [[nodiscard]] std::string place() const override { return "the manifests"; }
  [[nodiscard]] bool is_files() const override { return true; }

 private:
  [[nodiscard]] bool holds(const std::string& name, const std::string& namespace_) const {
    return std::any_of(services_.begin(), services_.end(), [&](const junction::Service& service) {
      return service.name == name && or_default(service.namespace_) == namespace_;
    });
  }

  // Its own slices, and those that only a mistake can have kept from being: of the Service's name where there
  // is no other of that name, or without a label and not named after another Service.
  [[nodiscard]] bool may_be_of(const junction::EndpointSlice& slice,
                               const junction::ServiceName& name) const {
    const std::string namespace_ = or_default(slice.namespace_);
    if (slice.endpoints_object) return slice.name == name.name && namespace_ == name.namespace_;
    if (slice.service == name.name) return namespace_ == name.namespace_ || !holds(name.name, namespace_);
    return slice.service.empty() && !named_after_another(slice, name);
  }

  [[nodiscard]] bool named_after_another(const junction::EndpointSlice& slice,
                                         const junction::ServiceName& name) const {
    if (slice.name.starts_with(name.name)) return false;
    return std::any_of(services_.begin(), services_.end(), [&](const junction::Service& service) {
      return slice.name.starts_with(service.name) && service.name != name.name;
    });
  }

  // Manifests need no namespace: they get the one that kubectl would apply them to.
  [[nodiscard]] std::string or_default(const std::string& written) const {
    if (!written.empty()) return written;
    return namespace_name_.empty() ? "default" : namespace_name_;
  }

  std::string namespace_name_;
  std::vector<junction::Service> services_;
  std::vector<junction::EndpointSlice> slices_;
  std::vector<junction::Route> routes_;
};

}  // namespace

Result<std::unique_ptr<Catalog>> read_manifests(const std::vector<std::string>& files,
                                                const std::string& namespace_) {
  auto manifests = std::make_unique<Manifests>(namespace_);
  for (const std::string& file : files) {
    auto documents = junction::read_documents(file);
    if (!documents) return std::move(documents).error();
    for (const auto& document : *documents)
      if (auto added = manifests->add(document, file == "-" ? "standard input" : file); !added)
        return std::move(added).error();
  }
  return std::unique_ptr<Catalog>(std::move(manifests));
}

}  // namespace junctionctl::explain
