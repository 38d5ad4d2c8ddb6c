#include "edge/sandbox/schema.hpp"

namespace junction::sandbox {
namespace {

using Kind = GoType::Kind;

GoType list_of(const GoType& item) {
  return {Kind::list, "[]" + item.name, &item};
}

/// Every type, each out of those before it.
struct Types {
  Types() = default;
  Types(const Types&) = delete;  // they point at each other
  Types& operator=(const Types&) = delete;

  GoType boolean{Kind::boolean, "bool"};
  GoType int32{Kind::int32, "int32"};
  GoType int64{Kind::int64, "int64"};
  GoType text{Kind::text, "string"};
  GoType int_or_text{Kind::int_or_text, "intstr.IntOrString"};
  GoType texts{Kind::list, "[]string", &text};
  GoType text_map{Kind::map, "map[string]string", &text};
  GoType structure{Kind::structure, "v1.Object"};  // whose fields nobody looks at
  GoType structures = list_of(structure);

  GoType owner_reference{Kind::structure,
                         "v1.OwnerReference",
                         nullptr,
                         {{"apiVersion", &text},
                          {"kind", &text},
                          {"name", &text},
                          {"uid", &text},
                          {"controller", &boolean},
                          {"blockOwnerDeletion", &boolean}}};
  GoType owner_references = list_of(owner_reference);
  GoType managed_fields_entry{Kind::structure,
                              "v1.ManagedFieldsEntry",
                              nullptr,
                              {{"manager", &text},
                               {"operation", &text},
                               {"apiVersion", &text},
                               {"time", &text},
                               {"fieldsType", &text},
                               {"fieldsV1", &structure},
                               {"subresource", &text}}};
  GoType managed_fields = list_of(managed_fields_entry);
  GoType object_meta{Kind::structure,
                     "v1.ObjectMeta",
                     nullptr,
                     {{"name", &text},
                      {"generateName", &text},
                      {"namespace", &text},
                      {"selfLink", &text},
                      {"uid", &text},
                      {"resourceVersion", &text},
                      {"generation", &int64},
                      {"creationTimestamp", &text},
                      {"deletionTimestamp", &text},
                      {"deletionGracePeriodSeconds", &int64},
                      {"labels", &text_map},
                      {"annotations", &text_map},
                      {"ownerReferences", &owner_references},
                      {"finalizers", &texts},
                      {"managedFields", &managed_fields}}};

  GoType service_port{Kind::structure,
                      "v1.ServicePort",
                      nullptr,
                      {{"name", &text},
                       {"protocol", &text},
                       {"appProtocol", &text},
                       {"port", &int32},
                       {"targetPort", &int_or_text},
                       {"nodePort", &int32}}};
  GoType service_ports = list_of(service_port);
  GoType service_spec{Kind::structure,
                      "v1.ServiceSpec",
                      nullptr,
                      {{"ports", &service_ports},
                       {"selector", &text_map},
                       {"clusterIP", &text},
                       {"clusterIPs", &texts},
                       {"type", &text},
                       {"externalIPs", &texts},
                       {"sessionAffinity", &text},
                       {"loadBalancerIP", &text},
                       {"loadBalancerSourceRanges", &texts},
                       {"externalName", &text},
                       {"externalTrafficPolicy", &text},
                       {"healthCheckNodePort", &int32},
                       {"publishNotReadyAddresses", &boolean},
                       {"sessionAffinityConfig", &structure},
                       {"ipFamilies", &texts},
                       {"ipFamilyPolicy", &text},
                       {"allocateLoadBalancerNodePorts", &boolean},
                       {"loadBalancerClass", &text},
                       {"internalTrafficPolicy", &text},
                       {"trafficDistribution", &text}}};
  GoType service{Kind::structure,
                 "v1.Service",
                 nullptr,
                 {{"kind", &text},
                  {"apiVersion", &text},
                  {"metadata", &object_meta},
                  {"spec", &service_spec},
                  {"status", &structure}}};

  GoType selector_requirement{Kind::structure,
                              "v1.LabelSelectorRequirement",
                              nullptr,
                              {{"key", &text}, {"operator", &text}, {"values", &texts}}};
  GoType selector_requirements = list_of(selector_requirement);
  GoType label_selector{Kind::structure,
                        "v1.LabelSelector",
                        nullptr,
                        {{"matchLabels", &text_map}, {"matchExpressions", &selector_requirements}}};

  GoType container_port{Kind::structure,
                        "v1.ContainerPort",
                        nullptr,
                        {{"name", &text},
                         {"hostPort", &int32},
                         {"containerPort", &int32},
                         {"protocol", &text},
                         {"hostIP", &text}}};
  GoType container_ports = list_of(container_port);
  GoType env_var{
      Kind::structure, "v1.EnvVar", nullptr, {{"name", &text}, {"value", &text}, {"valueFrom", &structure}}};
  GoType env_vars = list_of(env_var);
  GoType container{Kind::structure,
                   "v1.Container",
                   nullptr,
                   {{"name", &text},
                    {"image", &text},
                    {"command", &texts},
                    {"args", &texts},
                    {"workingDir", &text},
                    {"ports", &container_ports},
                    {"envFrom", &structures},
                    {"env", &env_vars},
                    {"resources", &structure},
                    {"volumeMounts", &structures},
                    {"livenessProbe", &structure},
                    {"readinessProbe", &structure},
                    {"startupProbe", &structure},
                    {"lifecycle", &structure},
                    {"terminationMessagePath", &text},
                    {"terminationMessagePolicy", &text},
                    {"imagePullPolicy", &text},
                    {"securityContext", &structure},
                    {"stdin", &boolean},
                    {"tty", &boolean}}};
  GoType containers = list_of(container);
  GoType pod_spec{Kind::structure,
                  "v1.PodSpec",
                  nullptr,
                  {{"volumes", &structures},
                   {"initContainers", &containers},
                   {"containers", &containers},
                   {"restartPolicy", &text},
                   {"terminationGracePeriodSeconds", &int64},
                   {"activeDeadlineSeconds", &int64},
                   {"dnsPolicy", &text},
                   {"nodeSelector", &text_map},
                   {"serviceAccountName", &text},
                   {"automountServiceAccountToken", &boolean},
                   {"nodeName", &text},
                   {"hostNetwork", &boolean},
                   {"securityContext", &structure},
                   {"imagePullSecrets", &structures},
                   {"hostname", &text},
                   {"affinity", &structure},
                   {"schedulerName", &text},
                   {"tolerations", &structures},
                   {"priorityClassName", &text},
                   {"readinessGates", &structures},
                   {"topologySpreadConstraints", &structures}}};
  GoType pod_template{
      Kind::structure, "v1.PodTemplateSpec", nullptr, {{"metadata", &object_meta}, {"spec", &pod_spec}}};
  GoType rolling_update{Kind::structure,
                        "v1.RollingUpdateDeployment",
                        nullptr,
                        {{"maxUnavailable", &int_or_text}, {"maxSurge", &int_or_text}}};
  GoType strategy{Kind::structure,
                  "v1.DeploymentStrategy",
                  nullptr,
                  {{"type", &text}, {"rollingUpdate", &rolling_update}}};
  GoType deployment_spec{Kind::structure,
                         "v1.DeploymentSpec",
                         nullptr,
                         {{"replicas", &int32},
                          {"selector", &label_selector},
                          {"template", &pod_template},
                          {"strategy", &strategy},
                          {"minReadySeconds", &int32},
                          {"revisionHistoryLimit", &int32},
                          {"paused", &boolean},
                          {"progressDeadlineSeconds", &int32}}};
  GoType deployment{Kind::structure,
                    "v1.Deployment",
                    nullptr,
                    {{"kind", &text},
                     {"apiVersion", &text},
                     {"metadata", &object_meta},
                     {"spec", &deployment_spec},
                     {"status", &structure}}};

  GoType scale_spec{Kind::structure, "v1.ScaleSpec", nullptr, {{"replicas", &int32}}};
  GoType scale{Kind::structure,
               "v1.Scale",
               nullptr,
               {{"kind", &text},
                {"apiVersion", &text},
                {"metadata", &object_meta},
                {"spec", &scale_spec},
                {"status", &structure}}};
};

}  // namespace

const GoType& go_type_of(const std::string& kind) {
  static const Types types;
  if (kind == "Service") return types.service;
  if (kind == "Deployment") return types.deployment;
  return types.scale;
}

}  // namespace junction::sandbox
