#include "junction/endpoint_list.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "junction/documents.hpp"

namespace junction {
namespace {

using nlohmann::json;

Result<std::string> text_field(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_string())
    return Error{ErrorKind::invalid, fmt::format("{} must be a text, not {}", field, found->dump())};
  return found->get<std::string>();
}

Result<std::uint32_t> weight_of(const json& object) {
  const json weight = object.value("weight", json(1U));
  const bool fits = weight.is_number_unsigned() && weight.get<std::uint64_t>() >= 1 &&
                    weight.get<std::uint64_t>() <= std::numeric_limits<std::uint32_t>::max();
  if (!fits)
    return Error{ErrorKind::invalid,
                 fmt::format("weight must be a whole number from 1 to 4294967295, not {}", weight.dump())};
  return weight.get<std::uint32_t>();
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
  if (address.empty()) return Error{ErrorKind::invalid, fmt::format("{} has no address", object.dump())};
  const auto parsed = SocketAddress::parse(address);
  if (!parsed) return parsed.error();
  const auto weight = weight_of(object);
  if (!weight) return weight.error();
  endpoint.address = *parsed;
  endpoint.weight = *weight;
  return endpoint;
}

Result<Endpoint> endpoint_of(const json& value) {
  if (value.is_object()) return endpoint_of_object(value);
  if (!value.is_string())
    return Error{ErrorKind::invalid,
                 fmt::format("an endpoint must be an address or an object, not {}", value.dump())};
  const auto address = SocketAddress::parse(value.get_ref<const std::string&>());
  if (!address) return address.error();
  Endpoint endpoint;
  endpoint.address = *address;
  return endpoint;
}

/// Collects endpoints line by line, and knows the line for errors.
class Lines {
 public:
  Lines(std::string_view origin, bool one_line) : origin_(origin), one_line_(one_line) {}

  Result<void> add_line(std::string_view line, std::size_t number) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t first = line.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    if (line[first] == '{') return add(json::parse(line, nullptr, false), number);
    while (!line.empty()) {
      const std::string_view word = line.substr(0, line.find_first_of(", \t\r"));
      line.remove_prefix(std::min(line.size(), word.size() + 1));
      if (word.empty()) continue;
      if (auto added = add(json(std::string(word)), number); !added) return added;
    }
    return {};
  }

  Result<void> add(const json& value, std::size_t number) {
    if (value.is_discarded()) return at(number, "not a JSON object");
    auto endpoint = endpoint_of(value);
    if (!endpoint) return at(number, endpoint.error().message);
    endpoints_.push_back(std::move(*endpoint));
    return {};
  }

  std::vector<Endpoint> finish() && { return std::move(endpoints_); }

 private:
  Error at(std::size_t number, std::string_view why) const {
    return Error{ErrorKind::invalid, std::string(why)}.at(one_line_ ? origin_
                                                                    : fmt::format("{}:{}", origin_, number));
  }

  std::string origin_;
  bool one_line_;  ///< then its number says nothing
  std::vector<Endpoint> endpoints_;
};

}  // namespace

Result<std::vector<Endpoint>> parse_endpoint_list(std::string_view text, std::string_view origin) {
  Lines lines(origin, origin.starts_with("--") && text.find('\n') == std::string_view::npos);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const json whole = first != std::string_view::npos && text[first] == '[' ? json::parse(text, nullptr, false)
                                                                           : json(json::value_t::discarded);
  if (whole.is_array()) {  // an IPv6 address begins with '[' too, but is not JSON
    std::size_t number = 0;
    for (const json& item : whole)
      if (auto added = lines.add(item, ++number); !added) return std::move(added).error();
    return std::move(lines).finish();
  }
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (auto added = lines.add_line(line, number); !added) return std::move(added).error();
  }
  return std::move(lines).finish();
}

Result<std::vector<Endpoint>> read_endpoint_list(const std::string& argument) {
  if (!argument.starts_with('@')) {
    auto list = parse_endpoint_list(argument, "--endpoints");
    if (!list) return Error{ErrorKind::usage, list.error().message};
    return list;
  }
  const std::string path = argument.substr(1);
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  return parse_endpoint_list(*text, path == "-" ? "standard input" : path);
}

}  // namespace junction
