#include <fmt/format.h>

#include <cmath>

#include "junction/ascii.hpp"
#include "junction/text_file.hpp"
#include "junction/try.hpp"
#include "tools/generate/options.hpp"

namespace junctionctl::generate {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using junction::usage_error;

Result<Values> split_list(const std::string& list) {
  Values values;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    values.names.push_back(list.substr(begin, end - begin));
    if (values.names.back().empty())
      return usage_error(fmt::format("--vals '{}': value {} is empty", list, values.names.size()));
    begin = end + 1;
  }
  return values;
}

// "value" or "value<TAB>weight".
Result<void> add_line(std::string_view line, const std::string& where, Values& values) {
  if (line.find('\0') != std::string_view::npos)
    return Error{ErrorKind::invalid, where + ": the line has a NUL byte; a list of values is text"};
  const std::size_t tab = line.find('\t');
  const std::string_view name = line.substr(0, tab);
  if (name.empty()) return Error{ErrorKind::invalid, where + ": the value is empty"};
  const bool weighted = tab != std::string_view::npos;
  if (!values.names.empty() && weighted == values.weights.empty())
    return Error{ErrorKind::invalid, where + ": give every value a weight, or none"};
  values.names.emplace_back(name);
  if (!weighted) return {};
  const std::string_view text = line.substr(tab + 1);
  const auto weight = junction::decimal_number(text);
  if (!weight || *weight < 0)
    return Error{ErrorKind::invalid,
                 fmt::format("{}: the weight '{}' is not a number from 0 upwards", where, text)};
  values.weights.push_back(*weight);
  return {};
}

Result<Values> read_lines(const std::string& path) {
  JUNCTION_TRY_ASSIGN(const std::string text, junction::read_text(path));
  Values values;
  junction::TextLines lines(text, path);
  for (std::string_view line; lines.next(line);) JUNCTION_TRY(add_line(line, lines.place(), values));
  JUNCTION_TRY(lines.result());
  if (values.names.empty())
    return Error{ErrorKind::invalid, fmt::format("{}: there is no value in it", path)};
  return values;
}

// The URL with the value in each place that {} marks, or at its end.
std::string with_value(std::string_view url, std::string_view value) {
  constexpr std::string_view mark = "{}";
  std::string whole;
  bool placed = false;
  for (std::size_t at = 0; (at = url.find(mark)) != url.npos; url.remove_prefix(at + mark.size())) {
    whole.append(url.substr(0, at)).append(value);
    placed = true;
  }
  whole.append(url);
  return placed ? whole : whole.append(value);
}

}  // namespace

Result<Values> read_values(const GenerateOptions& options) {
  if (options.vals_file.empty()) return split_list(options.vals);
  if (options.vals_given) return usage_error("--vals and --vals-file both name the values; give one of them");
  return read_lines(options.vals_file);
}

Result<std::vector<junction::Url>> value_urls(const std::string& url,
                                              const std::vector<std::string>& values) {
  // What the URL is without a value is checked first: the message then shows what was typed.
  const auto bare = junction::Url::parse(with_value(url, ""));
  if (!bare) return bare.error();
  std::vector<junction::Url> urls;
  urls.reserve(values.size());
  for (const std::string& value : values) {
    auto parsed = junction::Url::parse(with_value(url, junction::percent_encode(value)));
    if (!parsed || parsed->authority() != bare->authority())
      return usage_error(fmt::format(
          "'{}' has no path for the values to go into; end it with '/', or write {{}} where they go", url));
    urls.push_back(*std::move(parsed));
  }
  return urls;
}

}  // namespace junctionctl::generate
