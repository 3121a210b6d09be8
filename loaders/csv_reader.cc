#include "loaders/csv_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace semak {
namespace {

constexpr std::string_view kSeparators = ",;\t|";
constexpr std::size_t kDetectLines = 20;

// First separator or line end in [at, end); `end` if there is none.
const char* find_cell_end(const char* at, const char* end, char separator) {
#ifdef __SSE2__
  const __m128i separators = _mm_set1_epi8(separator);
  const __m128i feeds = _mm_set1_epi8('\n');
  const __m128i returns = _mm_set1_epi8('\r');
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, separators),
                                      _mm_or_si128(_mm_cmpeq_epi8(bytes, feeds), _mm_cmpeq_epi8(bytes, returns)));
    if (const int mask = _mm_movemask_epi8(hits); mask != 0) return at + std::countr_zero(static_cast<unsigned>(mask));
  }
#endif
  while (at != end && *at != separator && *at != '\n' && *at != '\r') ++at;
  return at;
}

// Line ends in `text`; CRLF is one.
std::uint64_t count_line_ends(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n')
      count += (i == 0 || text[i - 1] != '\r') ? 1 : 0;
    else if (text[i] == '\r')
      ++count;
  }
  return count;
}

// "" -> " ; in place, returns the new length.
std::size_t undouble_quotes(char* text, std::size_t length) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < length; ++from, ++to) {
    text[to] = text[from];
    if (text[from] == '"') ++from;
  }
  return to;
}

}  // namespace

// Counts each separator outside quotes, line by line: the one that splits the heading and splits most of the
// following lines into as many cells.
char detect_separator(std::string_view text) {
  std::vector<std::array<std::size_t, kSeparators.size()>> lines(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size() && lines.size() <= kDetectLines; ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '\n' || text[i] == '\r') {
      if (i > 0 && text[i - 1] != '\n' && text[i - 1] != '\r') lines.push_back({});
    } else if (const std::size_t which = kSeparators.find(text[i]); which != std::string_view::npos) {
      ++lines.back()[which];
    }
  }
  char best = ',';
  std::size_t best_agreeing = 0;
  std::size_t best_count = 0;
  for (std::size_t which = 0; which < kSeparators.size(); ++which) {
    const std::size_t count = lines.front()[which];
    if (count == 0) continue;
    const auto agreeing = static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(), [&](const auto& line) { return line[which] == count; }));
    if (std::pair(agreeing, count) <= std::pair(best_agreeing, best_count)) continue;
    best = kSeparators[which];
    best_agreeing = agreeing;
    best_count = count;
  }
  return best;
}

CsvReader::CsvReader(std::unique_ptr<TextInput> input, CsvOptions options)
    : input_(std::move(input)), options_(std::move(options)) {}

Error CsvReader::too_long() const {
  return Error{ErrorCode::invalid_input,
               fmt::format("{}:{}: a line of more than {} bytes; this is no CSV file of people, check its line ends",
                           options_.name, line_, options_.line_bytes_max)};
}

Error CsvReader::unterminated() const {
  return Error{ErrorCode::invalid_input,
               fmt::format("{}:{}: the quote that opens here never closes; close it, or double it if it is part of "
                           "the text",
                           options_.name, open_quote_line_)};
}

// Drops what was consumed and appends at least as much as is already waiting, so that a long row is scanned a
// bounded number of times a byte.
Status CsvReader::more() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t wanted = buffer_.size() * 2;
  do {
    SEMAK_TRY(const bool got, input_->read(buffer_));
    at_end_ = !got;
  } while (!at_end_ && buffer_.size() < wanted && buffer_.size() <= options_.line_bytes_max);
  return {};
}

// Decides the separator. Excel's own first line "sep=;" names it and is no row.
Status CsvReader::start() {
  started_ = true;
  while (!at_end_ && buffer_.size() < options_.detect_bytes) SEMAK_TRY_STATUS(more());
  const std::string_view text = buffer_;
  if (text.substr(0, 4) == "sep=" && text.size() > 5 && (text[5] == '\n' || text[5] == '\r')) {
    options_.separator = text[4];
    at_ = text[5] == '\r' && text.size() > 6 && text[6] == '\n' ? 7 : 6;
    ++line_;
  }
  // A rejects file has commas, whatever the file had that a mapping speaks of.
  if (text.substr(0, text.find('\n')).find(",semak_field,semak_reason,") != std::string_view::npos)
    options_.separator = ',';
  if (options_.separator == 0) options_.separator = detect_separator(text.substr(0, options_.detect_bytes));
  return {};
}

Result<bool> CsvReader::next(RowView& row) {
  if (!started_) SEMAK_TRY_STATUS(start());
  for (;;) {
    if (at_ == buffer_.size() && at_end_) return false;
    switch (scan(row)) {
      case Scan::row:
        unquote(row);
        row.line = line_;
        if (input_->invalid_sequences() > 0) look_for_damage(row);
        line_ += row_lines_;
        at_ = row_end_;
        return true;
      case Scan::blank:
        line_ += row_lines_;
        at_ = row_end_;
        break;
      case Scan::incomplete:
        if (at_end_ || buffer_.size() - at_ > options_.line_bytes_max)
          return open_quote_line_ != 0 ? unterminated() : too_long();
        SEMAK_TRY_STATUS(more());
        break;
    }
  }
}

// Finds the cells of the row at at_. Quoted cells are bounded here and undone in unquote(), because an incomplete
// row is scanned again.
CsvReader::Scan CsvReader::scan(RowView& row) {
  row.clear();
  doubled_.clear();
  open_quote_line_ = 0;
  row_lines_ = 0;
  const char* const begin = buffer_.data() + at_;
  const char* const end = buffer_.data() + buffer_.size();
  const char* at = begin;
  for (;;) {
    if (at != end && *at == '"') {
      at = scan_quoted(at, end, row);
      if (at == nullptr) return Scan::incomplete;
    } else {
      const char* const stop = find_cell_end(at, end, options_.separator);
      row.cells.emplace_back(at, static_cast<std::size_t>(stop - at));
      at = stop;
    }
    if (at == end) {
      if (!at_end_) return Scan::incomplete;
      break;
    }
    if (*at != options_.separator) break;
    ++at;
  }
  if (static_cast<std::size_t>(at - begin) > options_.line_bytes_max) return Scan::incomplete;
  const bool blank = at == begin;
  if (at != end) {
    if (*at == '\r') {
      if (at + 1 == end && !at_end_) return Scan::incomplete;  // a LF may follow
      if (at + 1 != end && at[1] == '\n') ++at;
    }
    ++at;
    ++row_lines_;
  }
  row_end_ = static_cast<std::size_t>(at - buffer_.data());
  return blank ? Scan::blank : Scan::row;
}

// From an opening quote to the separator, line end or end of input behind its cell; null if the text ends first.
const char* CsvReader::scan_quoted(const char* at, const char* end, RowView& row) {
  const char* const content = ++at;
  bool doubled = false;
  for (;;) {
    const auto* quote = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (quote == nullptr) {
      open_quote_line_ = line_ + row_lines_;
      return nullptr;
    }
    at = quote + 1;
    if (at == end || *at != '"') break;
    doubled = true;
    ++at;
  }
  const std::string_view text(content, static_cast<std::size_t>(at - 1 - content));
  const char* const stop = find_cell_end(at, end, options_.separator);
  const std::string_view behind(at, static_cast<std::size_t>(stop - at));
  if (behind.find_first_not_of(" \t") != std::string_view::npos) {
    row.defect = {"text after a closing quote", "double the quotes that are part of the text", row.cells.size()};
    // Kept as it stands in the file, so that nothing is lost on the way to the rejects.
    row.cells.emplace_back(content - 1, static_cast<std::size_t>(stop - content + 1));
  } else {
    if (doubled) doubled_.push_back(row.cells.size());
    row.cells.push_back(text);
  }
  row_lines_ += count_line_ends(text);
  return stop;
}

void CsvReader::unquote(RowView& row) {
  for (const std::size_t index : doubled_) {
    std::string_view& cell = row.cells[index];
    char* const text = buffer_.data() + (cell.data() - buffer_.data());
    cell = std::string_view(text, undouble_quotes(text, cell.size()));
  }
  if (row_end_ - at_ <= options_.cell_bytes_max) return;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i].size() <= options_.cell_bytes_max) continue;
    row.defect = {fmt::format("a cell of {} bytes; at most {} are read", row.cells[i].size(), options_.cell_bytes_max),
                  "shorten it; a missing quote may have joined several rows", i};
    return;
  }
}

void CsvReader::look_for_damage(RowView& row) const {
  for (std::size_t i = 0; i < row.cells.size() && !row.defect.any(); ++i) {
    if (row.cells[i].find("\xEF\xBF\xBD") != std::string_view::npos)
      row.defect = {"bytes that are no valid text", "type the cell anew, or save the file as UTF-8", i};
  }
}

}  // namespace semak
