// A mapping file:
//
//   sheet = "Senarai"             # of a workbook; without it the first
//   header_row = 3                # row or line of the headings, 1 if absent
//   encoding = "windows-1252"     # utf-8, utf-16le, utf-16be, windows-1252; without it detected
//   separator = ";"               # without it detected
//   list_separator = "/"          # between aliases or numbers in one cell, "|" if absent
//   date_format = "DD/MM/YY"      # of every date column
//   recognise = false             # known headings that are not named below mean nothing, true if absent
//   ignore = ["Catatan"]          # read past
//
//   [columns]                     # canonical column = heading
//   id = "Bil"
//   name = ["Nama Depan", "Nama Bapa"]            # several headings: joined with a blank in this order
//   id_number = ["No KP", "Pasport"]              # numbers and aliases: each by itself
//   dob = { heading = "T.Lahir", date_format = "D.M.YYYY" }
//   sex = { heading = "J", values = { "1" = "M", "2" = "F" } }
//   court = { constant = "Mahkamah Sesyen Klang" }
//
//   [fields]                      # extra field = heading
//   majikan = "Nama Majikan"
#include "loaders/mapping.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <toml++/toml.h>
#include <utility>

namespace semak {
namespace {

// A mapping is written by hand; anything longer is another file.
constexpr std::size_t kMappingBytesMax = 1 << 20;

class MappingReader {
 public:
  MappingReader(const std::string& name, ColumnUse use) : use_(use) { mapping_.name = name; }

  Result<Mapping> read(const toml::table& root) {
    SEMAK_TRY_STATUS(only(root, {"sheet", "header_row", "encoding", "separator", "list_separator", "date_format",
                                 "recognise", "ignore", "columns", "fields"}));
    SEMAK_TRY_STATUS(read_file_keys(root));
    SEMAK_TRY_STATUS(read_cell_keys(root, defaults_));
    if (const toml::node* columns = root.get("columns")) SEMAK_TRY_STATUS(read_columns(*columns, true));
    if (const toml::node* fields = root.get("fields")) SEMAK_TRY_STATUS(read_columns(*fields, false));
    SEMAK_TRY_STATUS(refuse_doubled());
    return std::move(mapping_);
  }

 private:
  Error at(const toml::source_region& where, const std::string& message) const {
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}:{}:{}: {}", mapping_.name, where.begin.line, where.begin.column, message)};
  }

  Status only(const toml::table& table, std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        return at(key.source(),
                  fmt::format("unknown key \"{}\"; known here are {}", key.str(), fmt::join(known, ", ")));
    return {};
  }

  Result<std::string> text_of(const toml::node& node, std::string_view what) const {
    if (const auto text = node.value_exact<std::string>()) return *text;
    return at(node.source(), fmt::format("{} must be a text in quotes", what));
  }

  Result<std::vector<std::string>> texts_of(const toml::node& node, std::string_view what) const {
    std::vector<std::string> all;
    if (const toml::array* array = node.as_array()) {
      for (const toml::node& item : *array) {
        SEMAK_TRY(auto text, text_of(item, what));
        all.push_back(std::move(text));
      }
      if (all.empty()) return at(node.source(), fmt::format("{} is an empty list", what));
      return all;
    }
    SEMAK_TRY(auto text, text_of(node, what));
    all.push_back(std::move(text));
    return all;
  }

  Result<char> separator_of(const toml::node& node, std::string_view what) const {
    SEMAK_TRY(const auto text, text_of(node, what));
    if (text.size() != 1 || text[0] == '"' || text[0] == '\n' || text[0] == '\r' ||
        static_cast<unsigned char>(text[0]) >= 0x80)
      return at(node.source(), fmt::format("{} must be one character, such as \",\" or \"\\t\"", what));
    return text[0];
  }

  Status read_file_keys(const toml::table& root) {
    if (const toml::node* node = root.get("sheet")) {
      SEMAK_TRY(mapping_.sheet, text_of(*node, "sheet"));
    }
    if (const toml::node* node = root.get("header_row")) {
      const auto row = node->value_exact<std::int64_t>();
      if (!row || *row < 1 || *row > 1000000) return at(node->source(), "header_row must be a whole number from 1");
      mapping_.header_row = static_cast<std::size_t>(*row);
    }
    if (const toml::node* node = root.get("encoding")) {
      SEMAK_TRY(const auto text, text_of(*node, "encoding"));
      constexpr std::pair<std::string_view, Encoding> kEncodings[] = {{"utf8", Encoding::utf8},
                                                                      {"utf16le", Encoding::utf16le},
                                                                      {"utf16be", Encoding::utf16be},
                                                                      {"windows1252", Encoding::windows1252},
                                                                      {"cp1252", Encoding::windows1252}};
      for (const auto& [name, encoding] : kEncodings)
        if (name == fold_key(text)) mapping_.encoding = encoding;
      if (!mapping_.encoding)
        return at(node->source(), fmt::format("unknown encoding \"{}\"; known are utf-8, utf-16le, utf-16be and "
                                              "windows-1252",
                                              text));
    }
    if (const toml::node* node = root.get("separator")) {
      SEMAK_TRY(mapping_.separator, separator_of(*node, "separator"));
    }
    if (const toml::node* node = root.get("recognise")) {
      const auto yes = node->value_exact<bool>();
      if (!yes) return at(node->source(), "recognise must be true or false");
      mapping_.recognise = *yes;
    }
    if (const toml::node* node = root.get("ignore")) {
      SEMAK_TRY(mapping_.ignored, texts_of(*node, "ignore"));
    }
    return {};
  }

  // What may stand for the whole file and for one column.
  Status read_cell_keys(const toml::table& table, CellRule& rule) const {
    if (const toml::node* node = table.get("list_separator")) {
      SEMAK_TRY(rule.list_separator, separator_of(*node, "list_separator"));
    }
    if (const toml::node* node = table.get("date_format")) {
      SEMAK_TRY(const auto pattern, text_of(*node, "date_format"));
      rule.date_format = DateFormat::parse(pattern);
      if (!rule.date_format)
        return at(node->source(), fmt::format("\"{}\" is no date format; build one of YYYY or YY, MM, M or MMM, DD or "
                                              "D, e.g. \"DD/MM/YYYY\"",
                                              pattern));
    }
    return {};
  }

  Status read_columns(const toml::node& node, bool canonical) {
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return at(node.source(), canonical ? "columns must be a table: [columns]" : "fields must be a table: [fields]");
    for (const auto& [key, value] : *table) SEMAK_TRY_STATUS(read_column(key, value, canonical));
    return {};
  }

  Status read_column(const toml::key& key, const toml::node& node, bool canonical) {
    MappedColumn mapped;
    mapped.field = key.str();
    mapped.line = static_cast<int>(key.source().begin.line);
    if (canonical) {
      mapped.column = find_column(key.str(), use_);
      if (mapped.column == nullptr || mapped.column->role == ColumnRole::ignored ||
          mapped.column->role == ColumnRole::row_as_json)
        return at(key.source(), fmt::format("unknown column \"{}\"; known are {}; others go under [fields]", key.str(),
                                            known_columns()));
    } else if (find_column(key.str(), use_) != nullptr) {
      return at(key.source(), fmt::format("\"{}\" is a canonical column; it belongs under [columns]", key.str()));
    }
    CellRule rule = defaults_;
    const toml::node* headings = &node;
    if (const toml::table* table = node.as_table()) {
      SEMAK_TRY_STATUS(only(*table, {"heading", "constant", "date_format", "values", "list_separator"}));
      SEMAK_TRY_STATUS(read_cell_keys(*table, rule));
      SEMAK_TRY_STATUS(read_values(*table, rule));
      const toml::node* constant = table->get("constant");
      headings = table->get("heading");
      if ((headings == nullptr) == (constant == nullptr))
        return at(node.source(), fmt::format("{} needs either a heading or a constant", key.str()));
      if (constant != nullptr) {
        SEMAK_TRY(mapped.constant, text_of(*constant, "constant"));
        mapped.rule = std::make_shared<CellRule>(std::move(rule));
        mapping_.columns.push_back(std::move(mapped));
        return {};
      }
    }
    mapped.rule = std::make_shared<CellRule>(std::move(rule));
    return add_headings(std::move(mapped), *headings);
  }

  Status read_values(const toml::table& table, CellRule& rule) const {
    const toml::node* node = table.get("values");
    if (node == nullptr) return {};
    const toml::table* values = node->as_table();
    if (values == nullptr) return at(node->source(), "values must be a table: { \"1\" = \"M\", \"2\" = \"F\" }");
    for (const auto& [from, to] : *values) {
      SEMAK_TRY(auto text, text_of(to, "a value"));
      rule.values.emplace(std::string(from.str()), std::move(text));
    }
    return {};
  }

  Status add_headings(MappedColumn mapped, const toml::node& node) {
    SEMAK_TRY(const auto headings, texts_of(node, "a heading"));
    const ColumnRole role = mapped.column != nullptr ? mapped.column->role : ColumnRole::field;
    const bool joined = role == ColumnRole::name && mapped.column->name_type == NameType::registered;
    const bool several = joined || role == ColumnRole::name || role == ColumnRole::aliases ||
                         role == ColumnRole::number || role == ColumnRole::numbers;
    if (headings.size() > 1 && !several)
      return at(node.source(), fmt::format("{} takes one heading; several are for names and numbers", mapped.field));
    if (headings.size() > kNamePartsMax)
      return at(node.source(), fmt::format("{} takes at most {} headings", mapped.field, kNamePartsMax));
    for (std::size_t i = 0; i < headings.size(); ++i) {
      if (fold_key(headings[i]).empty() && headings[i].empty()) return at(node.source(), "a heading is empty");
      MappedColumn one = mapped;
      one.heading = headings[i];
      one.name_part = joined && headings.size() > 1 ? static_cast<int>(i) : -1;
      mapping_.columns.push_back(std::move(one));
    }
    return {};
  }

  // One heading may feed several columns (an IC number that is also the id), but not one column twice, and not be
  // ignored as well.
  Status refuse_doubled() const {
    const auto same = [](std::string_view a, std::string_view b) { return fold_key(a) == fold_key(b); };
    for (const MappedColumn& mapped : mapping_.columns) {
      if (mapped.heading.empty()) continue;
      for (const MappedColumn& other : mapping_.columns)
        if (&other != &mapped && same(other.heading, mapped.heading) && other.field == mapped.field)
          return doubled(mapped, fmt::format("\"{}\" is given to {} twice", mapped.heading, mapped.field));
      for (const std::string& ignored : mapping_.ignored)
        if (same(ignored, mapped.heading))
          return doubled(mapped, fmt::format("\"{}\" is both mapped to {} and ignored", mapped.heading, mapped.field));
    }
    return {};
  }

  Error doubled(const MappedColumn& mapped, const std::string& message) const {
    return Error{ErrorCode::invalid_input, fmt::format("{}:{}: {}", mapping_.name, mapped.line, message)};
  }

  std::string known_columns() const {
    std::string list;
    for (const CanonicalColumn& column : canonical_columns()) {
      if ((column.uses & use_) == 0 || column.name.substr(0, 6) == "semak_") continue;
      if (!list.empty()) list += ", ";
      list += column.name;
    }
    return list;
  }

  ColumnUse use_;
  Mapping mapping_;
  CellRule defaults_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view text, const std::string& name, ColumnUse use) {
  try {
    return MappingReader(name, use).read(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::invalid_input, fmt::format("{}:{}:{}: {}", name, error.source().begin.line,
                                                       error.source().begin.column, error.description())};
  }
}

Result<Mapping> read_mapping(const std::filesystem::path& path, ColumnUse use) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{ErrorCode::not_found,
                 fmt::format("{}: the mapping file cannot be opened: {}", path.string(), std::strerror(errno))};
  std::string text(kMappingBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || text.size() > kMappingBytesMax)
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: this is no mapping file (more than {} bytes, or unreadable)", path.string(),
                             kMappingBytesMax)};
  return parse_mapping(text, path.string(), use);
}

}  // namespace semak
