#include "core/balance/implementations/list.hpp"
#include "core/balance/junction_layout.hpp"
#include "core/balance/request_hash.hpp"

namespace junction {
namespace {

/// Junction's client. Which Rust built it decides what its ring entries hash, and nothing else.
class Junction final : public Implementation {
 public:
  Junction(std::string_view name, std::string_view summary, RustLayout layout)
      : name_(name), summary_(summary), layout_(layout) {}

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string_view summary() const override { return summary_; }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    return junction_placement(endpoints, options, layout_);
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    return check_junction(endpoints, options);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions&) const override {
    return junction_entry_bytes(endpoint.address, replica, layout_);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return hash_as_junction(request, params, steps);
  }

  [[nodiscard]] bool hashes_bare_values(std::span<const HashParam> params) const override {
    return junction_hashes_bare_values(params);
  }

 private:
  std::string_view name_;
  std::string_view summary_;
  RustLayout layout_;
};

}  // namespace

const Implementation& junction_implementation() {
  static const Junction junction("junction", "Junction clients built with Rust 1.82 or later",
                                 RustLayout::plain);
  return junction;
}

const Implementation& junction_rust_1_81_implementation() {
  static const Junction junction("junction-rust-1.81", "Junction clients built with Rust 1.81 or earlier",
                                 RustLayout::length_prefixed);
  return junction;
}

}  // namespace junction
