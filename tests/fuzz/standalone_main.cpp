// Runs a libFuzzer target without libFuzzer, the same inputs each time: seeds from the target, mutated by a
// counter.
//   fuzz_NAME [ROUNDS] | fuzz_NAME FILE...       a FILE is run as it is
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "tests/fuzz/seeds.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string mutated(std::string text, std::mt19937& random) {
  const std::string marks = "%+&=?#\"\\/{}[]: \r\n\t\xff\xc3x0";
  for (std::uint32_t left = random() % 8; left != 0; --left) {
    const std::size_t at = text.empty() ? 0 : random() % text.size();
    switch (random() % 5) {
      case 0:
        text.insert(at, 1, marks[random() % marks.size()]);
        break;
      case 1:
        if (!text.empty()) text.erase(at, 1 + random() % 4);
        break;
      case 2:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
      case 3:
        text.insert(at, text.substr(at, random() % 40));
        break;
      default:
        text += junction_fuzz::seeds[random() % std::size(junction_fuzz::seeds)];
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100000;
  if (argc > 1 && rounds == 0) {
    for (int i = 1; i < argc; ++i) {
      std::ifstream file(argv[i], std::ios::binary);
      run({std::istreambuf_iterator<char>(file), {}});
    }
    return 0;
  }
  std::mt19937 random(1);
  for (const char* seed : junction_fuzz::seeds) run(seed);
  for (long i = 0; i < rounds; ++i)
    run(mutated(junction_fuzz::seeds[random() % std::size(junction_fuzz::seeds)], random));
  std::printf("%ld inputs\n", rounds);
}
