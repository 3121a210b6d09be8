#include "tools/semakd/resources/preview.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>

#include "loaders/csv_reader.h"
#include "loaders/headings.h"
#include "loaders/xlsx_reader.h"
#include "tools/semakd/phrases.h"
#include "tools/words/translation.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kFirstRows = 20, kRejectsShown = 200, kSamples = 3, kSampleBytes = 120, kChunk = 1000;

struct Title {
  std::string_view column;
  const char* english;
  const char* malay;
};
constexpr Title kTitles[] = {
#define SEMAK_COLUMN(column, english, malay) {column, english, malay},
#include "tools/semakd/resources/column_titles.inc"
#undef SEMAK_COLUMN
};

// `text` up to `bytes_max` bytes, not ending inside a character.
std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

// Headings and first cells as they stand in the file, whatever they may mean.
struct RawTable {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> samples;  // of each heading

  void sample(std::size_t heading, std::string_view text) {
    if (text.empty() || samples[heading].size() >= kSamples) return;
    std::string one = shortened(text, kSampleBytes);
    if (std::find(samples[heading].begin(), samples[heading].end(), one) == samples[heading].end())
      samples[heading].push_back(std::move(one));
  }
};

Result<std::unique_ptr<RowReader>> open_raw(const UploadedTable& table) {
  if (table.file.extension() == ".xlsx") {
    XlsxOptions options;
    options.sheet = table.sheet;
    return open_xlsx(table.file, options);
  }
  SEMAK_TRY(auto text, open_text_file(table.file, {}));
  CsvOptions options;
  options.name = table.file_name;
  options.separator = table.separator != 0 ? table.separator : table.file.extension() == ".tsv" ? '\t' : '\0';
  return std::unique_ptr<RowReader>(std::make_unique<CsvReader>(std::move(text), options));
}

Result<RawTable> read_raw(const UploadedTable& table) {
  RawTable raw;
  SEMAK_TRY(auto reader, open_raw(table));
  RowView row;
  do {
    SEMAK_TRY(const bool more, reader->next(row));
    if (!more) return raw;
  } while (row.line < table.header_row);
  for (const std::string_view cell : row.cells) raw.headings.push_back(shortened(cell, kSampleBytes));
  raw.samples.resize(raw.headings.size());
  for (std::size_t rows = 0; rows < kFirstRows; ++rows) {
    SEMAK_TRY(const bool more, reader->next(row));
    if (!more) break;
    for (std::size_t i = 0; i < std::min(row.cells.size(), raw.headings.size()); ++i) raw.sample(i, row.cells[i]);
  }
  return raw;
}

// JSON Lines: the keys of the first rows.
Result<RawTable> read_raw_lines(const UploadedTable& table) {
  RawTable raw;
  SEMAK_TRY(auto text, open_text_file(table.file, {}));
  std::string buffer;
  SEMAK_TRY(const bool any, text->read(buffer));
  if (!any) return raw;
  std::string_view rest = buffer;
  for (std::size_t rows = 0; rows < kFirstRows && !rest.empty(); ++rows) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    boost::system::error_code failed;
    const json::value parsed = json::parse(json::string_view(line.data(), line.size()), failed);
    if (failed || !parsed.is_object()) continue;
    for (const auto& member : parsed.get_object()) {
      const std::string key = shortened(std::string_view(member.key()), kSampleBytes);
      auto at = std::find(raw.headings.begin(), raw.headings.end(), key);
      if (at == raw.headings.end()) {
        raw.headings.push_back(key);
        raw.samples.emplace_back();
        at = raw.headings.end() - 1;
      }
      if (member.value().is_string())
        raw.sample(static_cast<std::size_t>(at - raw.headings.begin()), std::string_view(member.value().get_string()));
    }
  }
  return raw;
}

json::array columns_json(const UploadedTable& table, const RawTable& raw, ColumnUse use) {
  json::array columns;
  for (std::size_t i = 0; i < raw.headings.size(); ++i) {
    const std::string& heading = raw.headings[i];
    const CanonicalColumn* known = recognise_heading(heading, use);
    const auto mapped = table.mapped.find(fold_key(heading));
    json::value column = nullptr;
    if (mapped != table.mapped.end()) {
      if (!mapped->second.empty()) column = mapped->second;
    } else if (known != nullptr && known->role != ColumnRole::ignored) {
      column = json::string_view(known->name.data(), known->name.size());
    }
    json::array samples(raw.samples[i].begin(), raw.samples[i].end());
    const bool by_itself = mapped == table.mapped.end() && !column.is_null();
    columns.push_back({{"heading", heading},
                       {"column", std::move(column)},
                       {"recognised", by_itself},
                       {"samples", std::move(samples)}});
  }
  return columns;
}

json::array offered_fields(ColumnUse use, Language language) {
  json::array fields;
  for (const CanonicalColumn& column : canonical_columns()) {
    if ((column.uses & use) == 0 || column.name.starts_with("semak_")) continue;
    fields.push_back({{"name", json::string_view(column.name.data(), column.name.size())},
                      {"title", column_title(column.name, language)}});
  }
  return fields;
}

template <class Person>
json::object row_json(const SourceRow& row, const Person& person, Language language) {
  json::array numbers;
  for (const TypedNumber& number : person.numbers) numbers.push_back(json::string(number.text));
  json::object object{{"line", row.line},
                      {"id", row.id},
                      {"name", person.names.empty() ? std::string() : person.names.front().text},
                      {"numbers", std::move(numbers)}};
  if (person.dob.known()) object["date_of_birth"] = to_string(person.dob);
  if (person.sex != Sex::unknown) object["sex"] = to_string(person.sex);
  if (!person.state.empty()) object["state"] = person.state;
  if (!row.unread.empty()) object["unread"] = worded(row.unread, language);
  return object;
}

// Good and bad rows of a source, counted and the first of them kept.
struct Counted {
  std::uint64_t rows = 0, rejected = 0, too_little = 0;
  json::array first_rows, rejects, warnings;
  std::string error;
};

void count_rows(Source& source, const UploadedTable& table, const SourceOptions& options, const Policy* policy,
                Language language, Counted& counted) {
  SourceBatch batch;
  while (true) {
    auto more = source.next(batch, kChunk);
    if (!more) {
      counted.error = worded(table.said(more.error().message), language);
      break;
    }
    if (!*more) break;
    counted.rows += batch.rows.size();
    counted.rejected += batch.rejected.size();
    for (const SourceRow& row : batch.rows) {
      if (counted.first_rows.size() < kFirstRows)
        counted.first_rows.push_back(options.kind == RowKind::record ? row_json(row, row.record, language)
                                                                     : row_json(row, row.subject, language));
      if (policy != nullptr && !has_needed(*policy, row.subject, std::nullopt)) ++counted.too_little;
    }
    for (const RejectedRow& row : batch.rejected)
      if (counted.rejects.size() < kRejectsShown) counted.rejects.push_back(row_problem_json(row, language));
  }
  for (std::string& warning : source.warnings())
    counted.warnings.push_back(json::string(worded(table.said(std::move(warning)), language)));
}

}  // namespace

SourceOptions source_options(const UploadedTable& table, RowKind kind, RegisterKind register_kind) {
  SourceOptions options;
  options.kind = kind;
  options.register_kind = register_kind;
  options.mapping = table.mapping;
  return options;
}

std::string worded(std::string english, Language language) {
  return language == Language::ms ? in_malay(english) : english;
}

json::object row_problem_json(const RejectedRow& row, Language language) {
  json::object object{{"line", row.row.line}, {"reason", worded(row.reason, language)}};
  if (!row.field.empty()) object["field"] = row.field;
  if (!row.cure.empty()) object["cure"] = worded(row.cure, language);
  return object;
}

bool has_needed(const Policy& policy, const Subject& subject, const std::optional<ChildQuery>& child) {
  const auto has = [&](SubjectField field) {
    switch (field) {
      case SubjectField::name: return !subject.names.empty();
      case SubjectField::id_number: return !subject.numbers.empty();
      case SubjectField::birth_date: return subject.dob.has_day();
      case SubjectField::birth_year: return subject.dob.known();
      case SubjectField::sex: return subject.sex != Sex::unknown;
      case SubjectField::child: return child.has_value();
    }
    return false;
  };
  return policy.needs.empty() || std::any_of(policy.needs.begin(), policy.needs.end(), [&](const auto& line) {
           return std::all_of(line.begin(), line.end(), has);
         });
}

std::string column_title(std::string_view column, Language language) {
  for (const Title& title : kTitles)
    if (title.column == column) return language == Language::ms ? title.malay : title.english;
  return std::string(column);
}

json::array kind_columns_json(RegisterKind kind, Language language) {
  SourceOptions options;
  options.register_kind = kind;
  const ColumnUse use = column_use(options);
  json::array columns;
  for (const CanonicalColumn& column : canonical_columns()) {
    if ((column.uses & use) == 0 || column.role != ColumnRole::field) continue;
    json::object object{{"name", json::string_view(column.name.data(), column.name.size())},
                        {"title", column_title(column.name, language)}};
    switch (column.type) {
      case FieldType::text: object["type"] = "text"; break;
      case FieldType::date: object["type"] = "date"; break;
      case FieldType::yes_no: object["type"] = "yes_no"; break;
      case FieldType::yes_no_date: object["type"] = "yes_no_date"; break;
      case FieldType::choice: {
        object["type"] = "choice";
        json::array choices;
        const std::string listed = list_choices(column.name);
        for (std::string_view rest = listed; !rest.empty();) {
          const std::string_view one = rest.substr(0, rest.find(", "));
          choices.push_back(json::string_view(one.data(), one.size()));
          rest.remove_prefix(std::min(one.size() + 2, rest.size()));
        }
        object["choices"] = std::move(choices);
        break;
      }
    }
    columns.push_back(std::move(object));
  }
  return columns;
}

json::object preview_json(const UploadedTable& table, const SourceOptions& options, Language language,
                          const Policy* policy) {
  const ColumnUse use = column_use(options);
  const bool lines = table.file.extension() == ".jsonl";
  auto raw = lines ? read_raw_lines(table) : read_raw(table);
  json::array columns = raw ? columns_json(table, *raw, use) : json::array();
  Counted counted;
  auto source = Source::open(table.file, options);
  if (source)
    count_rows(**source, table, options, policy, language, counted);
  else
    counted.error = worded(table.said(source.error().message), language);
  json::object preview{{"file_name", table.file_name},
                       {"rows", counted.rows},
                       {"rejected", counted.rejected},
                       {"ready", counted.error.empty() && counted.rows > 0},
                       {"columns", std::move(columns)},
                       {"fields", offered_fields(use, language)},
                       {"first_rows", std::move(counted.first_rows)},
                       {"rejects", std::move(counted.rejects)},
                       {"warnings", std::move(counted.warnings)}};
  if (policy != nullptr) preview["too_little"] = counted.too_little;
  if (!counted.error.empty()) preview["error"] = counted.error;
  return preview;
}

}  // namespace semak
