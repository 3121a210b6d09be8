#include "tools/fit/name_corpus.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "normalize/date_parser.h"

namespace semak {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::vector<std::string>> split_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"', ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      row.push_back(std::move(cell));
      cell.clear();
      if (c == '\n') rows.push_back(std::move(row)), row.clear();
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (!cell.empty() || !row.empty()) row.push_back(std::move(cell)), rows.push_back(std::move(row));
  return rows;
}

Result<std::vector<Row>> read_table(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::not_found, path.string() + ": cannot be read"};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::vector<std::vector<std::string>> cells = split_csv(text);
  std::vector<Row> rows;
  for (std::size_t i = 1; i < cells.size(); ++i) {
    Row row;
    for (std::size_t j = 0; j < cells[0].size() && j < cells[i].size(); ++j) row[cells[0][j]] = cells[i][j];
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return Error{ErrorCode::invalid_input, path.string() + ": no rows"};
  return rows;
}

Record record_of(Row& row) {
  Record record;
  record.id = row["id"];
  record.names = {{NameType::registered, row["name"]}};
  record.dob = parse_date(row["dob"]).value_or(PartialDate{});
  record.sex = parse_sex(row["sex"]).value_or(Sex::unknown);
  return record;
}

// Fold of a key: stable from run to run and unrelated to the order of the file.
int fold_of(const std::string& key) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash ^= hash >> 29;
  return static_cast<int>(hash % kFolds);
}

// Queries for nobody in the register carry no person; forms of one person share their rarest tokens, so those of the
// same least-frequent pair of tokens are held to be one person's.
std::string cluster_key(const CorpusQuery& query, const std::unordered_map<std::string, int>& counts) {
  std::vector<std::pair<int, std::string>> tokens;
  for (const NameForm& form : query.names_only.forms) {
    for (const NameToken& token : form.tokens) {
      const auto found = counts.find(token.text);
      tokens.emplace_back(found == counts.end() ? 0 : found->second, token.text);
    }
  }
  std::sort(tokens.begin(), tokens.end());
  return tokens.empty() ? query.id : tokens.front().second;
}

void set_folds(NameCorpus& corpus) {
  std::unordered_map<std::string, int> counts;
  for (const CorpusQuery& query : corpus.queries) {
    std::set<std::string> own;
    for (const NameForm& form : query.names_only.forms) {
      for (const NameToken& token : form.tokens) own.insert(token.text);
    }
    for (const std::string& text : own) ++counts[text];
  }
  // A token of one query only joins nothing: prefer the rarest that two queries share.
  for (auto& [text, count] : counts) {
    if (count == 1) count = 1'000'000;
  }
  for (CorpusQuery& query : corpus.queries) {
    query.fold = fold_of(query.record >= 0 ? corpus.records[static_cast<std::size_t>(query.record)].id
                                           : cluster_key(query, counts));
  }
}

}  // namespace

Result<NameCorpus> read_name_corpus(const std::filesystem::path& folder, const Normalizer& normalizer) {
  NameCorpus corpus;
  std::unordered_map<std::string, int> record_of_id;
  SEMAK_TRY(std::vector<Row> registry, read_table(folder / "registry.csv"));
  for (Row& row : registry) {
    record_of_id[row["id"]] = static_cast<int>(corpus.records.size());
    corpus.records.push_back({row["id"], row["name"], make_profile(normalizer, record_of(row))});
  }
  SEMAK_TRY(std::vector<Row> truth, read_table(folder / "truth.csv"));
  std::unordered_map<std::string, Row*> truth_of;
  for (Row& row : truth) truth_of[row["query_id"]] = &row;
  SEMAK_TRY(std::vector<Row> queries, read_table(folder / "queries.csv"));
  for (Row& row : queries) {
    CorpusQuery query;
    query.id = row["query_id"];
    query.name = row["name"];
    Subject subject;
    subject.names = {{NameType::registered, query.name}};
    query.names_only = make_profile(normalizer, subject);
    subject.dob = parse_date(row["birth_year"]).value_or(PartialDate{});
    subject.sex = parse_sex(row["sex"]).value_or(Sex::unknown);
    query.with_person = make_profile(normalizer, subject);
    const auto found = truth_of.find(query.id);
    if (found == truth_of.end()) return Error{ErrorCode::invalid_input, "truth.csv lacks query " + query.id};
    query.community = (*found->second)["ethnicity"];
    const std::string& meant = (*found->second)["registry_id"];
    if (!meant.empty()) {
      if (!record_of_id.count(meant)) return Error{ErrorCode::invalid_input, "truth.csv names no record " + meant};
      query.record = record_of_id[meant];
    }
    corpus.queries.push_back(std::move(query));
  }
  set_folds(corpus);
  return corpus;
}

}  // namespace semak
