#include "edge/files/read_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "junction/documents.hpp"

namespace junction {
namespace {

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

Error cannot_read(const std::string& path, int error) {
  const ErrorKind kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return {kind, fmt::format("cannot read '{}': {}", path, std::strerror(error))};
}

Result<std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Close> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) return cannot_read(path, errno);
  std::string text;
  char block[65536];
  while (const std::size_t got = std::fread(block, 1, sizeof block, file.get())) text.append(block, got);
  if (std::ferror(file.get())) return cannot_read(path, errno);
  return text;
}

}  // namespace junction
