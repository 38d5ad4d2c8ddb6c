// Manifests that no cluster would store: the API refuses them in a real server's words, and whatever is sent,
// the sandbox goes on.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/edge/sandbox/cluster.hpp"

using namespace junction::sandbox;
using nlohmann::json;

TEST_CASE("what killed the sandbox is refused, and it goes on") {
  struct Row {
    const char *name, *path, *type, *body;
    int status;
    const char* says;
  };
  const Row rows[] = {
      {"template null", deployment_at, merge, R"({"spec":{"template":null}})", 422,
       "`selector` does not match template `labels`, spec.template.spec.containers: Required value"},
      {"template a text", deployment_at, merge, R"({"spec":{"template":"x"}})", 422,
       "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.template of type "
       "v1.PodTemplateSpec"},
      {"template put empty", deployment_at, json_patch,
       R"([{"op":"replace","path":"/spec/template","value":{}}])", 422,
       "spec.template.spec.containers: Required value"},
      {"template's metadata null", deployment_at, merge, R"({"spec":{"template":{"metadata":null}}})", 422,
       "spec.template.metadata.labels: Invalid value"},
      {"template's spec null", deployment_at, merge, R"({"spec":{"template":{"spec":null}}})", 422,
       "spec.template.spec.containers: Required value"},
      {"template's labels null", deployment_at, merge,
       R"({"spec":{"template":{"metadata":{"labels":null}}}})", 422,
       "spec.template.metadata.labels: Invalid value"},
      {"template's labels others", deployment_at, merge,
       R"({"spec":{"template":{"metadata":{"labels":{"app":"beer"}}}}})", 422, "`selector` does not match"},
      {"spec put empty", deployment_at, json_patch, R"([{"op":"replace","path":"/spec","value":{}}])", 422,
       "spec.selector: Required value"},
      {"spec a list", deployment_at, merge, R"({"spec":[]})", 422,
       "cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec"},
      {"selector changed", deployment_at, merge,
       R"({"spec":{"selector":{"matchLabels":{"app":"wineinfo","service":null}}}})", 422,
       "field is immutable"},
      {"containers without names", deployment_at, merge,
       R"({"spec":{"template":{"spec":{"containers":[{}]}}}})", 422,
       "spec.template.spec.containers[0].name: Required value, "
       "spec.template.spec.containers[0].image: Required value"},
      {"replicas a text", deployment_at, merge, R"({"spec":{"replicas":"3"}})", 422,
       "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"},
      {"replicas beyond 32 bits", deployment_at, merge, R"({"spec":{"replicas":4294967296}})", 422,
       "cannot unmarshal number 4294967296 into Go struct field"},
      {"kind a number", service_at, merge, R"({"kind":5})", 422,
       "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field "
       ".kind of "
       "type string"},
      {"apiVersion a map", service_at, merge, R"({"apiVersion":{}})", 422,
       "cannot unmarshal object into Go struct field .apiVersion of type string"},
      {"name a number", service_at, merge, R"({"metadata":{"name":5}})", 422,
       "cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string"},
      {"namespace a list", service_at, merge, R"({"metadata":{"namespace":[]}})", 422,
       "Go struct field ObjectMeta.metadata.namespace of type string"},
      {"metadata a text, merge", service_at, merge, R"({"metadata":"x"})", 422,
       "cannot unmarshal string into Go struct field Service.metadata of type v1.ObjectMeta"},
      {"metadata a text, strategic", service_at, strategic, R"({"metadata":"x"})", 422,
       "\"map[metadata:x]\": cannot restore struct from: string"},
      {"metadata a text, apply", service_at, apply, R"({"apiVersion":"v1","kind":"Service","metadata":"x"})",
       500,
       "failed to create typed patch object (/; /v1, Kind=Service): .metadata: expected map, got "
       "&value.valueUnstructured{Value:\"x\"}"},
      {"kind a number, apply", service_at, apply, R"({"apiVersion":"v1","kind":5})", 400,
       "invalid object type: /v1, Kind="},
      {"root replaced by a number", service_at, json_patch, R"([{"op":"replace","path":"","value":5}])", 422,
       "json parse error: json: cannot unmarshal number into Go value of type struct"},
      {"root removed", service_at, json_patch, R"([{"op":"remove","path":""}])", 422,
       "the server rejected our request due to an error in our request"},
      {"below a text", service_at, json_patch, R"([{"op":"add","path":"/metadata/name/x","value":5}])", 422,
       "the server rejected our request due to an error in our request"},
      {"an operation that is none", service_at, json_patch, R"([5,null,[],{"op":5,"path":[]}])", 422,
       "the server rejected our request due to an error in our request"},
      {"no double", service_at, merge, R"({"metadata":{"annotations":{"a":2e+308}}})", 400,
       "error decoding patch: json: cannot unmarshal number 2e+308 into Go value of type float64"},
      {"scale: spec a list", scale_at, json_patch, R"([{"op":"replace","path":"/spec","value":[]}])", 422,
       "cannot unmarshal array into Go struct field Scale.spec of type v1.ScaleSpec"},
      {"scale: spec a number", scale_at, merge, R"({"spec":5})", 422, "Go struct field Scale.spec of type"},
      {"scale: metadata a number", scale_at, merge, R"({"metadata":5})", 422,
       "Go struct field Scale.metadata"},
      {"port a text", service_at, merge, R"({"spec":{"ports":[{"port":"80"}]}})", 422,
       "cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"},
      {"port nothing", service_at, merge, R"({"spec":{"ports":[null]}})", 422,
       "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"},
      {"ports a map", service_at, merge, R"({"spec":{"ports":{"port":80}}})", 422,
       "cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort"},
      {"the same port twice", service_at, merge,
       R"({"spec":{"ports":[{"name":"a","port":80},{"name":"b","port":80}]}})", 422,
       "spec.ports[1]: Duplicate value"},
      {"targetPort a map", service_at, merge, R"({"spec":{"ports":[{"port":80,"targetPort":{}}]}})", 422,
       "of type intstr.IntOrString"},
      {"targetPort no name", service_at, merge, R"({"spec":{"ports":[{"port":80,"targetPort":"a b"}]}})", 422,
       "must contain only alphanumeric characters (a-z, 0-9), and hyphens (-)"},
      {"label a number", service_at, merge, R"({"metadata":{"labels":{"a":5}}})", 422,
       "cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"},
      {"label no label", service_at, merge, R"({"metadata":{"labels":{"a":"\u001b[2J"}}})", 422,
       "metadata.labels: Invalid value: \"\\u001b[2J\": a valid label must be"},
      {"selector a list", service_at, merge, R"({"spec":{"selector":["a"]}})", 422,
       "Go struct field ServiceSpec.spec.selector of type map[string]string"},
      {"managedFields a number", service_at, merge, R"({"metadata":{"managedFields":5}})", 422,
       "cannot unmarshal number into Go struct field ObjectMeta.metadata.managedFields of type "
       "[]v1.ManagedFieldsEntry"},
      {"fieldsV1 a number", service_at, merge, R"({"metadata":{"managedFields":[{"fieldsV1":5}]}})", 422,
       "Go struct field ManagedFieldsEntry.metadata.managedFields.fieldsV1"},
      {"a directive that is none", service_at, strategic,
       R"({"spec":{"$patch":5,"ports":[{"port":80,"$patch":{}}]}})", 200, ""},
      {"protocol a number, strategic", service_at, strategic,
       R"({"spec":{"ports":[{"port":80,"protocol":5}]}})", 422, "unrecognized type: string"},
      {"protocol a number, apply", service_at, apply,
       R"({"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":80,"protocol":5}]}})", 500,
       ".spec.ports[0].protocol: expected string, got &value.valueUnstructured{Value:5}"},
  };
  Cluster cluster;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const ApiReply reply = cluster.ask("PATCH", row.path, row.body, row.type);
    CAPTURE(reply.body);
    check_answer(reply);
    CHECK(reply.status == row.status);
    CHECK(message_of(reply).find(row.says) != std::string::npos);
  }
  CHECK(cluster.pods_after_scaling_to(3) == 3);
  CHECK(cluster.trouble.empty());
}

TEST_CASE("what POST and PUT refuse, they refuse with 400") {
  struct Row {
    const char *name, *method, *path, *body, *says;
  };
  const Row rows[] = {
      {"a port's type", "POST", services_at,
       R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"x"},"spec":{"ports":[{"port":"80"}]}})",
       "Service in version \"v1\" cannot be handled as a Service: json: cannot unmarshal string into Go "
       "struct "
       "field ServicePort.spec.ports.port of type int32"},
      {"no object", "POST", services_at, "[]",
       "the object provided is unrecognized (must be of type Service): couldn't get version/kind; json parse "
       "error: json: cannot unmarshal array into Go value of type struct"},
      {"no JSON", "PUT", service_at, "{",
       "the object provided is unrecognized (must be of type Service): couldn't get version/kind; json parse "
       "error: unexpected end of JSON input ({)"},
      {"replicas", "PUT", scale_at,
       R"({"kind":"Scale","apiVersion":"autoscaling/v1","spec":{"replicas":"3"}})",
       "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal string into Go struct "
       "field "
       "ScaleSpec.spec.replicas of type int32"},
      {"a deployment's spec", "PUT", deployment_at,
       R"({"kind":"Deployment","apiVersion":"apps/v1","spec":[]})",
       "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal array"},
  };
  Cluster cluster;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const ApiReply reply = cluster.ask(row.method, row.path, row.body);
    CAPTURE(reply.body);
    check_answer(reply);
    CHECK(reply.status == 400);
    CHECK(message_of(reply).find(row.says) != std::string::npos);
  }
  const ApiReply nowhere = cluster.ask("POST", "/api/v1/namespaces/nowhere/services",
                                       R"({"kind":"Service","metadata":{"name":"x"}})");
  CHECK(message_of(nowhere) == "namespaces \"nowhere\" not found");
}

TEST_CASE("small bodies cannot ask for much") {
  Cluster cluster;
  const std::string deep = std::string(101, '[') + std::string(101, ']');
  CHECK(message_of(cluster.ask("PATCH", service_at, deep, merge)) ==
        "error decoding patch: exceeded max depth");
  CHECK(message_of(cluster.ask("PATCH", service_at, deep, strategic)) == "exceeded max depth");
  CHECK(message_of(cluster.ask("PATCH", service_at, deep, json_patch)) ==
        "error decoding patch: exceeded max depth");
  CHECK(cluster.ask("PATCH", service_at, deep, apply).status == 400);
  CHECK(cluster.ask("PATCH", service_at, "\xEF\xBB\xBF" + deep, apply).status == 400);
  CHECK(cluster.ask("POST", services_at, deep).status == 400);
  CHECK(cluster.ask("POST", services_at, deep, "application/yaml").status == 400);
  CHECK(cluster.ask("PATCH", service_at, std::string(200'000, '['), merge).status == 400);

  const ApiReply long_body = cluster.ask("PATCH", service_at, std::string((3 << 20) + 1, ' '), merge);
  CHECK(long_body.status == 413);
  CHECK(message_of(long_body) == "Request entity too large: limit is 3145728");

  // An object copied into itself doubles with every step, and so does its depth.
  json doubling =
      json::array({json{{"op", "add"}, {"path", "/metadata/x"}, {"value", {{"y", std::string(1000, 'y')}}}}});
  for (int i = 0; i < 40; ++i)
    doubling.push_back({{"op", "copy"}, {"from", "/metadata"}, {"path", fmt::format("/metadata/x/{}", i)}});
  CHECK(cluster.ask("PATCH", service_at, doubling.dump(), json_patch).status == 413);

  json nesting = json::array({json{{"op", "add"}, {"path", "/spec/x"}, {"value", json::object()}}});
  std::string path = "/spec/x";
  for (int i = 0; i < 200; ++i)
    nesting.push_back({{"op", "add"}, {"path", path += "/y"}, {"value", json::object()}});
  CHECK(cluster.ask("PATCH", service_at, nesting.dump(), json_patch).status == 422);

  json many = json::array();
  for (int i = 0; i < 10'001; ++i) many.push_back({{"op", "test"}, {"path", "/kind"}, {"value", "Service"}});
  CHECK(message_of(cluster.ask("PATCH", service_at, many.dump(), json_patch)) ==
        "The allowed maximum operations in a JSON patch is 10000, got 10001");
}

TEST_CASE("null is absent, as a real server stores it") {
  Cluster cluster;
  const auto spec = [&] { return look(*cluster.store.get(service_key()), "spec"); };
  CHECK(
      cluster
          .ask("PATCH", service_at, R"([{"op":"add","path":"/spec/externalName","value":null}])", json_patch)
          .status == 200);
  CHECK(!spec().contains("externalName"));
  CHECK(cluster.ask("PATCH", service_at, R"([{"op":"replace","path":"/spec/type","value":null}])", json_patch)
            .status == 200);
  CHECK(spec().at("type") == "ClusterIP");
  CHECK(cluster
            .ask("PATCH", service_at, R"([{"op":"add","path":"/metadata/annotations","value":{"a":null}}])",
                 json_patch)
            .status == 200);
  CHECK(look(*cluster.store.get(service_key()), "metadata", "annotations") == json{{"a", ""}});
  CHECK(cluster.ask("PATCH", deployment_at, R"({"spec":{"replicas":null}})", merge).status == 200);
  CHECK(look(*cluster.store.get(deployment_key()), "spec", "replicas") == 1);
}

TEST_CASE("applying without a port takes it out") {
  Cluster cluster;
  const auto with_ports = [](const json& ports) {
    return json{{"apiVersion", "v1"}, {"kind", "Service"}, {"spec", {{"ports", ports}}}}.dump();
  };
  const json two{{{"name", "a"}, {"port", 80}, {"protocol", "TCP"}},
                 {{"name", "b"}, {"port", 81}, {"protocol", "TCP"}}};
  CHECK(cluster.ask("PATCH", service_at, with_ports(two), apply).status == 200);
  const ApiReply reply = cluster.ask("PATCH", service_at, with_ports(json::array({two[0]})), apply);
  CAPTURE(reply.body);
  CHECK(reply.status == 200);
  CHECK(look(*cluster.store.get(service_key()), "spec", "ports").size() == 1);
}
