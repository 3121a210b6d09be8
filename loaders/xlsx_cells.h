// What the cells of a workbook hold: its styles, its shared texts, and how a stored number reads as text.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loaders/xlsx_archive.h"

namespace semak {

// True if a number format shows a day or a year ("dd/mm/yyyy", "[$-43E]d mmm yyyy"), not just a time or a colour.
bool is_date_format(std::string_view format_code);
// True for the numbered formats every workbook has without defining them.
bool is_builtin_date_format(int format_id);
// Days of a workbook's calendar as ISO 8601; the stored text itself if it is no day between 1900 and 9999.
std::string serial_date_text(std::string_view stored, bool from_1904);
// A stored number with all of its (at most 15) digits, without exponent where that is possible.
std::string number_text(std::string_view stored);
// Undoes Excel's own escapes in texts: "_x000D_" is a carriage return.
std::string unescape_text(std::string text);

// styles.xml: which styles of cells show dates.
class StylesHandler final : public XmlHandler {
 public:
  void open(std::string_view element, XmlAttributes attributes) override;
  void close(std::string_view element) override;
  void text(std::string_view) override {}
  bool is_date(std::size_t style) const { return style < dates_.size() && dates_[style]; }

 private:
  std::map<int, bool> formats_;  // defined by the workbook: number -> shows a date
  std::vector<bool> dates_;      // by style
  bool in_cell_styles_ = false;
};

// sharedStrings.xml
class SharedTextsHandler final : public XmlHandler {
 public:
  explicit SharedTextsHandler(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}
  void open(std::string_view element, XmlAttributes attributes) override;
  void close(std::string_view element) override;
  void text(std::string_view piece) override;
  std::size_t size() const { return ends_.size(); }
  // REQUIRES: index < size()
  std::string_view operator[](std::size_t index) const;

 private:
  std::uint64_t bytes_max_;
  std::string texts_;
  std::vector<std::uint64_t> ends_;
  bool in_text_ = false;
  bool in_phonetic_ = false;
};

}  // namespace semak
