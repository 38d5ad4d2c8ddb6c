#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edge/files/byte_source.hpp"
#include "junction/result.hpp"

namespace junction {

/// How much of a file's beginning decides how it is read.
inline constexpr std::size_t text_beginning = std::size_t{64} * 1024;

/// Where the text begins of a file that needs no decoding, going by its beginning: behind its byte order
/// mark, if it has one. Nothing: it is read through text_of().
std::optional<std::size_t> plain_text_at(std::string_view beginning);

/// The one door for text from outside, whatever it comes from: UTF-8 without a byte order mark. UTF-16 is
/// decoded, with a mark or without, and gzip is read. Fails on what is compressed by another program, naming
/// the way to read it; `path` is the name in messages, "-" for standard input.
Result<std::unique_ptr<ByteSource>> text_of(std::unique_ptr<ByteSource> bytes, const std::string& path);

}  // namespace junction
