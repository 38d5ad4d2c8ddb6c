#include "tools/output/write_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <thread>

namespace junctionctl {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone at the end.
struct Folder {
  Folder() {
    std::string name = fs::temp_directory_path() / "junctionctl-test-XXXXXX";
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string in(const char* name) const { return path / name; }
  [[nodiscard]] auto count() const { return std::distance(fs::directory_iterator(path), {}); }

  fs::path path;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As on a disk that is full: no file grows beyond `bytes`.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

}  // namespace

TEST_CASE("a file is there whole or not at all, with the mode of the one it replaces") {
  const Folder folder;
  const std::string path = folder.in("report");
  const auto write = [&](const std::string& text) {
    return write_file(path, [&](std::ostream& out) { out << text; });
  };
  REQUIRE(write("first").ok());
  CHECK(text_of(path) == "first");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  REQUIRE(write("second").ok());
  CHECK(text_of(path) == "second");
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(folder.count() == 1);
}

TEST_CASE("where the disk is full the old file stays, and nothing is left beside it") {
  const Folder folder;
  const std::string path = folder.in("report");
  std::ofstream(path) << "kept";
  const SmallFiles limit(4096);
  const auto written = write_file(path, [](std::ostream& out) { out << std::string(1 << 20, 'x'); });
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message == "could not write " + path + ": File too large");
  CHECK(text_of(path) == "kept");
  CHECK(folder.count() == 1);
}

TEST_CASE("a device that is full is a failure") {
  const auto written = write_file("/dev/full", [](std::ostream& out) { out << "text"; });
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message == "could not write /dev/full: No space left on device");
}

TEST_CASE("a descriptor that is open already goes on where it is, and its name is not replaced") {
  const Folder folder;
  const std::string path = folder.in("output");
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(::write(descriptor, "before ", 7) == 7);
  for (const char* place : {"/dev/fd/", "/proc/self/fd/"}) {
    const std::string name = place + std::to_string(descriptor);
    CHECK(check_writable(name).ok());
    CHECK(write_file(name, [](std::ostream& out) { out << "more "; }).ok());
  }
  CHECK(text_of(path) == "before more more ");
  CHECK(folder.count() == 1);
  ::close(descriptor);
  CHECK(check_writable("/dev/fd/" + std::to_string(descriptor))
            .error()
            .message.ends_with("Bad file descriptor"));
  CHECK(fs::is_symlink("/dev/stdout"));
}

TEST_CASE("a pipe is written to, not replaced") {
  const Folder folder;
  const std::string path = folder.in("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = text_of(path); });
  CHECK(write_file(path, [](std::ostream& out) { out << "through"; }).ok());
  reader.join();
  CHECK(read == "through");
  CHECK(fs::is_fifo(path));
}

TEST_CASE("a link is replaced, and what it led to stays") {
  const Folder folder;
  const std::string target = folder.in("target"), link = folder.in("link");
  std::ofstream(target) << "kept";
  fs::create_symlink(target, link);
  REQUIRE(write_file(link, [](std::ostream& out) { out << "new"; }).ok());
  CHECK(text_of(target) == "kept");
  CHECK(text_of(link) == "new");
  CHECK_FALSE(fs::is_symlink(link));
}

}  // namespace junctionctl
