#include "tools/sandbox/sandbox.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <pthread.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <ostream>

#include "junction/sandbox.hpp"
#include "tools/exit_code.hpp"
#include "tools/fail.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/not_empty.hpp"
#include "tools/output/write_file.hpp"

namespace junctionctl::sandbox {
namespace {

struct SandboxFlags {
  junction::SandboxOptions options;
  std::int64_t distinct = 5;
  double window = 2;
  double penalty = 5;
  std::string ready_file;
};

std::chrono::nanoseconds seconds(double value) {
  return std::chrono::nanoseconds(std::llround(value * 1e9));
}

/// SIGINT, SIGTERM and SIGHUP, kept from every thread that starts while this exists, so that one thread can
/// wait for them. It also sees a SIGINT that the shell has set to be ignored, as it does for background jobs.
class EndSignals {
 public:
  EndSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGHUP);  // the terminal is gone: the kubeconfig shall not stay behind
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  ~EndSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  int wait() {
    int signal = 0;
    while (sigwait(&signals_, &signal) != 0) {
    }
    return signal;
  }

 private:
  sigset_t signals_{}, before_{};
};

void greet(std::ostream& out, const junction::Sandbox& sandbox, const SandboxFlags& flags) {
  const auto replicas = flags.options.replicas;
  fmt::print(out,
             "The sandbox is up: {} replica{} of wineinfo-recs in {}, and the shop's front before {}.\n"
             "\n"
             "  export KUBECONFIG={}\n"
             "\n"
             "  front   {}/wines/recommendations?query=red\n"
             "  API     {}\n"
             "\n"
             "With that exported in another terminal, junctionctl and kubectl work on it:\n"
             "\n"
             "  junctionctl generate --duration 10{}\n"
             "  kubectl get svc,endpointslices,pods,deploy\n"
             "\n"
             "Ctrl-C ends it and removes the kubeconfig.\n",
             replicas, replicas == 1 ? "" : "s", sandbox.pod_network(), replicas == 1 ? "it" : "them",
             sandbox.kubeconfig(), sandbox.front_url(), sandbox.api_url(),
             flags.options.front_port == 8011
                 ? ""
                 : fmt::format(" --url '{}/wines/recommendations?query='", sandbox.front_url()));
  out.flush();
}

/// For scripts: lines that a shell can source.
junction::Result<void> write_ready_file(const std::string& path, const junction::Sandbox& sandbox) {
  return write_file(path, [&](std::ostream& file) {
    fmt::print(file, "export KUBECONFIG='{}'\nexport JUNCTION_FRONT='{}'\nexport JUNCTION_API='{}'\n",
               sandbox.kubeconfig(), sandbox.front_url(), sandbox.api_url());
  });
}

/// What is wrong with the numbers; empty where they are good.
std::string wrong_numbers(const SandboxFlags& flags) {
  constexpr double longest = 86400;
  if (flags.distinct < 1 || flags.distinct > 1'000'000)
    return fmt::format("--distinct {}: a replica bears 1 to 1000000 distinct queries", flags.distinct);
  for (const auto& [name, value] :
       {std::pair("--window", flags.window), std::pair("--penalty", flags.penalty)})
    if (!(value >= 0.001 && value <= longest))
      return fmt::format("{} {}: seconds, from 0.001 to {}", name, value, longest);
  return {};
}

int run_sandbox(SandboxFlags flags, Io& io) {
  std::mutex mutex;
  if (const std::string wrong = wrong_numbers(flags); !wrong.empty()) {
    return fail(io, junction::usage_error("sandbox: " + wrong));
  }
  flags.options.limits.distinct = static_cast<std::size_t>(flags.distinct);
  flags.options.limits.window = seconds(flags.window);
  flags.options.limits.penalty = seconds(flags.penalty);
  flags.options.on_trouble = [&](const std::string& line) {
    const std::lock_guard lock(mutex);
    say(io, "sandbox: " + line);
    io.err.flush();
  };
  EndSignals signals;
  auto started = junction::Sandbox::start(flags.options);
  if (!started) {
    return fail(io, started.error().at("sandbox"));
  }
  greet(io.out, **started, flags);
  if (!io.out)  // nobody would know of it
    return fail(io, {junction::ErrorKind::io, "sandbox: could not write to standard output where it is"});
  if (!flags.ready_file.empty()) {
    const auto written = write_ready_file(flags.ready_file, **started);
    if (!written) return fail(io, written.error().at("sandbox"));
  }
  const int signal = signals.wait();
  started->reset();
  if (!flags.ready_file.empty()) std::remove(flags.ready_file.c_str());
  return 128 + signal;
}

}  // namespace

void add(CLI::App& app, Run& chosen) {
  auto flags = std::make_shared<SandboxFlags>();
  CLI::App* const verb =
      app.add_subcommand("sandbox", "Run the tutorial's cluster on this machine, loopback only");
  help::describe(*verb, {.usage = "junctionctl sandbox [OPTIONS]",
                         .examples = "# Says where everything is, and runs until Ctrl-C\n"
                                     "junctionctl sandbox\n"
                                     "# For scripts: all ports are free ones, and --ready-file names them\n"
                                     "junctionctl sandbox --port 0 --ready-file ready.sh"});
  junction::SandboxOptions& options = flags->options;
  verb->add_option("--replicas", options.replicas, "Replicas of wineinfo-recs to start with, up to 200")
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--distinct", flags->distinct, "Distinct queries within the window that a replica bears")
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--window", flags->window, "Seconds for which a replica remembers a query")
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--penalty", flags->penalty, "Seconds for which a replica fails after one query too many")
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--port,--front", options.front_port,
                   "Port of the shop's front on 127.0.0.1; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  verb->add_option("--api-port", options.api_port, "Port of the Kubernetes API on 127.0.0.1; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  verb->add_option("--pod-network", options.pod_network,
                   "Loopback network for the pods, as in 127.20.3; else a free one")
      ->type_name("127.A.B");
  verb->add_option("--kubeconfig-out", options.kubeconfig,
                   "Write the kubeconfig to this new file, not a temporary one")
      ->type_name("FILE");
  verb->add_option("--ready-file", flags->ready_file,
                   "Once up, write KUBECONFIG=... there, for scripts to source")
      ->type_name("FILE");
  for (const char* const name : {"--replicas", "--distinct", "--window", "--penalty", "--port", "--api-port",
                                 "--pod-network", "--kubeconfig-out", "--ready-file"})
    verb->get_option(name)->check(not_empty());
  verb->callback([flags, &chosen] { chosen = [flags](Io& io) { return run_sandbox(*flags, io); }; });
}

}  // namespace junctionctl::sandbox
