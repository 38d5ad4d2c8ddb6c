#include "edge/report/pretty_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

namespace junction::report {
namespace {

using Json = nlohmann::ordered_json;

std::string compact(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_plain(const Json& value) {
  return !value.is_structured() || value.empty() ||
         (value.is_array() &&
          std::all_of(value.begin(), value.end(), [](const Json& item) { return is_plain(item); }));
}

}  // namespace

void write_pretty(const Json& value, std::ostream& out, int indent) {
  if (is_plain(value)) {
    out << compact(value);
    return;
  }
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const char* separator = "\n";
  out << (value.is_object() ? '{' : '[');
  for (const auto& [key, item] : value.items()) {
    out << separator << margin << "  ";
    if (value.is_object()) out << compact(key) << ": ";
    write_pretty(item, out, indent + 2);
    separator = ",\n";
  }
  out << '\n' << margin << (value.is_object() ? '}' : ']');
}

}  // namespace junction::report
