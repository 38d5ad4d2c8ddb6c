#include "edge/sandbox/shop.hpp"

#include <fmt/format.h>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/pod_network.hpp"
#include "junction/hash.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t endpoints_a_slice = 100;
constexpr const char* node = "sandbox";

json labels(const char* service) {
  return {{"app", "wineinfo"}, {"service", service}};
}

json make_namespace(const char* name) {
  return {{"kind", "Namespace"},
          {"apiVersion", "v1"},
          {"metadata", {{"labels", {{"kubernetes.io/metadata.name", name}}}}},
          {"spec", {{"finalizers", {"kubernetes"}}}},
          {"status", {{"phase", "Active"}}}};
}

json make_service(const char* service, const std::string& cluster_ip) {
  return {{"kind", "Service"},
          {"apiVersion", "v1"},
          {"metadata", {{"labels", labels(service)}}},
          {"spec",
           {{"ports", {{{"protocol", "TCP"}, {"port", 80}, {"targetPort", PodNetwork::port}}}},
            {"selector", labels(service)},
            {"clusterIP", cluster_ip},
            {"clusterIPs", {cluster_ip}},
            {"type", "ClusterIP"},
            {"sessionAffinity", "None"},
            {"ipFamilies", {"IPv4"}},
            {"ipFamilyPolicy", "SingleStack"},
            {"internalTrafficPolicy", "Cluster"}}},
          {"status", {{"loadBalancer", json::object()}}}};
}

json container() {
  return {{"name", "recs"},
          {"image", "wineinfo-recs:sandbox"},
          {"imagePullPolicy", "IfNotPresent"},
          {"ports", {{{"containerPort", PodNetwork::port}, {"protocol", "TCP"}}}},
          {"resources", json::object()},
          {"terminationMessagePath", "/dev/termination-log"},
          {"terminationMessagePolicy", "File"}};
}

json pod_spec() {
  return {{"containers", {container()}},         {"restartPolicy", "Always"},
          {"terminationGracePeriodSeconds", 30}, {"dnsPolicy", "ClusterFirst"},
          {"securityContext", json::object()},   {"schedulerName", "default-scheduler"}};
}

json make_deployment(std::int64_t replicas) {
  return {
      {"kind", "Deployment"},
      {"apiVersion", "apps/v1"},
      {"metadata",
       {{"generation", 1},
        {"labels", labels("recs")},
        {"annotations", {{"deployment.kubernetes.io/revision", "1"}}}}},
      {"spec",
       {{"replicas", replicas},
        {"selector", {{"matchLabels", labels("recs")}}},
        {"template", {{"metadata", {{"labels", labels("recs")}}}, {"spec", pod_spec()}}},
        {"strategy",
         {{"type", "RollingUpdate"}, {"rollingUpdate", {{"maxUnavailable", "25%"}, {"maxSurge", "25%"}}}}},
        {"revisionHistoryLimit", 10},
        {"progressDeadlineSeconds", 600}}},
      {"status", json::object()}};
}

json target_ref(const PodFacts& pod) {
  return {{"kind", "Pod"}, {"namespace", shop_namespace}, {"name", pod.name}, {"uid", pod.uid}};
}

json slice_endpoint(const PodFacts& pod) {
  return {{"addresses", {pod.address.ip_string()}},
          {"conditions", {{"ready", true}, {"serving", true}, {"terminating", false}}},
          {"targetRef", target_ref(pod)},
          {"nodeName", node}};
}

/// A targetPort as it stands in a slice: the number, or that of the container port so named (the pods name
/// none).
json slice_ports(const json& service) {
  json ports = json::array();
  for (const json& port : list_or_none(look(service, "spec", "ports")))
    if (const json& number = look(port, "targetPort"); number.is_number_integer())
      ports.push_back({{"name", text_or(look(port, "name"))},
                       {"port", number},
                       {"protocol", text_or(look(port, "protocol"), "TCP")}});
  return ports;
}

}  // namespace

ObjectKey deployment_key() {
  return {"deployments", shop_namespace, recs};
}
ObjectKey service_key() {
  return {"services", shop_namespace, recs};
}

std::string name_suffix(std::string_view seed, std::size_t count) {
  constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
  std::string suffix;
  for (std::uint64_t hash = xxh64(seed); suffix.size() < count; hash /= letters.size())
    suffix += letters[hash % letters.size()];
  return suffix;
}

void set_up_shop(ObjectStore& store, std::int64_t replicas) {
  for (const char* const name : {shop_namespace, "kube-system"})
    store.put({"namespaces", "", name}, make_namespace(name));
  json kubernetes = make_service("kubernetes", "10.96.0.1");
  kubernetes["spec"]["ports"] = {
      {{"name", "https"}, {"protocol", "TCP"}, {"port", 443}, {"targetPort", 6443}}};
  kubernetes["spec"].erase("selector");
  kubernetes["metadata"]["labels"] = {{"component", "apiserver"}, {"provider", "kubernetes"}};
  store.put({"services", shop_namespace, "kubernetes"}, std::move(kubernetes));
  int host = 10;
  for (const char* const part : {"catalog", "frontend", "persist", "recs", "search"})
    store.put({"services", shop_namespace, fmt::format("wineinfo-{}", part)},
              make_service(part, fmt::format("10.96.7.{}", host++)));
  store.put(deployment_key(), make_deployment(replicas));
}

json make_pod(const json& deployment, const std::string& name, const SocketAddress& address) {
  const json& wanted = look(deployment, "spec", "template");
  const std::string now = timestamp(std::chrono::system_clock::now());
  json conditions = json::array();
  for (const char* const type :
       {"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"})
    conditions.push_back(
        {{"type", type}, {"status", "True"}, {"lastProbeTime", nullptr}, {"lastTransitionTime", now}});
  json pod{{"kind", "Pod"},
           {"apiVersion", "v1"},
           {"metadata",
            {{"name", name},
             {"generateName", name.substr(0, name.rfind('-') + 1)},
             {"labels", map_or_none(look(wanted, "metadata", "labels"))}}},
           {"spec", map_or_none(look(wanted, "spec"))},
           {"status",
            {{"phase", "Running"},
             {"conditions", conditions},
             {"hostIP", "127.0.0.1"},
             {"podIP", address.ip_string()},
             {"podIPs", {{{"ip", address.ip_string()}}}},
             {"startTime", now},
             {"qosClass", "BestEffort"},
             {"containerStatuses",
              {{{"name", "recs"},
                {"ready", true},
                {"started", true},
                {"restartCount", 0},
                {"image", "wineinfo-recs:sandbox"},
                {"imageID", ""},
                {"lastState", json::object()},
                {"state", {{"running", {{"startedAt", now}}}}}}}}}}};
  pod["spec"]["nodeName"] = node;
  pod["metadata"]["labels"]["pod-template-hash"] = name_suffix("template", 9);
  return pod;
}

std::vector<json> make_slices(const json& service, std::span<const PodFacts> pods) {
  const std::string name = text_or(look(service, "metadata", "name"));
  std::vector<json> slices;
  for (std::size_t start = 0; start == 0 || start < pods.size(); start += endpoints_a_slice) {
    json endpoints = json::array();
    for (std::size_t i = start; i < std::min(start + endpoints_a_slice, pods.size()); ++i)
      endpoints.push_back(slice_endpoint(pods[i]));
    const std::string slice = fmt::format("{}-{}", name, name_suffix(fmt::format("slice {}", start), 5));
    json metadata{{"name", slice},
                  {"generateName", name + "-"},
                  {"labels",
                   {{"kubernetes.io/service-name", name},
                    {"endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"}}},
                  {"ownerReferences",
                   {{{"apiVersion", "v1"},
                     {"kind", "Service"},
                     {"name", name},
                     {"uid", look(service, "metadata", "uid")},
                     {"controller", true},
                     {"blockOwnerDeletion", true}}}}};
    slices.push_back({{"kind", "EndpointSlice"},
                      {"apiVersion", "discovery.k8s.io/v1"},
                      {"metadata", std::move(metadata)},
                      {"addressType", "IPv4"},
                      {"endpoints", std::move(endpoints)},
                      {"ports", slice_ports(service)}});
  }
  return slices;
}

json make_endpoints(const json& service, std::span<const PodFacts> pods) {
  json addresses = json::array();
  for (const PodFacts& pod : pods)
    addresses.push_back(
        {{"ip", pod.address.ip_string()}, {"nodeName", node}, {"targetRef", target_ref(pod)}});
  json endpoints{{"kind", "Endpoints"},
                 {"apiVersion", "v1"},
                 {"metadata",
                  {{"name", look(service, "metadata", "name")},
                   {"labels", map_or_none(look(service, "metadata", "labels"))}}}};
  json ports = slice_ports(service);
  for (json& port : ports)
    if (port["name"] == "") port.erase("name");
  if (!pods.empty())
    endpoints["subsets"] = {{{"addresses", std::move(addresses)}, {"ports", std::move(ports)}}};
  return endpoints;
}

}  // namespace junction::sandbox
