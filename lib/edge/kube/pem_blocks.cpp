#include "edge/kube/pem_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "junction/ascii.hpp"
#include "junction/base64.hpp"

namespace junction::kube {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// RFC 1421 headers stand before the base64, which has no colon.
bool take_headers(std::string_view& body) {
  bool encrypted = false;
  for (std::string_view rest = body; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.find(':') == std::string_view::npos && !trim(line, " \t\r").empty()) break;
    encrypted = encrypted || line.find("ENCRYPTED") != std::string_view::npos;
    body = rest;
  }
  return encrypted;
}

PemBlock read_block(std::string_view label, std::string_view body, bool ended) {
  PemBlock block{.label = std::string(label), .bytes = {}, .broken = {}};
  block.encrypted = take_headers(body);
  if (!ended) {
    block.broken = "has no END line of its own";
  } else if (auto bytes = base64_decode(body); !bytes) {
    block.broken = "is not base64";
  } else if (bytes->empty()) {
    block.broken = "is empty";
  } else {
    block.bytes = std::move(*bytes);
  }
  return block;
}

}  // namespace

bool PemBlock::is_certificate() const {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

bool PemBlock::is_key() const {
  return label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY");
}

std::vector<PemBlock> split_pem(std::string_view text) {
  std::vector<PemBlock> blocks;
  std::size_t at = text.find(begin_mark);
  while (at != std::string_view::npos) {
    text.remove_prefix(at + begin_mark.size());
    const std::size_t label_end = text.find(dashes);
    if (label_end == std::string_view::npos) break;
    const std::string_view label = text.substr(0, label_end);
    at = text.find(begin_mark, label_end + dashes.size());
    if (label.find('\n') != std::string_view::npos) continue;  // no BEGIN line after all
    const std::string_view body = text.substr(label_end + dashes.size()).substr(0, at);
    const std::size_t end = body.find(end_mark);
    const bool ended = end != std::string_view::npos && body.substr(end + end_mark.size()).starts_with(label);
    blocks.push_back(read_block(label, body.substr(0, end), ended));
  }
  return blocks;
}

std::string write_pem(std::string_view label, std::string_view bytes) {
  constexpr std::size_t width = 64;
  const std::string digits = base64_encode(bytes);
  std::string text = fmt::format("{}{}{}\n", begin_mark, label, dashes);
  for (std::size_t i = 0; i < digits.size(); i += width) text.append(digits, i, width).append("\n");
  return text + fmt::format("{}{}{}\n", end_mark, label, dashes);
}

}  // namespace junction::kube
