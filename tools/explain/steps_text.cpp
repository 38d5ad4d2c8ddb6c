#include <fmt/format.h>
#include <fmt/ranges.h>

#include <variant>

#include "junction/hash.hpp"
#include "junction/policy_json.hpp"
#include "tools/explain/steps.hpp"
#include "tools/output/table.hpp"

namespace junctionctl::explain {
namespace {

using junction::hex64;

std::string param_name(const junction::HashParam& param) {
  std::string name(junction::hash_param_type_name(param.type));
  if (!param.name.empty()) name += " " + printable(param.name);
  return param.terminal ? name + ", terminal" : name;
}

std::string endpoint_name(const std::string& address, const std::string& pod) {
  return pod.empty() ? address : fmt::format("{} ({})", address, printable(pod));
}

/// Appends the lines of a step; one overload a step.
class Writer {
 public:
  void operator()(const junction::RouteStep& step) {
    add("route", fmt::format("{} is for {}{}", step.route, step.looked_up.back(),
                             step.implicit ? ", the implicit route of the Service" : ""));
    if (step.looked_up.size() > 1) add("", fmt::format("looked up {}", fmt::join(step.looked_up, ", then ")));
  }

  void operator()(const junction::RuleStep& step) {
    for (const junction::RuleVerdict& verdict : step.verdicts) {
      const std::string name = fmt::format("rule {}{}", verdict.rule,
                                           verdict.fits && !step.name.empty() ? " (" + step.name + ")" : "");
      if (!verdict.fits)
        add("rule", fmt::format("{} does not fit: {}", name, printable(verdict.why_not)));
      else if (verdict.match)
        add("rule", fmt::format("{} fits by its match {}", name, *verdict.match));
      else
        add("rule", fmt::format("{} fits everything", name));
    }
  }

  void operator()(const junction::BackendStep& step) {
    add("backend", step.choices[step.chosen].backend);
    if (step.choices.size() == 1) return;
    for (const auto& choice : step.choices)
      add("", fmt::format("{:.1f}% of requests go to {}", 100 * choice.share, choice.backend));
  }

  void operator()(const junction::PolicyStep& step) {
    add("policy", fmt::format("{} ({})", printable(junction::policy_json(step.policy)), step.source));
  }

  void operator()(const junction::HashStep& step) {
    const std::string name = param_name(step.param);
    if (!step.value) {
      add("hash param",
          fmt::format("{}: {}", name, step.unknown ? "nobody knows whether it is there" : "yields no value"));
      return;
    }
    add("hash param", fmt::format("{}: {} bytes \"{}\"", name, step.bytes.size(), text_bytes(step.bytes)));
    add("", fmt::format("hex {}", step.bytes.empty() ? "(none)" : hex_bytes(step.bytes)));
    add("", *step.combined == *step.value && !combined_before_
                ? fmt::format("hashed to {}", hex64(*step.value))
                : fmt::format("hashed to {}, with what came before {}", hex64(*step.value),
                              hex64(*step.combined)));
    if (step.stopped) add("", "terminal: later policies are not looked at");
    combined_before_ = true;
  }

  void operator()(const junction::HashedStep& step) {
    add("hash", hex64(step.hash) + (step.given ? " (given)" : ""));
  }

  void operator()(const junction::EntryStep& step) {
    add("ring entry",
        fmt::format("{} of {}: {}, its entry {}, at {}{}", step.index, step.ring_size,
                    endpoint_name(step.address, step.pod), step.entry.replica, hex64(step.entry.hash),
                    step.beyond ? " (the hash lies beyond the last entry)" : ""));
    add("", fmt::format("made from \"{}\"", text_bytes(step.bytes)));
    add("arc", fmt::format("after {} up to {}: {:.4f}% of all hashes", hex64(step.arc_after),
                           hex64(step.arc_to), 100 * step.arc_share));
  }

  void operator()(const junction::SlotStep& step) {
    add("slot", fmt::format("{} of {} (the hash modulo {}): {}", step.slot, step.table_size, step.table_size,
                            endpoint_name(step.address, step.pod)));
  }

  void operator()(const junction::UnplacedStep& step) { add("endpoint", words(step.reason)); }

  std::vector<StepLine> finish() && { return std::move(lines_); }

 private:
  static std::string words(junction::PickReason reason) {
    switch (reason) {
      case junction::PickReason::random:
        return "random: no policy yields a value, so each request goes anywhere";
      case junction::PickReason::round_robin:
        return "round robin: each in turn, whatever the request says";
      case junction::PickReason::unknown:
        return "unknown: it depends on what is not known of the request";
      case junction::PickReason::ring_hash:
        break;
      case junction::PickReason::no_endpoints:
        return "none: there are no endpoints";
    }
    return "a table slot";
  }

  void add(std::string label, std::string text) { lines_.push_back({std::move(label), std::move(text)}); }

  std::vector<StepLine> lines_;
  bool combined_before_ = false;
};

}  // namespace

std::vector<StepLine> steps_text(const junction::Derivation& steps) {
  Writer writer;
  for (const junction::Step& step : steps) std::visit(writer, step);
  return std::move(writer).finish();
}

}  // namespace junctionctl::explain
