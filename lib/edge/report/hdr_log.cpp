#include "junction/report/hdr_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <ostream>
#include <stdexcept>

#include "junction/base64.hpp"

namespace junction::report {
namespace {

// The format: AbstractHistogram.encodeIntoByteBuffer and HistogramLogWriter of HdrHistogram 2.1 (Java).
constexpr std::uint32_t cookie = 0x1c849303 | 0x10;
constexpr std::uint32_t compressed_cookie = 0x1c849304 | 0x10;

void put_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

// A count; or, negative, how many buckets of count 0 follow each other. The ninth byte carries 8 bits.
void put_zig_zag(std::string& out, std::int64_t value) {
  auto bits = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  int bytes = 1;
  for (; bits >= 0x80 && bytes < 9; bits >>= 7, ++bytes) out += static_cast<char>(bits | 0x80);
  out += static_cast<char>(bits);
}

std::string encoded_counts(const Histogram& histogram) {
  std::string counts;
  std::uint32_t next = 0;
  for (const auto& bucket : histogram.buckets()) {
    const std::int64_t zeros = std::int64_t{bucket.index} - next;
    if (zeros == 1) put_zig_zag(counts, 0);
    if (zeros > 1) put_zig_zag(counts, -zeros);
    put_zig_zag(counts, static_cast<std::int64_t>(bucket.count));
    next = bucket.index + 1;
  }
  return counts;
}

std::string encoded(const Histogram& histogram) {
  const std::string counts = encoded_counts(histogram);
  std::string out;
  put_big_endian(out, cookie, 4);
  put_big_endian(out, counts.size(), 4);
  put_big_endian(out, 0, 4);  // normalizing index offset
  put_big_endian(out, histogram.precision() == Precision::two_digits ? 2 : 3, 4);
  put_big_endian(out, 1, 8);  // lowest discernible value
  // Readers size their counts by the highest trackable value, so it is no larger than it must be.
  const std::uint64_t highest = std::max<std::uint64_t>(static_cast<std::uint64_t>(histogram.max()), 2);
  put_big_endian(out, std::min<std::uint64_t>(std::bit_ceil(highest + 1), INT64_MAX), 8);
  put_big_endian(out, std::bit_cast<std::uint64_t>(1.0), 8);  // integer-to-double conversion ratio
  return out + counts;
}

std::string compressed(const std::string& plain) {
  uLongf size = compressBound(plain.size());
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                plain.size(), Z_DEFAULT_COMPRESSION) != Z_OK) {
    throw std::runtime_error("zlib could not compress a histogram");  // only for want of memory
  }
  out.resize(size);
  return out;
}

void write_line(std::ostream& out, const char* tag, double start, double length, const Histogram& histogram) {
  fmt::print(out, "{}{:.3f},{:.3f},{:.3f},{}\n", tag, start, length,
             static_cast<double>(histogram.max()) / 1e6, hdr_payload(histogram));
}

}  // namespace

std::string hdr_payload(const Histogram& histogram) {
  const std::string payload = compressed(encoded(histogram));
  std::string out;
  put_big_endian(out, compressed_cookie, 4);
  put_big_endian(out, payload.size(), 4);
  return base64_encode(out + payload);
}

void write_hdr_log(const RunReport& report, std::ostream& out) {
  const double started = static_cast<double>(report.started / 1'000'000) / 1e3;
  const double elapsed = static_cast<double>(report.elapsed) / 1e9;
  fmt::print(out, "#[Response times of {}; values in ns, written by junctionctl {}]\n", report.plan.url,
             report.version);
  fmt::print(out, "#[Histogram log format version 1.3]\n");
  fmt::print(out, "#[StartTime: {:.3f} (seconds since epoch), {:%Y-%m-%dT%H:%M:%SZ}]\n", started,
             fmt::gmtime(static_cast<std::time_t>(report.started / 1'000'000'000)));
  fmt::print(out,
             "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");
  const double width = static_cast<double>(report.tally.series.width()) / 1e9;
  double start = 0;
  for (const TimeSlot& slot : report.tally.series.slots()) {
    write_line(out, "", start, std::clamp(elapsed - start, 0.001, width), slot.response);
    start += width;
  }
  write_line(out, "Tag=service,", 0, elapsed, report.tally.service);
  write_line(out, "Tag=lateness,", 0, elapsed, report.tally.lateness);
}

}  // namespace junction::report
