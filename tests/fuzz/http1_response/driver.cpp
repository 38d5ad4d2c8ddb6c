// Throws mutated responses at the HTTP/1.1 parser. Whatever comes: no crash, no read beyond the end (build
// with the asan-ubsan preset), and the same reading in one piece as in any others, and from memory
// as from the bytes.
//
//   fuzz_http1_response [ROUNDS [SEED]]
//
// With clang, -fsanitize=fuzzer and -DLIBFUZZER it is a libFuzzer target instead.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "core/balance/split_mix.hpp"
#include "core/load/http1_response.hpp"

namespace {

using junction::Http1Response;

struct Reading {
  bool complete, failed, keep_alive;
  int status;
  std::size_t taken;
  friend bool operator==(const Reading&, const Reading&) = default;
};

Reading read(std::string_view bytes, std::uint64_t cuts, bool head, Http1Response::Memo& memo) {
  Http1Response response;
  response.start(head);
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    std::size_t size = bytes.size() - taken;
    if (cuts != 0) size = 1 + junction::split_mix(cuts + taken) % size;
    // In memory of its own, so that a read beyond the piece is one beyond the allocation.
    const std::unique_ptr<char[]> piece(new char[size]);
    bytes.copy(piece.get(), size, taken);
    const std::size_t used = response.feed({piece.get(), size}, memo);
    taken += used;
    if (used < size) break;
  }
  response.end_of_stream();
  const bool complete = response.complete();
  return {complete, response.failed(), response.keep_alive(), complete ? response.status() : 0,
          complete ? taken : 0};
}

void check(std::string_view bytes, std::uint64_t cuts) {
  Http1Response::Memo memo;
  for (const bool head : {false, true, false}) {
    Http1Response::Memo none;
    const Reading whole = read(bytes, 0, head, none);
    const bool alike = read(bytes, 0, head, memo) == whole && read(bytes, 0, head, memo) == whole &&
                       read(bytes, cuts | 1, head, memo) == whole;
    if (whole.complete == whole.failed || !alike) {
      std::fprintf(stderr, "differs in pieces (cuts %llu) or from memory: %.*s\n",
                   static_cast<unsigned long long>(cuts), static_cast<int>(bytes.size()), bytes.data());
      std::abort();
    }
  }
}

}  // namespace

#ifdef LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size}, junction::split_mix(size));
  return 0;
}
#else
namespace {

constexpr std::string_view seeds[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\r\nConnection: close, x\r\n\r\nuntil the end",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 7, 7\r\nX: a\r\n b\r\n\r\n",
};
constexpr std::string_view pieces[] = {"\r\n",
                                       "\r\n ",
                                       "\n",
                                       "\r",
                                       " ",
                                       "\t",
                                       ":",
                                       ",",
                                       "0",
                                       "ffffffffffffffff",
                                       "-1",
                                       "chunked",
                                       "Content-Length: 1\r\n",
                                       "Transfer-Encoding: chunked\r\n",
                                       "HTTP/1.1 ",
                                       "1",
                                       "\0"};

std::string mutated(std::uint64_t random) {
  std::string text(seeds[random % std::size(seeds)]);
  for (std::uint64_t left = 1 + (random >> 8) % 6; left > 0; --left) {
    random = junction::split_mix(random);
    const std::size_t at = random % (text.size() + 1);
    const std::string_view piece = pieces[(random >> 24) % std::size(pieces)];
    switch ((random >> 40) % 4) {
      case 0:
        text.insert(at, piece);
        break;
      case 1:
        text.erase(at, 1 + (random >> 48) % 8);
        break;
      case 2:
        text.replace(at, std::min(piece.size(), text.size() - at), piece);
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random >> 56);
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t rounds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  for (std::uint64_t i = 0; i < rounds; ++i)
    check(mutated(junction::split_mix(seed * 0x9e3779b9 + i)), i + 1);
  std::printf("%llu responses read alike in one piece, in many, and from memory\n",
              static_cast<unsigned long long>(rounds));
}
#endif
