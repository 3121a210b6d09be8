// Results of a batch: JSON pages, CSV and XLSX. Every row appears, in order.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>
#include <fmt/format.h>
#include <xlsxwriter.h>

#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/batch_json.h"
#include "tools/semakd/resources/csv_text.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/file_body.h"
#include "tools/semakd/resources/formats.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/query.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kChunk = 500;
constexpr std::uint64_t kSheetRowsMax = 1'048'575;  // and the headings

constexpr std::array<std::string_view, 6> kFilters = {"no_record", "under_verification", "refer",
                                                      "record",    "incomplete",         "rejected"};
constexpr std::array<OfferedFormat, 3> kFormats = {
    {{"json", "application/json"},
     {"csv", "text/csv"},
     {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}}};

Phrase short_phrase(Outcome outcome) {
  switch (outcome) {
    case Outcome::no_record: return Phrase::short_no_record;
    case Outcome::refer: return Phrase::short_refer;
    case Outcome::record: return Phrase::short_record;
    case Outcome::incomplete: return Phrase::short_incomplete;
  }
  return Phrase::short_incomplete;
}

// One row of the batch as this caller may see it.
struct ResultRow {
  BatchRow row;
  std::optional<Check> check;  // shaped for the caller
  View view = View::nothing;
  std::string outcome;  // "" without a check
  BatchState batch = BatchState::done;
};

// Of a row without a check: whether one may still come.
std::string_view unchecked_state(BatchState batch) {
  if (batch == BatchState::cancelled) return "cancelled";
  return batch == BatchState::failed ? "failed" : "waiting";
}

Phrase unchecked_phrase(BatchState batch) {
  if (batch == BatchState::cancelled) return Phrase::row_cancelled;
  return batch == BatchState::failed ? Phrase::row_failed : Phrase::row_waiting;
}

// Reads rows in order with their checks.
class ResultReader {
 public:
  ResultReader(Office& office, const Caller& caller, const BatchInfo& batch, std::optional<std::string_view> filter)
      : office_(office), writer_(office, caller), batch_id_(batch.id), batch_state_(batch.state), filter_(filter) {}

  AnswerWriter& writer() { return writer_; }

  // Rows from `first` on that pass the filter, at most `most`; `next` is where to go on; empty and at the end: none.
  Result<std::vector<ResultRow>> read(std::uint64_t first, std::size_t most, std::uint64_t& next, bool& at_end) {
    std::vector<ResultRow> passed;
    next = first;
    at_end = false;
    // A rare outcome in a large batch is looked for a few chunks at a time.
    constexpr int kChunksMax = 40;
    for (int chunk = 0; chunk < kChunksMax && passed.size() < most; ++chunk) {
      const std::size_t wanted = std::min<std::size_t>(filter_ ? kChunk : most - passed.size(), kChunk);
      SEMAK_TRY(auto rows, office_.batches().rows(batch_id_, next, wanted));
      if (rows.empty()) {
        at_end = true;
        break;
      }
      for (BatchRow& row : rows) {
        if (passed.size() == most) break;
        next = row.row + 1;
        SEMAK_TRY(auto result, result_of(std::move(row)));
        if (!filter_ || passes(result)) passed.push_back(std::move(result));
      }
    }
    return passed;
  }

 private:
  Result<ResultRow> result_of(BatchRow row) {
    ResultRow result;
    result.batch = batch_state_;
    if (!row.check_id.empty()) {
      SEMAK_TRY(auto check, office_.casework().check(row.check_id));
      if (check) {
        result.view = writer_.view_of(check->policy_id);
        result.outcome = writer_.outcome(check->outcome, result.view);
        result.check = std::move(*check);
      }
    }
    result.row = std::move(row);
    return result;
  }

  bool passes(const ResultRow& result) const {
    if (*filter_ == "rejected") return !result.row.reject_reason.empty();
    const bool refers = *filter_ == "under_verification" || *filter_ == "refer";
    if (refers) return result.check && result.check->outcome == Outcome::refer;
    return result.outcome == *filter_;
  }

  Office& office_;
  AnswerWriter writer_;
  std::string batch_id_;
  BatchState batch_state_;
  std::optional<std::string_view> filter_;
};

std::string name_of(const ResultRow& result) {
  const Subject& subject = result.check ? result.check->request.subject : result.row.request.subject;
  return subject.names.empty() ? std::string() : subject.names.front().text;
}

bool shows_hits(const ResultRow& result) {
  return result.check && result.view >= View::comparison && !result.check->answer.hits.empty();
}

json::object result_json(const ResultRow& result, AnswerWriter& writer) {
  json::object object{{"row", result.row.row}, {"query_id", result.row.query_id}};
  if (std::string name = name_of(result); !name.empty()) object["name"] = std::move(name);
  if (!result.row.reject_reason.empty()) {
    object["state"] = "rejected";
    object["reject_reason"] = result.row.reject_reason;
    return object;
  }
  object["state"] = result.check ? std::string_view("done") : unchecked_state(result.batch);
  if (!result.check) return object;
  const Check& check = *result.check;
  object["screening_id"] = check.id;
  object["outcome"] = result.outcome;
  if (check.outcome == Outcome::incomplete) object["reason"] = to_string(check.answer.reason);
  if (check.outcome != Outcome::incomplete && check.valid_until_ms != 0)
    object["valid_until"] = rfc3339(check.valid_until_ms);
  if (check.answer.standing) object["standing"] = writer.standing(*check.answer.standing, result.view);
  if (result.view >= View::comparison && !check.case_id.empty()) object["case_id"] = check.case_id;
  if (shows_hits(result)) {
    object["score_centibits"] = centibits(check.answer.hits.front().score);
    object["probability_bp"] = basis_points(check.answer.hits.front().probability);
  }
  return object;
}

// What the files say, cell by cell.
struct Cells {
  std::string query_id, name, outcome, meaning, reason, valid_until, standing, screening, case_id;
  std::string score, probability;  // decimal, or empty
};

Cells cells_of(const ResultRow& result, Language language) {
  Cells cells;
  cells.query_id = result.row.query_id;
  cells.name = name_of(result);
  if (!result.row.reject_reason.empty()) {
    cells.outcome = "rejected";
    cells.meaning = phrase(Phrase::row_rejected, language, result.row.reject_reason);
    return cells;
  }
  if (!result.check) {
    cells.meaning = phrase(unchecked_phrase(result.batch), language);
    return cells;
  }
  const Check& check = *result.check;
  cells.outcome = result.outcome;
  cells.meaning = phrase(short_phrase(check.outcome), language);
  cells.screening = check.id;
  if (check.outcome == Outcome::incomplete)
    cells.reason = to_string(check.answer.reason);
  else if (check.valid_until_ms != 0)
    cells.valid_until = rfc3339(check.valid_until_ms);
  if (check.answer.standing) cells.standing = to_string(check.answer.standing->state);
  if (result.view >= View::comparison) cells.case_id = check.case_id;
  if (shows_hits(result)) {
    const Hit& best = check.answer.hits.front();
    cells.score = fmt::format("{:.2f}", static_cast<double>(centibits(best.score)) / 100);
    cells.probability = fmt::format("{:.2f}", static_cast<double>(basis_points(best.probability)) / 100);
  }
  return cells;
}

// The whole of it as CSV, a chunk of rows at a time.
class CsvResults final : public BodyStream {
 public:
  CsvResults(std::shared_ptr<Room> room, const Caller& caller, const BatchInfo& batch,
             std::optional<std::string_view> filter, Language language)
      : room_(std::move(room)), caller_(caller), reader_(room_->office, caller_, batch, filter), language_(language) {}

  Piece next() override {
    std::string text;
    if (!begun_)
      text =
          "row,query_id,name,outcome,meaning,reason,valid_until,standing,screening_id,case_id,score,probability_"
          "percent\r\n";
    begun_ = true;
    bool at_end = false;
    auto rows = reader_.read(next_, kChunk, next_, at_end);
    if (!rows) {
      aborted_ = true;
      return {{}, true, {}};
    }
    for (const ResultRow& row : *rows) append(text, row);
    return {std::move(text), at_end, {}};
  }
  bool aborted() const override { return aborted_; }

 private:
  void append(std::string& text, const ResultRow& result) {
    const Cells cells = cells_of(result, language_);
    text += std::to_string(result.row.row + 1);
    for (const std::string* cell : {&cells.query_id, &cells.name, &cells.outcome, &cells.meaning, &cells.reason,
                                    &cells.valid_until, &cells.standing, &cells.screening, &cells.case_id}) {
      text += ',';
      append_text_cell(text, *cell);
    }
    text.append(",").append(cells.score).append(",").append(cells.probability).append("\r\n");
  }

  std::shared_ptr<Room> room_;
  Caller caller_;
  ResultReader reader_;
  Language language_;
  std::uint64_t next_ = 0;
  bool begun_ = false, aborted_ = false;
};

struct Workbook {
  explicit Workbook(const std::filesystem::path& path) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book = workbook_new_opt(path.c_str(), &options);
  }
  ~Workbook() {
    if (book != nullptr) workbook_close(book);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;
  Status close() {
    const lxw_error error = workbook_close(book);
    book = nullptr;
    if (error == LXW_NO_ERROR) return {};
    return Error{ErrorCode::io, fmt::format("the workbook cannot be written: {}", lxw_strerror(error))};
  }
  lxw_workbook* book = nullptr;
};

void write_headings(lxw_worksheet* sheet, lxw_format* bold, Language language) {
  constexpr std::array<Phrase, 11> kHeadings = {
      Phrase::heading_row,     Phrase::heading_query_id,    Phrase::heading_name,       Phrase::heading_outcome,
      Phrase::heading_meaning, Phrase::heading_valid_until, Phrase::heading_standing,   Phrase::heading_screening,
      Phrase::heading_case,    Phrase::heading_score,       Phrase::heading_probability};
  constexpr std::array<double, 11> kWidths = {6, 16, 36, 20, 28, 22, 18, 30, 30, 16, 18};
  for (std::size_t i = 0; i < kHeadings.size(); ++i) {
    worksheet_set_column(sheet, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), kWidths[i], nullptr);
    worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(i), text_of(kHeadings[i], language), bold);
  }
  worksheet_freeze_panes(sheet, 1, 0);
}

void write_row(lxw_worksheet* sheet, lxw_row_t line, const ResultRow& result, Language language) {
  const Cells cells = cells_of(result, language);
  worksheet_write_number(sheet, line, 0, static_cast<double>(result.row.row + 1), nullptr);
  lxw_col_t column = 1;
  for (const std::string* cell : {&cells.query_id, &cells.name, &cells.outcome, &cells.meaning, &cells.valid_until,
                                  &cells.standing, &cells.screening, &cells.case_id}) {
    // Strings stay strings in a workbook: nothing to escape. A cell holds 32,767 characters.
    if (!cell->empty()) worksheet_write_string(sheet, line, column, cell->substr(0, 8000).c_str(), nullptr);
    ++column;
  }
  for (const std::string* number : {&cells.score, &cells.probability}) {
    if (!number->empty()) worksheet_write_number(sheet, line, column, std::stod(*number), nullptr);
    ++column;
  }
}

Result<Response> xlsx_response(Room& room, ResultReader& reader, Language language) {
  SEMAK_TRY(UploadFolder folder, UploadFolder::make(room.uploads.folder()));
  const std::filesystem::path path = folder.path() / "results.xlsx";
  {
    Workbook workbook(path);
    if (workbook.book == nullptr) return Error{ErrorCode::io, "the workbook cannot be made"};
    lxw_worksheet* sheet = workbook_add_worksheet(workbook.book, "Semak");
    lxw_format* bold = workbook_add_format(workbook.book);
    format_set_bold(bold);
    write_headings(sheet, bold, language);
    std::uint64_t next = 0;
    lxw_row_t line = 1;
    for (bool at_end = false; !at_end;) {
      SEMAK_TRY(const auto rows, reader.read(next, kChunk, next, at_end));
      for (const ResultRow& row : rows) write_row(sheet, line++, row, language);
    }
    SEMAK_TRY_STATUS(workbook.close());
  }
  Response response;
  response.stream = std::make_shared<FileBody>(std::move(folder), path);
  return response;
}

Response json_page(ResultReader& reader, const Caller& caller, std::uint64_t first, std::size_t limit) {
  std::uint64_t next = 0;
  bool at_end = false;
  const auto rows = reader.read(first, limit, next, at_end);
  if (!rows) return problem_response(rows.error(), caller);
  json::array items;
  for (const ResultRow& row : *rows) items.push_back(result_json(row, reader.writer()));
  json::object page{{"items", std::move(items)}};
  if (!at_end) page["next_cursor"] = std::to_string(next);
  return json_ok(page);
}

}  // namespace

Response get_batch_results(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const ChosenFormat format = choose_format(query, request, kFormats);
  const auto filter = query.choice("outcome", kFilters);
  const std::size_t limit = query.limit();
  const std::string cursor = query.cursor();
  const Language language = asked_language(query, caller);
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  if (!format.found) return not_acceptable(caller, kFormats);
  std::uint64_t first = 0;
  const auto [at, failed] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), first);
  if (!cursor.empty() && (failed != std::errc() || at != cursor.data() + cursor.size())) return bad_cursor(caller);
  const std::string_view id = request.parameter("id");
  auto batch =
      is_id(id) ? room.office.batches().find(id) : Result<std::optional<BatchInfo>>(std::optional<BatchInfo>());
  if (!batch) return problem_response(batch.error(), caller);
  if (!*batch || !may_see(caller, (*batch)->actor.tenant)) return not_found(caller);
  const auto wanted = filter ? std::optional(kFilters[*filter]) : std::nullopt;
  ResultReader reader(room.office, caller, **batch, wanted);
  if (format.index == 0) {
    Response response = json_page(reader, caller, first, limit);
    response.headers.set("Vary", "Accept, Accept-Language");
    return response;
  }
  Response response;
  if (format.index == 1) {
    response.stream = std::make_shared<CsvResults>(room.shared_from_this(), caller, **batch, wanted, language);
  } else {
    if ((*batch)->rows > kSheetRowsMax) return conflict(caller, Phrase::too_many_for_sheet);
    auto made = xlsx_response(room, reader, language);
    if (!made) return problem_response(made.error(), caller);
    response = std::move(*made);
  }
  response.content_type = std::string(kFormats[format.index].media_type) + (format.index == 1 ? "; charset=utf-8" : "");
  response.headers.set("Content-Disposition",
                       fmt::format("attachment; filename=\"semak-{}.{}\"", (*batch)->id, kFormats[format.index].name));
  response.headers.set("Vary", "Accept, Accept-Language");
  return response;
}

}  // namespace semak
