#pragma once

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

/// Changes JSON by its structure: a value of another type, a member too many or too few, one part in the
/// place of another. Bytes that are changed at random are hardly ever JSON any more and get no further than
/// the parser. The same seed makes the same changes.
class JsonMutator {
 public:
  explicit JsonMutator(std::uint32_t seed) : random_(seed) {}

  nlohmann::json mutate(nlohmann::json value) {
    for (std::uint32_t changes = 1 + below(3); changes > 0; --changes) change(value);
    return value;
  }

  /// From 0 on.
  std::uint32_t below(std::size_t bound) {
    return static_cast<std::uint32_t>(random_() % static_cast<std::uint32_t>(bound));
  }

 private:
  using json = nlohmann::json;

  void change(json& whole) {
    std::vector<json*> nodes;
    collect(whole, nodes);
    json& node = *nodes[below(nodes.size())];
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        node = awkward_value();
        break;
      case 3:
        node = json(*nodes[below(nodes.size())]);  // a copy first: it may hold the node, or lie in it
        break;
      case 4:
        remove_member(node);
        break;
      case 5:
        add_member(node);
        break;
      case 6:
        rename_member(node);
        break;
      default:
        wrap(node);
    }
  }

  static void collect(json& value, std::vector<json*>& nodes) {
    nodes.push_back(&value);
    if (value.is_structured())
      for (json& member : value) collect(member, nodes);
  }

  json awkward_value() {
    static const json values = {nullptr,
                                true,
                                false,
                                0,
                                1,
                                -1,
                                3,
                                5,
                                1.5,
                                70000,
                                4294967296,
                                1e308,
                                9223372036854775807,
                                -9223372036854775807 - 1,
                                18446744073709551615u,
                                "",
                                "x",
                                "80",
                                "TCP",
                                "None",
                                "*",
                                "\x1b]0;x\x07",
                                "a/b/c",
                                std::string(300, 'n'),
                                "\xf0\x9f\x98\x80",
                                json::array(),
                                json::object(),
                                json::array({nullptr}),
                                json::array({json::array()}),
                                json::array({json::object()}),
                                json{{"", nullptr}},
                                json{{"a", json::object()}},
                                json{{"$patch", "replace"}},
                                json{{"$patch", 5}}};
    return values.at(below(values.size()));
  }

  std::string awkward_name() {
    static constexpr std::array names{
        "metadata",      "spec",      "name",     "labels",          "annotations",
        "ports",         "port",      "template", "selector",        "replicas",
        "kind",          "status",    "$patch",   "$retainKeys",     "$setElementOrder/ports",
        "managedFields", "",          "a/b",      "resourceVersion", "matchLabels",
        "items",         "generation"};
    return names[below(names.size())];
  }

  void remove_member(json& node) {
    if (node.is_structured() && !node.empty()) node.erase(member_of(node));
  }

  void add_member(json& node) {
    if (node.is_array()) node.push_back(node.empty() ? awkward_value() : json(*member_of(node)));
    if (node.is_object()) node[awkward_name()] = awkward_value();
  }

  void rename_member(json& node) {
    if (!node.is_object() || node.empty()) return;
    const json::iterator member = member_of(node);
    json value = *member;
    node.erase(member);
    node[awkward_name()] = std::move(value);
  }

  void wrap(json& node) {
    json inner = std::move(node);
    for (std::uint32_t depth = 1 + below(120); depth > 0; --depth) {
      json outer = below(2) ? json::array() : json::object();
      if (outer.is_array())
        outer.push_back(std::move(inner));
      else
        outer["a"] = std::move(inner);
      inner = std::move(outer);
    }
    node = std::move(inner);
  }

  json::iterator member_of(json& node) {
    return std::next(node.begin(), static_cast<std::ptrdiff_t>(below(node.size())));
  }

  std::mt19937 random_;  // the same numbers everywhere, which a distribution would not give
};
