#pragma once

#include <string>
#include <string_view>

namespace junction::sandbox {

/// What a real API server says of names of all sorts; nothing where a name is good. Source:
/// k8s.io/apimachinery pkg/util/validation/validation.go.

std::string dns_1035_label_fault(std::string_view name);  ///< of a Service
std::string dns_1123_label_fault(std::string_view name);  ///< of a port, a container, a namespace
std::string dns_subdomain_fault(std::string_view name);   ///< of a Deployment
std::string qualified_name_fault(std::string_view key);   ///< of a label or annotation: "example.com/MyName"
std::string label_value_fault(std::string_view value);
std::string port_name_fault(std::string_view name);  ///< of a targetPort

}  // namespace junction::sandbox
