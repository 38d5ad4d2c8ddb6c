#include "edge/sandbox/names.hpp"

#include <algorithm>

namespace junction::sandbox {
namespace {

bool lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool letter_or_digit(char c) {
  return lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

/// Begins and ends with a character of `outer`, and has `inner` between.
template <typename Outer, typename Inner>
bool shaped(std::string_view text, Outer outer, Inner inner) {
  return !text.empty() && outer(text.front()) && outer(text.back()) &&
         std::all_of(text.begin(), text.end(), inner);
}

bool is_label(std::string_view text) {
  return shaped(text, lower_or_digit, [](char c) { return lower_or_digit(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_name_part(std::string_view text) {
  return shaped(text, letter_or_digit,
                [](char c) { return letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
}

constexpr const char* label_length = "must be no more than 63 characters";

}  // namespace

std::string dns_1035_label_fault(std::string_view name) {
  if (name.size() > 63) return label_length;
  if (is_label(name) && name.front() >= 'a') return {};
  return "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
         "alphabetic "
         "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
         "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
}

std::string dns_1123_label_fault(std::string_view name) {
  if (name.size() > 63) return label_length;
  if (is_label(name)) return {};
  return "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
         "start "
         "and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
         "is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
}

std::string dns_subdomain_fault(std::string_view name) {
  if (name.size() > 253) return "must be no more than 253 characters";
  if (is_subdomain(name)) return {};
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
         "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation "
         "is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
}

std::string qualified_name_fault(std::string_view key) {
  constexpr std::string_view shape =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
      "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
      "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  const auto slash = key.find('/');
  const std::string_view name = slash == std::string_view::npos ? key : key.substr(slash + 1);
  if (name.find('/') != std::string_view::npos)
    return "a qualified name " + std::string(shape) +
           " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
  if (slash == 0) return "prefix part must be non-empty";
  if (slash != std::string_view::npos)
    if (const std::string fault = dns_subdomain_fault(key.substr(0, slash)); !fault.empty())
      return "prefix part " + fault;
  if (name.empty()) return "name part must be non-empty";
  if (name.size() > 63) return "name part must be no more than 63 characters";
  return is_name_part(name) ? "" : "name part " + std::string(shape);
}

std::string label_value_fault(std::string_view value) {
  if (value.size() > 63) return label_length;
  if (value.empty() || is_name_part(value)) return {};
  return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
         "must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
         "regex "
         "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
}

std::string port_name_fault(std::string_view name) {
  if (name.size() > 15) return "must be no more than 15 characters";
  if (name.empty() ||
      !std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-'; }))
    return "must contain only alphanumeric characters (a-z, 0-9), and hyphens (-)";
  if (std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
    return "must contain at least one letter (a-z)";
  if (name.find("--") != std::string_view::npos) return "must not contain consecutive hyphens";
  return name.front() == '-' || name.back() == '-' ? "must not begin or end with a hyphen" : "";
}

}  // namespace junction::sandbox
