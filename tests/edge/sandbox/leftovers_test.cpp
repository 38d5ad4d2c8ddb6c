// What a killed sandbox leaves goes with the next one, and nothing else does.
#include "edge/sandbox/leftovers.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace junction::sandbox;
namespace fs = std::filesystem;

namespace {

/// A folder for the test's own use.
struct Root {
  Root() {
    std::string name = (fs::temp_directory_path() / "sweep-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Root() { fs::remove_all(path); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  /// A directory as a sandbox leaves it, with a kubeconfig in it.
  fs::path leave(const std::string& name, const char* file = "kubeconfig",
                 fs::perms mode = fs::perms::owner_all) const {
    fs::create_directory(path / name);
    std::ofstream(path / name / file) << "token: secret\n";
    fs::permissions(path / name, mode);
    return path / name;
  }

  fs::path path;
};

/// A number that no process has: one that has just ended, and been waited for.
pid_t dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_CASE("what a dead sandbox left is swept away") {
  const Root root;
  const fs::path left = root.leave(fmt::format("junctionctl-sandbox-{}-abcdef", dead_process()));
  CHECK(sweep_leftovers(root.path) == 1);
  CHECK(!fs::exists(left));
}

TEST_CASE("nothing else is touched") {
  const Root root;
  const std::string dead = std::to_string(dead_process());
  const fs::path kept[] = {
      root.leave("junctionctl-sandbox-abcdef"),
      root.leave("junctionctl-sandbox-" + dead),
      root.leave("junctionctl-sandbox-" + dead + "-abc"),
      root.leave("junctionctl-sandbox--1-abcdef"),
      root.leave("another-" + dead + "-abcdef"),
      root.leave(fmt::format("junctionctl-sandbox-{}-abcdef", ::getpid())),  // lives
      root.leave("junctionctl-sandbox-" + dead + "-others", "kubeconfig",
                 fs::perms::owner_all | fs::perms::group_all),
  };
  const fs::path target = root.leave("target");
  fs::create_directory_symlink(target, root.path / ("junctionctl-sandbox-" + dead + "-linked"));
  std::ofstream(root.path / ("junctionctl-sandbox-" + dead + "-afile1")) << "no directory";
  CHECK(sweep_leftovers(root.path) == 0);
  for (const fs::path& path : kept) CHECK(fs::exists(path / "kubeconfig"));
  CHECK(fs::exists(target / "kubeconfig"));
  CHECK(sweep_leftovers(root.path / "nowhere") == 0);
}

TEST_CASE("a link in the place of the kubeconfig is removed, not what it leads to") {
  const Root root;
  std::ofstream(root.path / "precious") << "x";
  const fs::path left = root.path / fmt::format("junctionctl-sandbox-{}-abcdef", dead_process());
  fs::create_directory(left);
  fs::permissions(left, fs::perms::owner_all);
  fs::create_symlink(root.path / "precious", left / "kubeconfig");
  CHECK(sweep_leftovers(root.path) == 1);
  CHECK(fs::exists(root.path / "precious"));
}

TEST_CASE("files that no sandbox makes stay, and their directory with them") {
  const Root root;
  const fs::path left = root.leave(fmt::format("junctionctl-sandbox-{}-abcdef", dead_process()), "diary");
  CHECK(sweep_leftovers(root.path) == 0);
  CHECK(fs::exists(left / "diary"));
}

TEST_CASE("a work directory is locked as long as it is used, whatever its name says") {
  const Root root;
  std::string path;
  {
    const auto made = WorkDirectory::create(root.path);
    REQUIRE(made.ok());
    const std::string renamed = root.path / fmt::format("junctionctl-sandbox-{}-abcdef", dead_process());
    fs::rename(made->path(), renamed);
    CHECK(sweep_leftovers(root.path) == 0);
    CHECK(fs::exists(renamed));
    fs::rename(renamed, made->path());
    path = made->path();
  }
  CHECK(!fs::exists(path));
}
