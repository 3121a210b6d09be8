// semak generate: synthetic registers and queries (tools/gen) to files.
#include <array>
#include <boost/json/object.hpp>

#include "tools/gen/people_file.h"
#include "tools/semak/json_text.h"
#include "tools/semak/output_file.h"
#include "tools/semak/progress_bar.h"
#include "tools/semak/session.h"
#include "tools/semak/table_writer.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"people", "N", Say::generate_people, true},
    {"out", "FILE", Say::generate_out, true},
    {"seed", "S", Say::generate_seed},
    {"kind", "KIND", Say::generate_kind},
    {"mistypes", "SHARE", Say::generate_mistypes},
    {"men", "SHARE", Say::generate_men},
    {"queries", "M", Say::generate_queries},
    {"queries-out", "FILE", Say::generate_queries_out},
    {"truth-out", "FILE", Say::generate_truth_out},
    {"members", "SHARE", Say::generate_members},
    {"numbers", "yes|no", Say::generate_numbers},
    {"queries-format", "FORMAT", Say::generate_queries_format},
    {"threads", "N", Say::option_threads},
    {"format", "text|json", Say::option_format},
};

Status generate_people(const Population& population, const PeopleOptions& options, const std::string& path,
                       ProgressBar& bar, std::uint64_t& bytes) {
  SEMAK_TRY(OutputFile file, OutputFile::create(path));
  const auto sink = [&](std::string_view text) {
    bytes += text.size();
    return file.write(text);
  };
  SEMAK_TRY_STATUS(write_people(population, options, sink, bar.progress()));
  return file.commit();
}

Status generate_queries(const Population& population, const QueryOptions& options, const std::string& path,
                        const std::string& truth_path, const std::string& format) {
  SEMAK_TRY(auto queries, TableWriter::create(path, format, {{"query_id"}, {"name"}, {"id_number"}, {"dob"}, {"sex"}}));
  std::unique_ptr<TableWriter> truth;
  if (!truth_path.empty()) {
    SEMAK_TRY(truth, TableWriter::create(truth_path, "", {{"query_id"}, {"registry_id"}, {"corruption"}}));
  }
  GeneratedPerson scratch;
  for (std::uint64_t i = 0; i < options.queries; ++i) {
    GeneratedQuery query = make_query(population, options, i, scratch);
    if (truth) {
      const std::array<std::string, 3> answer = {query.query_id, query.registry_id, query.corruption};
      SEMAK_TRY_STATUS(truth->write(answer));
    }
    const std::array<std::string, 5> cells = {std::move(query.query_id), std::move(query.name),
                                              std::move(query.id_number), std::move(query.dob), std::move(query.sex)};
    SEMAK_TRY_STATUS(queries->write(cells));
  }
  SEMAK_TRY_STATUS(queries->commit());
  return truth ? truth->commit() : Status();
}

int run(const Arguments& arguments) {
  static constexpr std::string_view kKinds[] = {"reference", "offender", "oyls"};
  static constexpr std::string_view kYesNo[] = {"yes", "no"};
  static constexpr std::string_view kFormats[] = {"", "csv", "tsv", "jsonl", "xlsx"};
  SEMAK_ASK(const std::uint64_t people, arguments.number("people", 0, 0, Population::kPeopleMax));
  SEMAK_ASK(const std::uint64_t seed, arguments.number("seed", 1, 0, UINT64_MAX));
  SEMAK_ASK(const std::uint64_t threads, arguments.number("threads", 0, 1, 64));
  SEMAK_ASK(const std::uint64_t queries, arguments.number("queries", 0, 0, 100'000'000));
  SEMAK_ASK(const std::string kind, arguments.choice("kind", kKinds));
  SEMAK_ASK(const std::string numbers, arguments.choice("numbers", kYesNo));
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  SEMAK_ASK(const std::string queries_format, arguments.choice("queries-format", kFormats));
  SEMAK_ASK(const double mistypes, arguments.decimal("mistypes", 0, 0, 1));
  SEMAK_ASK(const double members, arguments.decimal("members", 0.5, 0, 1));
  SEMAK_ASK(const double men, arguments.decimal("men", 0.5, 0, 1));
  const std::string queries_out = output_name(arguments, "queries-out");
  const std::string truth_out = output_name(arguments, "truth-out");
  if (queries > 0 && queries_out.empty())
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::generate_needs_queries_out)});
  if (queries == 0 && !(queries_out.empty() && truth_out.empty()))
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::generate_needs_queries)});

  const Population population(seed, men);
  PeopleOptions options;
  options.people = people;
  options.kind = kind == "offender" ? RegisterKind::offender
                 : kind == "oyls"   ? RegisterKind::oyls
                                    : RegisterKind::reference;
  options.mistypes = mistypes;
  options.threads = static_cast<int>(threads);
  const std::string out = output_name(arguments, "out");
  std::uint64_t bytes = 0;
  {
    ProgressBar bar;
    SEMAK_DO_STATUS(generate_people(population, options, out, bar, bytes));
  }
  if (queries > 0)
    SEMAK_DO_STATUS(generate_queries(population, {queries, people, members, numbers == "yes"}, queries_out, truth_out,
                                     queries_format));
  if (out == "-" || queries_out == "-" || truth_out == "-") return kDone;  // nothing else between the rows
  if (format == "json") {
    print(json_text(boost::json::object{{"people", people},
                                        {"out", out},
                                        {"bytes", bytes},
                                        {"queries", queries},
                                        {"queries_out", queries_out},
                                        {"truth_out", truth_out}}) +
          "\n");
    return kDone;
  }
  print(say(Say::generate_done_people, group_digits(people), out, spell_bytes(bytes)) + "\n");
  if (queries > 0) print(say(Say::generate_done_queries, group_digits(queries), queries_out) + "\n");
  if (!truth_out.empty()) print(say(Say::generate_done_truth, truth_out) + "\n");
  return kDone;
}

}  // namespace

const Verb kGenerate = {
    "generate",
    Say::generate_summary,
    kOptions,
    "",
    "semak generate --people 100k --out people.csv --queries 1000 --queries-out q.csv --truth-out t.csv",
    run};

}  // namespace semak
