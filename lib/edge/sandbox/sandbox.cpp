#include "edge/sandbox/sandbox.hpp"

#include <fmt/format.h>

#include <optional>

#include "edge/sandbox/api_server.hpp"
#include "edge/sandbox/controller.hpp"
#include "edge/sandbox/front.hpp"
#include "edge/sandbox/private_file.hpp"
#include "junction/base64.hpp"
#include "junction/kube/config.hpp"

namespace junction::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto front_timeout = 20s;  // it takes milliseconds; a machine under full load gets its chance

std::string kubeconfig_text(const std::string& server, const std::string& ca_pem, const std::string& token) {
  return fmt::format(R"(apiVersion: v1
kind: Config
current-context: junctionctl-sandbox
clusters:
- name: junctionctl-sandbox
  cluster:
    server: {}
    certificate-authority-data: {}
users:
- name: junctionctl-sandbox
  user:
    token: {}
contexts:
- name: junctionctl-sandbox
  context:
    cluster: junctionctl-sandbox
    user: junctionctl-sandbox
    namespace: {}
)",
                     server, base64_encode(ca_pem), token, shop_namespace);
}

Result<void> check(const SandboxOptions& options) {
  const auto wrong = [](std::string message) { return Error{ErrorKind::usage, std::move(message)}; };
  if (options.replicas < 0 || options.replicas > Sandbox::most_replicas)
    return wrong(
        fmt::format("{} replicas: a sandbox runs 0 to {}", options.replicas, Sandbox::most_replicas));
  if (options.limits.distinct == 0)
    return wrong("0 distinct queries: a replica that takes none answers nothing");
  if (options.limits.window <= 0s) return wrong("the window must be longer than 0 s");
  if (options.limits.penalty <= 0s) return wrong("the penalty must be longer than 0 s");
  return {};
}

/// A port that is taken is the one failure everybody meets: say what it was for, and what to do.
Error explain_port(Error error, const char* what, std::uint16_t port, const char* flag) {
  if (error.kind == ErrorKind::io && port != 0)
    error.message =
        fmt::format("the {} {}; end what listens there, or choose another port with {} (0: any free one)",
                    what, error.message, flag);
  return error;
}

class LoopbackSandbox : public Sandbox {
 public:
  LoopbackSandbox(SandboxOptions options, PodNetwork network)
      : options_(std::move(options)),
        controller_(store_, std::move(network), options_.limits, options_.on_trouble) {}

  ~LoopbackSandbox() override {
    front_.reset();  // first: nothing is to be sent to replicas that stop
    store_.close();  // ends every watch
    if (api_server_) api_server_->stop();
  }

  Result<void> bring_up() {
    set_up_shop(store_, options_.replicas);
    if (auto started = controller_.start(); !started) return started;
    if (auto started = start_api(); !started) return started;
    return start_front();
  }

  Result<void> start_api() {
    auto pki = make_pki();
    if (!pki) return std::move(pki).error();
    auto token = random_token();
    if (!token) return std::move(token).error();
    api_.emplace(store_, Api::Options{*token, most_replicas,
                                      [this](const std::string& pod) { return controller_.log_of(pod); }});
    auto server = serve_api(*api_, *pki, options_.api_port);
    if (!server)
      return explain_port(std::move(server).error(), "Kubernetes API", options_.api_port, "--api-port");
    api_server_ = *std::move(server);
    auto file = PrivateFile::create(options_.kubeconfig, "kubeconfig",
                                    kubeconfig_text(api_url(), pki->ca_pem, *token));
    if (!file) return std::move(file).error();
    kubeconfig_.emplace(*std::move(file));
    return {};
  }

  Result<void> start_front() {
    auto cluster = kube::load_config({.kubeconfig = kubeconfig_->path()});
    if (!cluster) return std::move(cluster).error();
    auto front = Front::start(options_.front_port, *cluster, [this](const Error& error) {
      options_.on_trouble("the front: " + error.message);
    });
    if (!front) return explain_port(std::move(front).error(), "front", options_.front_port, "--port");
    front_ = *std::move(front);
    if (front_->wait_until_ready(front_timeout)) return {};
    return Error{ErrorKind::timeout, "the front did not learn of its replicas within 20 s"};
  }

  [[nodiscard]] std::string api_url() const override {
    return "https://" + api_server_->address().to_string();
  }
  [[nodiscard]] std::string front_url() const override { return "http://" + front_->address().to_string(); }
  [[nodiscard]] const std::string& kubeconfig() const override { return kubeconfig_->path(); }
  [[nodiscard]] std::string pod_network() const override { return controller_.network().to_string(); }

 private:
  SandboxOptions options_;
  ObjectStore store_;
  Controller controller_;
  std::optional<Api> api_;
  std::unique_ptr<HttpServer> api_server_;
  std::optional<PrivateFile> kubeconfig_;
  std::unique_ptr<Front> front_;
};

}  // namespace

Result<std::unique_ptr<Sandbox>> start(SandboxOptions options) {
  if (auto good = check(options); !good) return std::move(good).error();
  auto network =
      options.pod_network.empty() ? PodNetwork::claim_any() : PodNetwork::claim(options.pod_network);
  if (!network) return std::move(network).error();
  auto sandbox = std::make_unique<LoopbackSandbox>(std::move(options), *std::move(network));
  if (auto started = sandbox->bring_up(); !started) return std::move(started).error();
  return std::unique_ptr<Sandbox>(std::move(sandbox));
}

}  // namespace junction::sandbox

extern "C" JUNCTION_SANDBOX_ENTRY void junction_start_sandbox(junction::SandboxOptions* options,
                                                              junction::StartedSandbox* started) {
  *started = junction::sandbox::start(std::move(*options));
}
