#pragma once

#include <cstdint>
#include <string_view>

namespace junction {

/// Walks the fields of a log's line: words, "quoted texts" in which a backslash keeps the byte behind it, and
/// [texts in brackets]. A quote or bracket that no blank or end of the line follows is part of its field, as
/// logs are written that escape nothing.
class LogFields {
 public:
  enum class Kind : std::uint8_t { word, quoted, bracketed };

  explicit LogFields(std::string_view line) : rest_(line) {}

  /// False at the end.
  bool next();

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_quoted() const { return kind_ == Kind::quoted; }
  [[nodiscard]] bool is_bracketed() const { return kind_ == Kind::bracketed; }
  [[nodiscard]] bool is_word() const { return kind_ == Kind::word; }
  [[nodiscard]] std::string_view text() const { return text_; }  ///< without quotes or brackets
  [[nodiscard]] std::string_view rest() const { return rest_; }  ///< of the line, behind the field

 private:
  [[nodiscard]] std::size_t closing_quote() const;
  [[nodiscard]] std::size_t closing_bracket() const;

  std::string_view rest_, text_;
  Kind kind_ = Kind::word;
};

}  // namespace junction
