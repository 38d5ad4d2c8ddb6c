#include <arpa/inet.h>

#include <array>
#include <set>
#include <utility>

#include "edge/sandbox/fields.hpp"
#include "edge/sandbox/go_words.hpp"
#include "edge/sandbox/names.hpp"
#include "edge/sandbox/rules.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

constexpr const char* service_types = "\"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"";
constexpr const char* protocols = "\"SCTP\", \"TCP\", \"UDP\"";

bool one_of(const std::string& value, std::initializer_list<const char*> known) {
  return std::find(known.begin(), known.end(), value) != known.end();
}

bool is_ip(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

/// The ports of one Service, one after the other: what they must not have in common is remembered.
class PortRules {
 public:
  PortRules(Causes& causes, bool names_required) : causes_(causes), names_required_(names_required) {}

  void check(const json& port, const std::string& at) {
    check_name(text_or(look(port, "name")), at + ".name");
    const std::int64_t number = whole_or(look(port, "port"), 0);
    check_port_number(causes_, number, at + ".port");
    const std::string protocol = text_or(look(port, "protocol"));
    if (!one_of(protocol, {"TCP", "UDP", "SCTP"}))
      causes_.not_supported(at + ".protocol", go_syntax(protocol), protocols);
    check_target(look(port, "targetPort"), at + ".targetPort");
    if (const std::int64_t node = whole_or(look(port, "nodePort"), 0); node < 0 || node > 65535)
      check_port_number(causes_, node, at + ".nodePort");
    if (!numbers_.emplace(protocol, number).second)
      causes_.duplicate(at, fmt::format("{{\"port\":{},\"protocol\":{}}}", number, go_syntax(protocol)));
  }

 private:
  void check_name(const std::string& name, const std::string& field) {
    if (name.empty()) {
      if (names_required_) causes_.required(field);
      return;
    }
    if (const std::string fault = dns_1123_label_fault(name); !fault.empty())
      causes_.invalid(field, go_syntax(name), fault);
    if (!names_.insert(name).second) causes_.duplicate(field, go_syntax(name));
  }

  void check_target(const json& target, const std::string& field) {
    if (!target.is_string()) return check_port_number(causes_, whole_or(target, 0), field);
    if (const std::string fault = port_name_fault(text_or(target)); !fault.empty())
      causes_.invalid(field, go_syntax(target), fault);
  }

  Causes& causes_;
  bool names_required_;
  std::set<std::string> names_;
  std::set<std::pair<std::string, std::int64_t>> numbers_;
};

void check_ports(Causes& causes, const json& ports) {
  PortRules rules(causes, ports.size() > 1);
  for (std::size_t i = 0; i < ports.size(); ++i) rules.check(ports.at(i), fmt::format("spec.ports[{}]", i));
}

void check_external_name(Causes& causes, std::string name) {
  if (name.ends_with('.')) name.pop_back();
  if (name.empty()) return causes.required("spec.externalName");
  if (const std::string fault = dns_subdomain_fault(name); !fault.empty())
    causes.invalid("spec.externalName", go_syntax(name), fault);
}

/// An address once given stays; a new Service may ask for one, or for none ("None").
void check_cluster_ip(Causes& causes, const json& spec, const json& current_spec) {
  const std::string before = text_or(look(current_spec, "clusterIP")),
                    after = text_or(look(spec, "clusterIP"));
  if (after.empty() || after == before) return;
  if (!before.empty())
    return causes.invalid("spec.clusterIPs[0]", fmt::format("[]string{{{}}}", go_syntax(after)),
                          "may not change once set");
  if (after != "None" && !is_ip(after))
    causes.invalid("spec.clusterIPs[0]", go_syntax(after),
                   "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
}

}  // namespace

void check_service(Causes& causes, const json& spec, const json& current_spec) {
  const std::string type = text_or(look(spec, "type"));
  const json& ports = list_or_none(look(spec, "ports"));
  if (!one_of(type, {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"}))
    causes.not_supported("spec.type", go_syntax(type), service_types);
  if (type == "ExternalName")
    check_external_name(causes, text_or(look(spec, "externalName")));
  else if (ports.empty() && text_or(look(spec, "clusterIP")) != "None")
    causes.required("spec.ports");
  check_ports(causes, ports);
  check_labels(causes, look(spec, "selector"), "spec.selector");
  if (const std::string affinity = text_or(look(spec, "sessionAffinity"));
      !one_of(affinity, {"ClientIP", "None"}))
    causes.not_supported("spec.sessionAffinity", go_syntax(affinity), "\"ClientIP\", \"None\"");
  check_cluster_ip(causes, spec, current_spec);
}

}  // namespace junction::sandbox
