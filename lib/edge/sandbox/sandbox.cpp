#include "edge/sandbox/sandbox.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <optional>

#include "edge/sandbox/api_server.hpp"
#include "edge/sandbox/controller.hpp"
#include "edge/sandbox/front.hpp"
#include "edge/sandbox/private_file.hpp"
#include "junction/base64.hpp"
#include "junction/kube/config.hpp"
#include "junction/try.hpp"

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

/// A request to the front takes three descriptors: the client's, and both ends of the way to a replica. What
/// this process may raise by itself, it raises; where that is not enough, connections make room for each
/// other.
void allow_descriptors(std::size_t connections) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(files.rlim_max, 3 * connections + 256);
  if (files.rlim_cur >= wanted) return;
  files.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &files);
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
  LoopbackSandbox(SandboxOptions options, PodNetwork network, ConnectionLimits limits)
      : options_(std::move(options)),
        connections_(limits),
        controller_(store_, connections_, std::move(network), options_.limits, options_.on_trouble) {}

  ~LoopbackSandbox() override {
    front_.reset();  // first: nothing is to be sent to replicas that stop
    store_.close();  // ends every watch
    if (api_server_) api_server_->stop();
  }

  Result<void> bring_up() {
    set_up_shop(store_, options_.replicas);
    JUNCTION_TRY(controller_.start());
    JUNCTION_TRY(start_api());
    return start_front();
  }

  Result<void> start_api() {
    JUNCTION_TRY_ASSIGN(const Pki pki, make_pki());
    JUNCTION_TRY_ASSIGN(const std::string token, random_token());
    api_.emplace(store_, Api::Options{token, most_replicas,
                                      [this](const std::string& pod) { return controller_.log_of(pod); }});
    auto server = serve_api(*api_, pki, options_.api_port, connections_, options_.on_trouble);
    if (!server)
      return explain_port(std::move(server).error(), "Kubernetes API", options_.api_port, "--api-port");
    api_server_ = *std::move(server);
    const std::string text = kubeconfig_text(api_url(), pki.ca_pem, token);
    JUNCTION_TRY_ASSIGN(PrivateFile file, PrivateFile::create(options_.kubeconfig, "kubeconfig", text));
    kubeconfig_.emplace(std::move(file));
    return {};
  }

  Result<void> start_front() {
    JUNCTION_TRY_ASSIGN(const kube::ClusterConfig cluster,
                        kube::load_config({.kubeconfig = kubeconfig_->path()}));
    auto front = Front::start(options_.front_port, cluster, connections_, [this](const Error& error) {
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
  ConnectionRegistry connections_;
  ObjectStore store_;
  Controller controller_;
  std::optional<Api> api_;
  std::unique_ptr<HttpServer> api_server_;
  std::optional<PrivateFile> kubeconfig_;
  std::unique_ptr<Front> front_;
};

}  // namespace

Result<std::unique_ptr<Sandbox>> start(SandboxOptions options, ConnectionLimits limits) {
  JUNCTION_TRY(check(options));
  allow_descriptors(limits.connections);
  JUNCTION_TRY_ASSIGN(PodNetwork network, options.pod_network.empty()
                                              ? PodNetwork::claim_any()
                                              : PodNetwork::claim(options.pod_network));
  auto sandbox = std::make_unique<LoopbackSandbox>(std::move(options), std::move(network), limits);
  JUNCTION_TRY(sandbox->bring_up());
  return std::unique_ptr<Sandbox>(std::move(sandbox));
}

}  // namespace junction::sandbox

extern "C" JUNCTION_SANDBOX_ENTRY void junction_start_sandbox(junction::SandboxOptions* options,
                                                              junction::StartedSandbox* started) {
  *started = junction::sandbox::start(std::move(*options));
}
