#include "core/implementations/list.hpp"
#include "core/junction_layout.hpp"
#include "core/request_hash.hpp"

namespace junction {
namespace {

class JunctionRust181 final : public Implementation {
 public:
  [[nodiscard]] std::string_view name() const override { return "junction-rust-1.81"; }
  [[nodiscard]] std::string_view summary() const override {
    return "Junction clients built with Rust 1.81 or earlier";
  }

  [[nodiscard]] Placement place(std::span<const Endpoint> endpoints,
                                const PlacementOptions& options) const override {
    return junction_placement(endpoints, options, RustLayout::length_prefixed);
  }

  [[nodiscard]] Result<void> check(std::span<const Endpoint> endpoints,
                                   const PlacementOptions& options) const override {
    return check_junction(endpoints, options);
  }

  [[nodiscard]] std::string entry_bytes(const Endpoint& endpoint, std::uint32_t replica,
                                        const PlacementOptions&) const override {
    return junction_entry_bytes(endpoint.address, replica, RustLayout::length_prefixed);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Request& request, std::span<const HashParam> params,
                                                  std::vector<HashStep>* steps) const override {
    return hash_as_junction(request, params, steps);
  }

  [[nodiscard]] bool hashes_bare_values(std::span<const HashParam> params) const override {
    return junction_hashes_bare_values(params);
  }
};

}  // namespace

const Implementation& junction_rust_1_81_implementation() {
  static const JunctionRust181 junction;
  return junction;
}

}  // namespace junction
