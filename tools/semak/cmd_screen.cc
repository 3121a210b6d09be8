// semak screen: a file of people against the registers; every one of them appears in the result, in order.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <thread>

#include "tools/semak/answer_text.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/ordered_work.h"
#include "tools/semak/policy_option.h"
#include "tools/semak/query_file.h"
#include "tools/semak/session.h"
#include "tools/semak/table_writer.h"
#include "tools/semak/text_table.h"
#include "tools/semak/translation.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"in", "FILE", Say::screen_in, true},
    {"out", "FILE", Say::screen_out, true},
    {"register", "NAME", Say::lookup_register},
    {"top", "K", Say::option_top},
    {"min-bits", "B", Say::option_min_bits},
    {"policy", "NAME", Say::option_policy},
    {"consent", "", Say::option_consent},
    {"threads", "N", Say::option_threads},
    {"as", "FILE", Say::option_as},
    {"brief", "", Say::screen_brief},
    {"out-format", "FORMAT", Say::screen_out_format},
    {"rejects", "FILE", Say::screen_rejects},
    {"format", "text|json", Say::option_format},
};

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

constexpr std::size_t kChunk = 128;  // queries screened at once: some milliseconds

struct Chunk {
  std::vector<Query> queries;
  std::vector<RejectedRow> rejected;
};

struct Counts {
  std::uint64_t queries = 0, no_record = 0, refer = 0, record = 0, incomplete = 0, rejected = 0, rows = 0;
  void count(Outcome outcome) {
    ++queries;
    if (outcome == Outcome::no_record) ++no_record;
    if (outcome == Outcome::refer) ++refer;
    if (outcome == Outcome::record) ++record;
    if (outcome == Outcome::incomplete) ++incomplete;
  }
};

struct Done {
  std::vector<Row> rows;
  std::vector<RejectedRow> rejected;
  Counts counts;
};

// How cells are written depends on who reads the file: only spreadsheets take text for formulas, only JSON has arrays.
struct CellStyle {
  bool spreadsheet = true;
  bool json = false;
  bool evidence = true;

  // Ids stay as they are, so that programs can join on them, except where a spreadsheet would calculate.
  std::string id(const std::string& text) const {
    if (!spreadsheet || text.empty()) return text;
    const char first = text.front();
    const bool signs = first == '-' || first == '+';
    const bool plain = signs && text.find_first_of("(|!=\"'") == std::string::npos;
    return plain ? text : harmless_cell(text);
  }
  std::string words(const std::string& text) const { return spreadsheet ? harmless_cell(text) : text; }
  std::string lines(const std::vector<Evidence>& list) const {
    if (json) return evidence ? evidence_json(list) : "[]";
    return evidence ? words(evidence_cell(list)) : "";
  }
  // `said` and, after it, what of the query was not compared.
  std::string with_unread(std::string said, const std::string& unread) const {
    if (unread.empty()) return said;
    if (!json) return words((said.empty() ? said : said + "; ") + "not compared: " + unread);
    const std::string note = json_text(boost::json::object{{"reason", "not_compared"}, {"text", unread}});
    said.pop_back();  // of "[...]"
    return said + (said.size() > 1 ? "," : "") + note + "]";
  }
};

void add_rows(const Query& query, const Answer& answer, const CellStyle& style, std::vector<Row>& rows) {
  const std::string outcome = to_string(answer.outcome);
  if (answer.hits.empty()) {
    std::string note = to_string(answer.reason);
    if (style.json) note = note.empty() ? "[]" : "[{\"reason\":\"" + note + "\"}]";
    rows.push_back({style.id(query.id), "", "", "", "", "", outcome, style.with_unread(std::move(note), query.unread)});
    return;
  }
  int rank = 0;
  for (const Hit& hit : answer.hits)
    rows.push_back({style.id(query.id), std::to_string(++rank), style.words(hit.register_name), style.id(hit.record_id),
                    spell_score(hit.score), spell_probability(hit.probability), outcome,
                    style.with_unread(style.lines(hit.evidence), query.unread)});
}

// What is answered here stands in the chain before a row of it is written.
Result<Done> screen_chunk(Office& office, const Actor& actor, const Policy& policy, const CellStyle& style,
                          Chunk&& chunk) {
  Done done;
  done.rejected = std::move(chunk.rejected);
  std::vector<Subject> subjects;
  for (const Query& query : chunk.queries) {
    if (query.problem.empty()) subjects.push_back(query.subject);
  }
  SEMAK_TRY(const auto answers,
            office.lookup_many(actor, policy, subjects, style.evidence ? Detail::evidence : Detail::brief));
  auto answer = answers.begin();
  for (const Query& query : chunk.queries) {
    if (!query.problem.empty()) {
      const std::string note =
          style.json
              ? json_text(boost::json::array{boost::json::object{{"reason", "rejected"}, {"text", query.problem}}})
              : style.words("rejected: " + query.problem);
      done.rows.push_back({style.id(query.id), "", "", "", "", "", to_string(Outcome::incomplete), note});
      done.counts.count(Outcome::incomplete);
      continue;
    }
    done.counts.count(answer->outcome);
    add_rows(query, *answer++, style, done.rows);
  }
  return done;
}

struct Job {
  std::string in, out, out_format, rejects;
  unsigned threads = 1;
  Actor actor;
  Policy policy;
  CellStyle style;
};

Result<Counts> screen_file(Office& office, const Job& job, ProgressBar& bar, std::vector<std::string>& warnings) {
  SEMAK_TRY(QueryFile queries, QueryFile::open(job.in));
  SEMAK_TRY(auto results, TableWriter::create(job.out, job.out_format,
                                              {{"query_id"},
                                               {"rank", ColumnType::number},
                                               {"register"},
                                               {"record_id"},
                                               {"score", ColumnType::number},
                                               {"probability", ColumnType::number},
                                               {"outcome"},
                                               {"evidence", ColumnType::json}}));
  RejectsWriter rejects(job.rejects, queries.source().header());
  Counts counts;
  const auto take = [&]() -> Result<std::optional<Chunk>> {
    Chunk chunk;
    SEMAK_TRY(const bool more, queries.next(chunk.queries, chunk.rejected, kChunk));
    if (!more && chunk.queries.empty()) return std::optional<Chunk>();
    return std::optional<Chunk>(std::move(chunk));
  };
  const auto make_worker = [&] {
    return [&](Chunk&& chunk) { return screen_chunk(office, job.actor, job.policy, job.style, std::move(chunk)); };
  };
  const auto give = [&](Done&& done) -> Status {
    for (const Row& row : done.rows) SEMAK_TRY_STATUS(results->write(row));
    for (RejectedRow& row : done.rejected) {
      row.reason = in_words(row.reason);
      row.cure = in_words(row.cure);
      SEMAK_TRY_STATUS(rejects.write(row));
    }
    counts.queries += done.counts.queries;
    counts.no_record += done.counts.no_record;
    counts.refer += done.counts.refer;
    counts.record += done.counts.record;
    counts.incomplete += done.counts.incomplete;
    counts.rejected += done.rejected.size();
    counts.rows += done.rows.size();
    bar.show("screening", queries.source().bytes_read(), queries.source().bytes_total());
    return {};
  };
  SEMAK_TRY_STATUS((run_ordered<Chunk, Done>(job.threads, take, make_worker, give)));
  SEMAK_TRY_STATUS(rejects.close());
  SEMAK_TRY_STATUS(results->commit());
  warnings = queries.source().warnings();
  return counts;
}

std::string as_text(const Job& job, const Counts& counts, double seconds) {
  TextTable table({say(Say::screen_counts), ""}, {false, true});
  table.add({say(Say::count_no_record), group_digits(counts.no_record)});
  table.add({say(Say::count_refer), group_digits(counts.refer)});
  if (counts.record > 0) table.add({say(Say::count_record), group_digits(counts.record)});
  table.add({say(Say::count_incomplete), group_digits(counts.incomplete)});
  table.add({say(Say::count_queries), group_digits(counts.queries)});
  std::string out = table.text(0, colours_on_output());
  out += "\n" + say(Say::screen_done, job.out, spell_duration(seconds)) + "\n";
  if (counts.incomplete > 0) out += say(Say::screen_incomplete_note) + "\n";
  if (counts.rejected > 0) out += say(Say::screen_rejects_note, group_digits(counts.rejected), job.rejects) + "\n";
  return out;
}

int run(const Arguments& arguments) {
  static constexpr std::string_view kFormats[] = {"", "csv", "tsv", "jsonl", "xlsx"};
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  Job job;
  SEMAK_ASK(job.out_format, arguments.choice("out-format", kFormats));
  SEMAK_ASK(const std::uint64_t threads,
            arguments.number("threads", std::max(1u, std::thread::hardware_concurrency()), 1, 256));
  job.threads = static_cast<unsigned>(threads);
  job.in = arguments.text("in");
  job.out = output_name(arguments, "out");
  job.rejects = arguments.text("rejects", (job.out == "-" ? job.in : job.out) + ".rejects.csv");
  const std::string kind =
      !job.out_format.empty() ? job.out_format : std::filesystem::path(job.out).extension().string();
  job.style.json = kind.ends_with("jsonl");
  job.style.spreadsheet = !job.style.json && !kind.ends_with("xlsx");
  job.style.evidence = !arguments.has("brief");

  std::error_code ignored;
  if (std::filesystem::equivalent(job.in, job.out, ignored))
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::screen_same_file, job.in)});

  const auto begun = std::chrono::steady_clock::now();
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_ASK(job.policy, policy_option(arguments, office->policies()));
  if (arguments.has("consent")) job.policy.consent = false;  // whoever runs this has it of all of them
  SEMAK_DO(job.actor, actor_of(*office, arguments, Role::caseworker));
  const auto world = office->engine().world();
  SEMAK_DO_STATUS(check_register(*world, arguments.text("register")));
  ask_only(job.policy, *world, arguments.text("register"));
  std::vector<std::string> warnings;
  SEMAK_DO(const Counts counts, screen_file(*office, job, bar, warnings));
  bar.finish();
  for (const std::string& warning : warnings) warn(printable(warning));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (format == "json") {
    const std::string summary =
        json_text(boost::json::object{{"queries", counts.queries},
                                      {"no_record", counts.no_record},
                                      {"refer", counts.refer},
                                      {"record", counts.record},
                                      {"incomplete", counts.incomplete},
                                      {"rejected", counts.rejected},
                                      {"rows", counts.rows},
                                      {"seconds", seconds},
                                      {"generation", world->generation.value},
                                      {"policy", job.policy.name},
                                      {"out", job.out},
                                      {"rejects_file", counts.rejected > 0 ? job.rejects : ""}}) +
        "\n";
    if (job.out != "-") print(summary);
  } else if (job.out != "-") {
    print(as_text(job, counts, seconds));
  }
  return counts.rejected > 0 ? kDoneWithFindings : kDone;
}

}  // namespace

const Verb kScreen = {
    "screen", Say::screen_summary, kOptions, "", "semak screen --db register.db --in applicants.csv --out results.csv",
    run};

}  // namespace semak
