#include "loaders/row_builder.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <utility>

#include "normalize/date_parser.h"
#include "normalize/identity_number.h"

namespace semak {
namespace {

// Before it, a date of birth is a typing error: no one alive or on a register is that old.
constexpr int kBirthYearMin = 1850;

constexpr std::string_view kUnknownMarkers[] = {
    "na", "nil", "null", "none", "tiada", "unknown", "tidakdiketahui", "tiadamaklumat", "tidakada", "td"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
  });
}

// Blanks that are not ASCII: no-break space, zero-width space, ideographic space, byte order mark.
constexpr std::string_view kWideBlanks[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xE3\x80\x80", "\xEF\xBB\xBF"};

bool drop_front_blank(std::string_view& text) {
  if (text.empty()) return false;
  if (static_cast<unsigned char>(text.front()) <= ' ') return text.remove_prefix(1), true;
  for (const std::string_view blank : kWideBlanks)
    if (text.substr(0, blank.size()) == blank) return text.remove_prefix(blank.size()), true;
  return false;
}

bool drop_back_blank(std::string_view& text) {
  if (text.empty()) return false;
  if (static_cast<unsigned char>(text.back()) <= ' ') return text.remove_suffix(1), true;
  for (const std::string_view blank : kWideBlanks)
    if (text.size() >= blank.size() && text.substr(text.size() - blank.size()) == blank)
      return text.remove_suffix(blank.size()), true;
  return false;
}

bool is_plain(char c) { return c > ' ' && static_cast<unsigned char>(c) < 0x80; }

// The form most files write; nullopt: look closer.
std::optional<PartialDate> read_iso_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (const int i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (!is_digit(text[static_cast<std::size_t>(i)])) return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const PartialDate date{static_cast<std::int16_t>(two(0) * 100 + two(2)), static_cast<std::uint8_t>(two(5)),
                         static_cast<std::uint8_t>(two(8))};
  if (date.month == 0 || date.day == 0 || !exists(date)) return std::nullopt;
  return date;
}

struct Scientific {
  std::string_view whole, fraction;
  int exponent = 0;
};

// "8.70418E+11", as spreadsheets write long numbers; a comma may stand for the point.
std::optional<Scientific> read_scientific(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0 || e + 1 == text.size()) return std::nullopt;
  Scientific number;
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find_first_of(".,");
  number.whole = mantissa.substr(0, point);
  if (point != std::string_view::npos) number.fraction = mantissa.substr(point + 1);
  std::string_view exponent = text.substr(e + 1);
  const bool signed_exponent = exponent.front() == '+';
  if (signed_exponent) exponent.remove_prefix(1);
  // Without a sign or a point "4E12" may be a number of its own (a passport, a case).
  if (!signed_exponent && point == std::string_view::npos) return std::nullopt;
  if (number.whole.size() != 1 || exponent.empty() || exponent.size() > 2 || !all_digits(number.whole) ||
      !all_digits(number.fraction) || !all_digits(exponent))
    return std::nullopt;
  for (const char c : exponent) number.exponent = number.exponent * 10 + (c - '0');
  return number;
}

int this_year() {
  const std::time_t now = std::time(nullptr);
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  return fields.tm_year + 1900;
}

std::optional<bool> read_yes_no(std::string_view text) {
  constexpr std::string_view kYes[] = {"y", "yes", "ya", "true", "t", "1", "betul", "ada"};
  constexpr std::string_view kNo[] = {"n", "no", "tidak", "false", "f", "0", "bukan", "tiada"};
  const std::string key = fold_key(text);
  if (std::find(std::begin(kYes), std::end(kYes), key) != std::end(kYes)) return true;
  if (std::find(std::begin(kNo), std::end(kNo), key) != std::end(kNo)) return false;
  return std::nullopt;
}

// A cell's own text in a message, cut so that a message stays a line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kMax = 40;
  std::string shown(text.substr(0, kMax));
  while (text.size() > kMax && !shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0) == 0x80)
    shown.pop_back();
  std::replace(shown.begin(), shown.end(), '\n', ' ');
  std::replace(shown.begin(), shown.end(), '\r', ' ');
  return "\"" + shown + (text.size() > kMax ? "...\"" : "\"");
}

}  // namespace

bool is_unknown_marker(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() > 20) return false;
  if (text.find_first_not_of("-?. *_/") == std::string_view::npos) return true;
  if (is_digit(text.front())) return false;
  const std::string key = fold_key(text);
  return std::find(std::begin(kUnknownMarkers), std::end(kUnknownMarkers), key) != std::end(kUnknownMarkers);
}

std::optional<NumberKind> find_number_kind(std::string_view name) {
  constexpr std::pair<std::string_view, NumberKind> kKinds[] = {
      {"mykad", NumberKind::mykad},
      {"ic", NumberKind::mykad},
      {"nric", NumberKind::mykad},
      {"kp", NumberKind::mykad},
      {"mykid", NumberKind::mykad},
      {"mypr", NumberKind::mykad},
      {"oldic", NumberKind::old_ic},
      {"kplama", NumberKind::old_ic},
      {"passport", NumberKind::passport},
      {"pasport", NumberKind::passport},
      {"army", NumberKind::army},
      {"tentera", NumberKind::army},
      {"police", NumberKind::police},
      {"polis", NumberKind::police},
      {"unhcr", NumberKind::unhcr},
      {"birthcertificate", NumberKind::birth_certificate},
      {"sijillahir", NumberKind::birth_certificate},
      {"other", NumberKind::other},
      {"lain", NumberKind::other},
      {"unknown", NumberKind::unknown},
  };
  const std::string key = fold_key(name);
  for (const auto& [spelling, kind] : kKinds)
    if (spelling == key) return kind;
  return std::nullopt;
}

RowBuilder::RowBuilder(const SourceOptions& options)
    : kind_(options.kind), reference_year_(options.reference_year != 0 ? options.reference_year : this_year()) {}

void RowBuilder::begin(SourceRow& row, std::uint64_t line) {
  row_ = &row;
  row.line = line;
  birth_year_ = {};
  named_ = false;
  defect_.reset();
}

std::vector<TypedName>& RowBuilder::names() {
  return kind_ == RowKind::record ? row_->record.names : row_->subject.names;
}

std::vector<TypedNumber>& RowBuilder::numbers() {
  return kind_ == RowKind::record ? row_->record.numbers : row_->subject.numbers;
}

void RowBuilder::refuse(const ColumnTarget& target, std::string reason, std::string cure) {
  if (!defect_) defect_ = CellDefect{target.field, std::move(reason), std::move(cure)};
}

void RowBuilder::leave_out(const ColumnTarget& target, const std::string& reason) {
  ++repairs_[left_out];
  if (!row_->unread.empty()) row_->unread += "; ";
  row_->unread += target.field + ": " + reason;
}

std::string_view RowBuilder::trim(std::string_view text) {
  if (text.empty() || (is_plain(text.front()) && is_plain(text.back()))) return text;
  const std::size_t before = text.size();
  while (drop_front_blank(text)) {
  }
  while (drop_back_blank(text)) {
  }
  if (text.size() != before) ++repairs_[trimmed];
  return text;
}

void RowBuilder::put(const ColumnTarget& target, std::string_view text) {
  if (!target.kept) return;
  text = trim(text);
  if (target.rule && !target.rule->values.empty()) {
    if (const auto meant = target.rule->values.find(text); meant != target.rule->values.end()) text = meant->second;
  }
  if (text.empty()) return;
  if (target.column == nullptr) return keep_field(target, text);
  switch (target.column->role) {
    case ColumnRole::ignored:
    case ColumnRole::row_as_json: return;
    case ColumnRole::id: row_->id = text; return;
    case ColumnRole::name:
      if (target.name_part >= 0) {
        name_parts_[static_cast<std::size_t>(target.name_part)] = text;
        in_parts_ = true;
        return;
      }
      return put_name(target.column->name_type, text, target);
    case ColumnRole::aliases:
    case ColumnRole::numbers: return put_list(target, text);
    case ColumnRole::number: return put_number(target.column->number_kind, text, target);
    case ColumnRole::dob: return put_dob(target, text);
    case ColumnRole::birth_year: return put_birth_year(target, text);
    case ColumnRole::sex: return put_sex(target, text);
    case ColumnRole::nationality:
      if (!is_unknown_marker(text)) row_->record.nationality = text;
      return;
    case ColumnRole::state:
      if (!is_unknown_marker(text)) (kind_ == RowKind::record ? row_->record.state : row_->subject.state) = text;
      return;
    case ColumnRole::purpose: row_->subject.purpose = text; return;
    case ColumnRole::reference: row_->subject.reference = text; return;
    case ColumnRole::consent:
    case ColumnRole::field: return put_field(target, text);
  }
}

void RowBuilder::put_name(NameType type, std::string_view text, const ColumnTarget& target) {
  if (is_unknown_marker(text)) return;
  if (!has_letter(text)) return refuse(target, "no letter in the name " + quoted(text), "give the name as on the card");
  std::vector<TypedName>& all = names();
  if (type != NameType::registered) {
    all.push_back({type, std::string(text)});
  } else {  // always the first, whatever the order of the columns
    all.insert(named_ ? all.begin() + 1 : all.begin(), {type, std::string(text)});
    named_ = true;
  }
}

void RowBuilder::put_list(const ColumnTarget& target, std::string_view text) {
  const char separator = target.rule ? target.rule->list_separator : '|';
  while (true) {
    const std::size_t end = text.find(separator);
    const std::string_view item = trim(text.substr(0, end));
    if (!item.empty()) {
      if (target.column->role == ColumnRole::aliases)
        put_name(target.column->name_type, item, target);
      else
        put_listed_number(target, item);
    }
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// "passport:A12345678" or a number by itself.
void RowBuilder::put_listed_number(const ColumnTarget& target, std::string_view text) {
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    if (const auto kind = find_number_kind(text.substr(0, colon)))
      return put_number(*kind, trim(text.substr(colon + 1)), target);
  }
  put_number(NumberKind::unknown, text, target);
}

void RowBuilder::put_number(NumberKind kind, std::string_view text, const ColumnTarget& target) {
  put_number(TypedNumber{kind, std::string(text), {}, {}, {}}, target);
}

// Keeps the number as written, but for what spreadsheets do to numbers: ="...", '..., .0, and 8.7E+11 where all
// digits are still there.
void RowBuilder::put_number(TypedNumber number, const ColumnTarget& target) {
  std::string_view text = number.text;
  if (text.size() == 12 && all_digits(text)) {
    numbers().push_back(std::move(number));
    return;
  }
  if (is_unknown_marker(text)) return;
  const std::string_view given = text;
  if (text.size() > 3 && text.substr(0, 2) == "=\"" && text.back() == '"') text = text.substr(2, text.size() - 3);
  if (text.size() > 1 && text.front() == '\'') text.remove_prefix(1);
  if (text.size() != given.size()) ++repairs_[text_marks_dropped];
  if (text.size() > 8 && text.substr(text.size() - 2) == ".0" && all_digits(text.substr(0, text.size() - 2))) {
    text.remove_suffix(2);
    ++repairs_[decimals_dropped];
  }
  if (const auto scientific = read_scientific(text)) {
    if (scientific->fraction.size() < static_cast<std::size_t>(scientific->exponent)) {
      if (kind_ == RowKind::subject) return leave_out(target, "digits of the number were lost: " + quoted(given));
      return refuse(target, "digits of the number were lost: " + quoted(given),
                    "format the column as text in the spreadsheet and type the number again");
    }
    digits_ = fmt::format("{}{}", scientific->whole, scientific->fraction.substr(0, scientific->exponent));
    text = digits_;
    ++repairs_[exponents_expanded];
  }
  if (number.kind == NumberKind::unknown && text.size() >= 9 && text.size() <= 11 && all_digits(text)) {
    const auto read = parse_identity_numbers(text, NumberKind::mykad, reference_year_);
    if (read.size() == 1 && has(read[0].flags, NumberFlag::leading_zeros_restored) &&
        !has(read[0].flags, NumberFlag::impossible_date)) {
      number.kind = NumberKind::mykad;
      ++repairs_[zeros_restored];
    }
  }
  if (text.size() != number.text.size() || text.data() == digits_.data()) number.text = std::string(text);
  numbers().push_back(std::move(number));
}

std::optional<PartialDate> RowBuilder::date_of(const ColumnTarget& target, std::string_view text) const {
  if (target.rule && target.rule->date_format) {
    if (const auto date = target.rule->date_format->read(text, reference_year_)) return date;
    return is_unknown_marker(text) ? std::optional(PartialDate{}) : std::nullopt;
  }
  if (const auto date = read_iso_day(text)) return date;
  return parse_date(text);
}

void RowBuilder::put_dob(const ColumnTarget& target, std::string_view text) {
  const auto date = date_of(target, text);
  if (!date)
    return refuse(target, quoted(text) + " is no date that exists",
                  target.rule && target.rule->date_format ? "write it as " + target.rule->date_format->pattern()
                                                          : "write YYYY-MM-DD, DD/MM/YYYY or just the year");
  if (date->known() && (date->year > reference_year_ || date->year < kBirthYearMin))
    return refuse(target, fmt::format("nobody here is born in {}", date->year),
                  "give the year in four digits of the common era, or leave the cell empty");
  (kind_ == RowKind::record ? row_->record.dob : row_->subject.dob) = *date;
}

void RowBuilder::put_birth_year(const ColumnTarget& target, std::string_view text) {
  if (text.size() == 6 && text.substr(4) == ".0") text.remove_suffix(2);
  if (is_unknown_marker(text) || text == "0") return;
  int year = 0;
  if (text.size() == 4 && all_digits(text)) year = std::stoi(std::string(text));
  if (year < kBirthYearMin || year > reference_year_)
    return refuse(target, quoted(text) + " is no year of birth", "give the year in four digits");
  birth_year_.year = static_cast<std::int16_t>(year);
}

void RowBuilder::put_sex(const ColumnTarget& target, std::string_view text) {
  Sex read = Sex::unknown;
  if (text == "M") {
    read = Sex::male;
  } else if (text == "F") {
    read = Sex::female;
  } else if (!is_unknown_marker(text)) {
    const auto parsed = parse_sex(text);
    if (!parsed) return refuse(target, quoted(text) + " is no known sex", "write L or P, M or F, or leave it empty");
    read = *parsed;
  }
  (kind_ == RowKind::record ? row_->record.sex : row_->subject.sex) = read;
}

void RowBuilder::keep_field(const ColumnTarget& target, std::string_view text) {
  if (kind_ == RowKind::record) row_->record.fields.emplace_back(target.field, text);
}

void RowBuilder::put_field(const ColumnTarget& target, std::string_view text) {
  switch (target.column->type) {
    case FieldType::text:
      if (target.column->role != ColumnRole::consent) return keep_field(target, text);
      [[fallthrough]];
    case FieldType::yes_no:
    case FieldType::yes_no_date: {
      const auto yes = read_yes_no(text);
      if (!yes && is_unknown_marker(text)) return;
      const bool dated = target.column->type == FieldType::yes_no_date;
      if (const auto date = dated && !yes ? date_of(target, text) : std::nullopt; date && date->known())
        return keep_field(target, to_string(*date));
      if (!yes)
        return refuse(target, quoted(text) + (dated ? " is neither yes nor no nor a date" : " is neither yes nor no"),
                      dated ? "write yes or no (ya, tidak) or the date, YYYY-MM-DD" : "write yes or no (ya, tidak)");
      if (target.column->role == ColumnRole::consent)
        row_->subject.consent = *yes;
      else
        keep_field(target, *yes ? "yes" : "no");
      return;
    }
    case FieldType::date: {
      const auto date = date_of(target, text);
      if (!date) return refuse(target, quoted(text) + " is no date that exists", "write YYYY-MM-DD or DD/MM/YYYY");
      if (date->known()) keep_field(target, to_string(*date));
      return;
    }
    case FieldType::choice: {
      const std::string_view value = find_choice(target.column->name, text);
      if (!value.empty()) return keep_field(target, value);
      if (is_unknown_marker(text)) return;
      return refuse(target, quoted(text) + " is no known " + std::string(target.column->name),
                    "write one of " + list_choices(target.column->name));
    }
  }
}

// Parts of one name, in the order of the mapping.
void RowBuilder::join_name() {
  std::string whole;
  for (std::string& part : name_parts_) {
    if (!part.empty()) whole += (whole.empty() ? "" : " ") + part;
    part.clear();
  }
  in_parts_ = false;
  static const ColumnTarget kName{nullptr, "name", true, nullptr};
  put_name(NameType::registered, whole, kName);
}

bool RowBuilder::finish() {
  if (in_parts_) join_name();
  PartialDate& dob = kind_ == RowKind::record ? row_->record.dob : row_->subject.dob;
  if (birth_year_.known() && !dob.known()) dob = birth_year_;
  if (birth_year_.known() && dob.year != birth_year_.year && !defect_)
    defect_ = CellDefect{
        "birth_year",
        fmt::format("the year of birth {} contradicts the date of birth {}", birth_year_.year, to_string(dob)),
        "correct one of them"};
  if (!defect_ && row_->id.empty())
    defect_ = CellDefect{kind_ == RowKind::record ? "id" : "query_id", "no id", "give the row an id of its own"};
  if (!defect_ && !named_)
    defect_ = CellDefect{"name", "no name", "give the name; a name in another script may stand here too"};
  if (kind_ == RowKind::record && !defect_) row_->record.id = row_->id;
  return !defect_;
}

std::vector<std::string> RowBuilder::warnings() const {
  constexpr const char* kTexts[kRepairs] = {
      "blanks dropped at the ends of cells: {}",
      "leading zeros restored in identity numbers: {}",
      "\".0\" dropped from identity numbers: {}",
      "spreadsheet marks (' or =\"\") dropped from identity numbers: {}",
      "identity numbers written out from scientific notation, no digit lost: {}",
      "identity numbers with lost digits, so that subjects are compared without them: {}",
  };
  std::vector<std::string> all;
  for (std::size_t i = 0; i < kRepairs; ++i)
    if (repairs_[i] != 0) all.push_back(fmt::format(fmt::runtime(kTexts[i]), repairs_[i]));
  return all;
}

}  // namespace semak
