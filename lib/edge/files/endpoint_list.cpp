#include "junction/endpoint_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/text/excerpt.hpp"
#include "edge/files/byte_source.hpp"
#include "edge/files/json.hpp"
#include "junction/text_file.hpp"
#include "junction/try.hpp"

namespace junction {
namespace {

using nlohmann::json;

std::string described(const json& value) {
  return excerpt(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

Result<std::string> text_field(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_string())
    return Error{ErrorKind::invalid, fmt::format("{} must be a text, not {}", field, described(*found))};
  return found->get<std::string>();
}

Result<std::uint32_t> weight_of(const json& object) {
  const auto weight = object.find("weight");
  if (weight == object.end()) return std::uint32_t{1};
  const bool fits = weight->is_number_unsigned() && weight->get<std::uint64_t>() >= 1 &&
                    weight->get<std::uint64_t>() <= std::numeric_limits<std::uint32_t>::max();
  if (!fits)
    return Error{ErrorKind::invalid,
                 fmt::format("weight must be a whole number from 1 to 4294967295, not {}", described(*weight))};
  return weight->get<std::uint32_t>();
}

Result<Endpoint> endpoint_of_object(const json& object) {
  Endpoint endpoint;
  std::string address;
  const std::pair<const char*, std::string*> fields[] = {{"address", &address},
                                                         {"hash_key", &endpoint.hash_key},
                                                         {"hostname", &endpoint.hostname},
                                                         {"pod", &endpoint.pod},
                                                         {"zone", &endpoint.zone}};
  for (const auto& [name, to] : fields) {
    auto text = text_field(object, name);
    if (!text) return std::move(text).error();
    *to = std::move(*text);
  }
  if (address.empty()) return Error{ErrorKind::invalid, fmt::format("{} has no address", described(object))};
  JUNCTION_TRY_ASSIGN(endpoint.address, SocketAddress::parse(excerpt(address)));
  JUNCTION_TRY_ASSIGN(endpoint.weight, weight_of(object));
  return endpoint;
}

// No address is so long that quoting it cuts it.
Result<Endpoint> endpoint_at(std::string_view address) {
  Endpoint endpoint;
  JUNCTION_TRY_ASSIGN(endpoint.address, SocketAddress::parse(excerpt(address)));
  return endpoint;
}

Result<Endpoint> endpoint_of(const json& value) {
  if (value.is_object()) return endpoint_of_object(value);
  if (!value.is_string())
    return Error{ErrorKind::invalid,
                 fmt::format("an endpoint must be an address or an object, not {}", described(value))};
  return endpoint_at(value.get_ref<const std::string&>());
}

/// Collects endpoints, and knows the place of each for errors.
class Collector {
 public:
  Result<void> add(Result<Endpoint> endpoint, const std::string& place) {
    if (!endpoint) return Error{ErrorKind::invalid, std::move(endpoint).error().message}.at(place);
    endpoints_.push_back(std::move(*endpoint));
    return {};
  }

  Result<void> add_line(std::string_view line, const std::string& place) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t first = line.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    if (line[first] == '{') {
      const auto object = parse_json(line);
      return add(object ? endpoint_of(*object) : Result<Endpoint>(object.error()), place);
    }
    while (!line.empty()) {
      const std::string_view word = line.substr(0, line.find_first_of(", \t\r"));
      line.remove_prefix(std::min(line.size(), word.size() + 1));
      if (word.empty()) continue;
      if (auto added = add(endpoint_at(word), place); !added) return added;
    }
    return {};
  }

  std::vector<Endpoint> finish() && { return std::move(endpoints_); }

 private:
  std::vector<Endpoint> endpoints_;
};

// An IPv6 address begins with '[' too, but is not JSON.
Result<std::optional<json>> array_of(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '[') return std::optional<json>();
  const std::size_t second = text.find_first_not_of(" \t\r\n", first + 1);
  const bool is_json = second != std::string_view::npos && text.find_first_of("[]{\"", second) == second;
  if (!is_json) return std::optional<json>();
  JUNCTION_TRY_ASSIGN(json array, parse_json(text));
  return std::optional(std::move(array));
}

}  // namespace

Result<std::vector<Endpoint>> parse_endpoint_list(std::string_view text, std::string_view origin) {
  Collector endpoints;
  const auto array = array_of(text);
  if (!array) return array.error().at(origin);
  if (*array) {
    std::size_t number = 0;
    for (const json& item : **array)
      JUNCTION_TRY(endpoints.add(endpoint_of(item), fmt::format("{}:{}", origin, ++number)));
    return std::move(endpoints).finish();
  }
  // The one line of an argument needs no number.
  const bool numbered = !origin.starts_with("--") || text.find('\n') != std::string_view::npos;
  TextLines lines(text, origin);
  for (std::string_view line; lines.next(line);)
    JUNCTION_TRY(endpoints.add_line(line, numbered ? lines.place() : std::string(origin)));
  JUNCTION_TRY(lines.result());
  return std::move(endpoints).finish();
}

Result<std::vector<Endpoint>> read_endpoint_list(const std::string& argument) {
  if (!argument.starts_with('@')) {
    auto list = parse_endpoint_list(argument, "--endpoints");
    if (!list) return Error{ErrorKind::usage, list.error().message};
    return list;
  }
  const std::string path = argument.substr(1);
  JUNCTION_TRY_ASSIGN(const std::string text, read_text(path));
  return parse_endpoint_list(text, source_name(path));
}

}  // namespace junction
