#include <yaml.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "core/text/utf8.hpp"
#include "junction/documents.hpp"
#include "junction/printable.hpp"

namespace junction {
namespace {

// What YAML 1.1 or 1.2, kubectl's reader included, takes for a null, a boolean or a number without digits.
constexpr std::string_view words[] = {
    "",      "~",     "null",  "Null",  "NULL",  "true",  "True", "TRUE", "false", "False", "FALSE",
    "yes",   "Yes",   "YES",   "no",    "No",    "NO",    "on",   "On",   "ON",    "off",   "Off",
    "OFF",   "y",     "Y",     "n",     "N",     ".nan",  ".NaN", ".NAN", ".inf",  ".Inf",  ".INF",
    "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", "<<",   "="};

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

// Integers of all bases and with underscores, decimals with exponents, and YAML 1.1's sexagesimals such as
// 1:30.
bool reads_as_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !only(text.substr(0, 1), "0123456789.")) return false;
  for (const std::string_view base : {"0x", "0X", "0o", "0b"})
    if (text.starts_with(base)) return only(text.substr(2), "0123456789abcdefABCDEF_");
  if (only(text, "0123456789_")) return true;
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos)
    return only(text.substr(0, colon), "0123456789_:") && only(text.substr(colon + 1), "0123456789_.");
  std::string digits(text);
  std::erase(digits, '_');
  double value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error != std::errc::invalid_argument && stop == digits.data() + digits.size();
}

bool reads_as_time(std::string_view text) {
  return text.size() > 5 && only(text.substr(0, 4), "0123456789") && text[4] == '-' &&
         text.find('-', 5) != std::string_view::npos && only(text, "0123456789-:TtZz.+ ");
}

yaml_scalar_style_t style_of(std::string_view text) {
  // What printable() makes of a character means that character in double quotes only.
  if (printable(text, Lines::kept) != text) return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  if (text.find('\n') != std::string_view::npos) return YAML_LITERAL_SCALAR_STYLE;
  const bool other = std::find(std::begin(words), std::end(words), text) != std::end(words) ||
                     reads_as_number(text) || reads_as_time(text);
  return other ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

/// Writes by libyaml's emitter, which quotes what a plain scalar cannot hold.
class Writer {
 public:
  Writer() {
    yaml_emitter_initialize(&emitter_);
    yaml_emitter_set_output(&emitter_, &Writer::append, &text_);
    yaml_emitter_set_unicode(&emitter_, 1);
  }
  ~Writer() { yaml_emitter_delete(&emitter_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  template <typename Json>
  std::string document(const Json& value) {
    emit(yaml_stream_start_event_initialize, YAML_UTF8_ENCODING);
    emit(yaml_document_start_event_initialize, nullptr, nullptr, nullptr, 1);
    write(value);
    emit(yaml_document_end_event_initialize, 1);
    emit(yaml_stream_end_event_initialize);
    return std::move(text_);
  }

 private:
  template <typename Initialize, typename... Arguments>
  void emit(Initialize initialize, Arguments... arguments) {
    yaml_event_t event;
    if (initialize(&event, arguments...)) yaml_emitter_emit(&emitter_, &event);
  }

  template <typename Json>
  void write(const Json& value) {
    if (value.is_object()) {
      emit(yaml_mapping_start_event_initialize, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE);
      for (const auto& item : value.items()) {
        scalar(item.key(), style_of(item.key()));
        write(item.value());
      }
      emit(yaml_mapping_end_event_initialize);
    } else if (value.is_array()) {
      emit(yaml_sequence_start_event_initialize, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE);
      for (const auto& item : value) write(item);
      emit(yaml_sequence_end_event_initialize);
    } else if (value.is_string()) {
      const auto& text = value.template get_ref<const std::string&>();
      scalar(is_utf8(text) ? text : utf8_lossy(text), style_of(text));
    } else {
      scalar(value.dump(), YAML_PLAIN_SCALAR_STYLE);
    }
  }

  void scalar(const std::string& text, yaml_scalar_style_t style) {
    emit(yaml_scalar_event_initialize, nullptr, nullptr, reinterpret_cast<const yaml_char_t*>(text.data()),
         static_cast<int>(text.size()), 1, 1, style);
  }

  static int append(void* text, unsigned char* bytes, std::size_t size) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
    return 1;
  }

  yaml_emitter_t emitter_{};
  std::string text_;
};

}  // namespace

std::string to_yaml(const nlohmann::json& value) {
  return Writer().document(value);
}
std::string to_yaml(const nlohmann::ordered_json& value) {
  return Writer().document(value);
}

}  // namespace junction
