#include "tests/cli/judge/random_services.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace junctionctl::judge {
namespace {

using nlohmann::json;

/// A policy as somebody wrote it, and what the control plane makes of it; empty: it refuses.
struct PolicyRow {
  const char* kind;
  const char* text;
  const char* read;
};

const PolicyRow policies[] = {
    {"RingHash",
     R"({"type":"RingHash","min_ring_size":512,"hash_params":[{"type":"QueryParam","name":"query"}]})",
     R"({"type":"RingHash","min_ring_size":512,"hash_params":[{"type":"QueryParam","name":"query"}]})"},
    {"other spelling",
     R"({"hashParams":[{"name":"query","type":"query","terminal":true}],"minRingSize":64,"type":"RingHash"})",
     R"({"type":"RingHash","min_ring_size":64,"hash_params":[{"type":"QueryParam","name":"query","terminal":true}]})"},
    {"RoundRobin", R"({"type":"RoundRobin"})", R"({"type":"RoundRobin"})"},
    {"Unspecified", R"({"type":"Unspecified"})", R"({"type":"Unspecified"})"},
    {"bad JSON", R"({"type":"RingHash")", ""},
    {"no object", R"(["RingHash"])", ""},
    {"no type", R"({"min_ring_size":1024})", ""},
    {"unknown type", R"({"type":"Ringhash"})", ""},
    {"unknown field", R"({"type":"RingHash","max_ring_size":4096})", ""},
    {"negative size", R"({"type":"RingHash","min_ring_size":-1})", ""},
    {"size as text", R"({"type":"RingHash","minRingSize":"1024"})", ""},
    {"size too large", R"({"type":"RingHash","min_ring_size":4294967296})", ""},
    {"bad hash parameter", R"({"type":"RingHash","hash_params":[{"type":"Cookie","name":"a"}]})", ""},
    {"nameless hash parameter", R"({"type":"RingHash","hash_params":[{"type":"Header"}]})", ""},
    {"hash parameters as map", R"({"type":"RingHash","hash_params":{"type":"Header","name":"a"}})", ""},
};

/// The Service around its ports; what is refused of it leaves none of its ports anything.
struct ShapeRow {
  const char* kind;
  const char* type;
  bool refused;
};

const ShapeRow shapes[] = {
    {"ClusterIP", "ClusterIP", false},
    {"headless", "ClusterIP", false},
    {"ExternalName", "ExternalName", false},
    {"LoadBalancer", "LoadBalancer", true},
    {"NodePort", "NodePort", true},
    {"named targetPort", "ClusterIP", true},
    {"named targetPort of another port", "ClusterIP", true},
};

/// Where an annotation stands. The control plane looks for the ports that there are.
enum class Place { own, another, lacking, bad_suffix };

const std::pair<const char*, Place> places[] = {{"its own port", Place::own},
                                                {"another port", Place::another},
                                                {"a port it lacks", Place::lacking},
                                                {"a suffix that is no port", Place::bad_suffix}};

/// An endpoint in a slice; `counts` says whether Junction's clients get it.
struct EndpointRow {
  const char* conditions;
  const char* address_type;
  const char* port_name;  ///< of the slice, in place of the Service port's; null: the same
  bool counts;
};

const EndpointRow endpoints[] = {
    {R"({"ready":true,"serving":true})", "IPv4", nullptr, true},
    {R"({"ready":true})", "IPv4", nullptr, true},
    {R"({"ready":false,"serving":true,"terminating":true})", "IPv4", nullptr, true},
    {R"({"ready":false,"serving":false})", "IPv4", nullptr, false},
    {R"({"ready":true,"serving":false})", "IPv4", nullptr, false},
    {R"({})", "IPv4", nullptr, false},
    {R"({"ready":true,"serving":true})", "IPv6", nullptr, false},
    {R"({"ready":true,"serving":true})", "IPv4", "other", false},
};

/// SplitMix64: the same numbers everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) { return next() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <typename Row, std::size_t N>
  const Row& row(const Row (&rows)[N]) {
    return rows[below(N)];
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

/// Makes up one Service, and keeps account of what must come of it.
class Maker {
 public:
  explicit Maker(Dice& dice) : dice_(dice) {}

  Case make() {
    choose_ports();
    choose_shape();
    const std::size_t annotations = dice_.below(4);
    for (std::size_t i = 0; i < annotations; ++i) annotate();
    if (made_.service["spec"]["type"] != "ExternalName") choose_slices();
    if (made_.expected.policy.empty()) made_.expected.policy = R"({"type":"Unspecified"})";
    return std::move(made_);
  }

 private:
  // Ports of which one's digits begin another's, so that nobody compares beginnings.
  void choose_ports() {
    std::vector<std::uint16_t> numbers{8, 80, 808, 8080, 81, 443};
    const std::size_t count = 1 + dice_.below(3);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = dice_.below(numbers.size());
      ports_.push_back(numbers[at]);
      numbers.erase(numbers.begin() + static_cast<std::ptrdiff_t>(at));
    }
    made_.port = ports_[dice_.below(ports_.size())];
    lacking_ = numbers[dice_.below(numbers.size())];
    json list = json::array();
    for (const std::uint16_t port : ports_)
      list.push_back({{"name", "p" + std::to_string(port)}, {"port", port}, {"targetPort", 9000}});
    made_.service = {{"apiVersion", "v1"},
                     {"kind", "Service"},
                     {"metadata", {{"name", "recs"}, {"namespace", "shop"}, {"resourceVersion", "1"}}},
                     {"spec", {{"ports", std::move(list)}}}};
  }

  void choose_shape() {
    const ShapeRow& shape = dice_.below(3) == 0 ? dice_.row(shapes) : shapes[0];
    const std::string kind = shape.kind;
    json& spec = made_.service["spec"];
    if (kind == "named targetPort of another port" && ports_.size() < 2) return choose_shape();
    spec["type"] = shape.type;
    if (kind == "headless") spec["clusterIP"] = "None";
    if (kind == "ExternalName") {
      spec["externalName"] = "127.0.0.7";
      made_.expected.endpoints = {"127.0.0.7:" + std::to_string(made_.port)};
    }
    for (json& port : spec["ports"]) {
      const bool own = port["port"] == made_.port;
      if ((kind == "named targetPort" && own) || (kind == "named targetPort of another port" && !own))
        port["targetPort"] = "http";
    }
    if (shape.refused) drop(true);
    made_.kinds.push_back(kind);
  }

  void drop(bool whatever_flags_say) {
    made_.expected.dropped = true;
    if (whatever_flags_say) made_.expected.dropped_with_flags = true;
  }

  void annotate() {
    const auto& [place_kind, place] = dice_.row(places);
    const PolicyRow& policy = dice_.row(policies);
    const auto suffix = suffix_of(place);
    if (!suffix) return;
    json& annotations = made_.service["metadata"]["annotations"];
    if (!annotations.emplace("junctionlabs.io/backend.lb." + *suffix, policy.text).second) return;
    const bool refused = *policy.read == '\0';
    made_.kinds.push_back(std::string(policy.kind) + " on " + place_kind);
    if (place == Place::own) made_.expected.policy = policy.read;
    if (refused && place == Place::own) drop(false);
    if (refused && place == Place::another) drop(true);
  }

  std::optional<std::string> suffix_of(Place place) {
    static const char* const bad[] = {"http", "080", "80x", "65616", ""};
    switch (place) {
      case Place::own:
        return std::to_string(made_.port);
      case Place::another:
        for (const std::uint16_t port : ports_)
          if (port != made_.port) return std::to_string(port);
        return std::nullopt;
      case Place::lacking:
        return std::to_string(lacking_);
      case Place::bad_suffix:
        break;
    }
    return dice_.row(bad);
  }

  void choose_slices() {
    std::map<std::string, std::vector<std::string>> by_zone;
    const std::size_t count = dice_.below(4);
    for (std::size_t s = 0; s < count; ++s) {
      const EndpointRow& like = dice_.row(endpoints);
      json list = json::array();
      for (std::size_t e = 0; e < 1 + dice_.below(3); ++e) list.push_back(endpoint(like, s, e, by_zone));
      add_slice(like, s, std::move(list));
    }
    for (const auto& [zone, addresses] : by_zone)
      made_.expected.endpoints.insert(made_.expected.endpoints.end(), addresses.begin(), addresses.end());
  }

  // A slice has one type and one set of ports; the conditions of its endpoints may differ.
  json endpoint(const EndpointRow& like, std::size_t slice, std::size_t number,
                std::map<std::string, std::vector<std::string>>& by_zone) {
    const bool readable = like.port_name == nullptr && std::string(like.address_type) == "IPv4";
    const EndpointRow& row = readable ? endpoints[dice_.below(6)] : like;
    const std::string last = std::to_string(slice * 16 + number + 1);
    const std::string address = std::string(row.address_type) == "IPv6" ? "fd00::" + last : "10.42.0." + last;
    const std::string zone = dice_.one_in(2) ? "a" : "b";
    if (row.counts) by_zone[zone].push_back(address + ":9000");
    return {{"addresses", {address}}, {"conditions", json::parse(row.conditions)}, {"zone", zone}};
  }

  void add_slice(const EndpointRow& like, std::size_t number, json list) {
    json ports = json::array();
    for (const std::uint16_t port : ports_)
      ports.push_back({{"name", like.port_name ? std::string(like.port_name) : "p" + std::to_string(port)},
                       {"port", 9000}});
    made_.slices.push_back({{"apiVersion", "discovery.k8s.io/v1"},
                            {"kind", "EndpointSlice"},
                            {"metadata",
                             {{"name", "recs-" + std::to_string(number)},
                              {"namespace", "shop"},
                              {"resourceVersion", "1"},
                              {"labels", {{"kubernetes.io/service-name", "recs"}}}}},
                            {"addressType", like.address_type},
                            {"ports", std::move(ports)},
                            {"endpoints", std::move(list)}});
  }

  Dice& dice_;
  std::vector<std::uint16_t> ports_;
  std::uint16_t lacking_ = 0;
  Case made_;
};

}  // namespace

std::vector<Case> random_services(std::size_t count, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<Case> cases;
  for (std::size_t i = 0; i < count; ++i) cases.push_back(Maker(dice).make());
  return cases;
}

std::vector<std::string> all_kinds() {
  std::vector<std::string> kinds;
  for (const ShapeRow& shape : shapes) kinds.emplace_back(shape.kind);
  for (const PolicyRow& policy : policies) kinds.emplace_back(policy.kind);
  for (const auto& [kind, place] : places) kinds.emplace_back(kind);
  return kinds;
}

}  // namespace junctionctl::judge
