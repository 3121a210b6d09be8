// Scores every record of a corpus against a query with the engine's own model: no index, nothing pruned.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/match/model.h"
#include "engine/match/name_alignment.h"
#include "engine/match/token_relation.h"
#include "tools/fit/name_corpus.h"

namespace semak {

struct ScoredRecord {
  int record = -1;
  Bits score;
  Bits name;
  Bits person;
  int query_form = -1;
  int record_form = -1;
};

// The vocabulary of a register with its counts, and how every token of the queries relates to it.
class CorpusIndex {
 public:
  struct Token {
    NameToken token;
    std::uint32_t people = 0;
    double per_million = 0;
  };
  struct Place {
    int form = 0;  // index into forms()
    std::uint8_t position = 0;
  };
  struct Form {
    int record = 0;
    int number = 0;  // within the record's profile
    std::vector<int> tokens;
  };
  struct Neighbour {
    int token = 0;
    Relation relation;
  };

  explicit CorpusIndex(const NameCorpus& corpus);

  const std::vector<Token>& tokens() const { return tokens_; }
  const std::vector<Form>& forms() const { return forms_; }
  const std::vector<Place>& places(int token) const { return places_[static_cast<std::size_t>(token)]; }
  const Form& form(int record, int number) const {
    return forms_[static_cast<std::size_t>(first_form_[static_cast<std::size_t>(record)] + number)];
  }
  std::uint64_t people() const { return people_; }
  // By cost ascending.
  const std::vector<Neighbour>& neighbours(const NameToken& token) const;

 private:
  std::vector<Token> tokens_;
  std::vector<Form> forms_;
  std::vector<int> first_form_;  // of each record
  std::vector<std::vector<Place>> places_;
  std::uint64_t people_ = 0;
  std::unordered_map<std::string, std::vector<Neighbour>> neighbours_;
};

// A pair of forms as the model sees it: what align() was given and what it chose.
struct FormPair {
  std::vector<AlignToken> query, record;
  std::vector<AlignEdge> edges;
  std::vector<Relation> relations;     // of each edge
  std::vector<Bits> rarity_of_edge;    // what its gain was computed from
  std::vector<Bits> rarity_of_record;  // of each record token
  Alignment alignment;
};

enum class Facts { names_only, with_person };

class CorpusScorer {
 public:
  // `leave_one_out`: the national table was counted over these very people; each query then sees it without its own.
  CorpusScorer(const NameCorpus& corpus, const CorpusIndex& index, const Model& model, bool leave_one_out);

  // The best `top` records by score, then by position in the register; the record meant is always among them (last, if
  // it is not among the best) unless nothing of its name is related.
  std::vector<ScoredRecord> score(const CorpusQuery& query, Facts facts, int top) const;

  // One pair in detail.
  FormPair detail(const CorpusQuery& query, const ScoredRecord& pair) const;

 private:
  struct Cell;
  Bits rarity_of(int token, const std::unordered_set<std::string>& own) const;
  double per_million(int token, const std::unordered_set<std::string>& own) const;
  std::unordered_set<std::string> own_tokens(const CorpusQuery& query) const;
  Bits gain_of(const Cell& cell, TokenRole role) const;
  std::vector<Cell> cells_of(const NameToken& token, const std::unordered_set<std::string>& own) const;

  const NameCorpus& corpus_;
  const CorpusIndex& index_;
  const Model& model_;
  bool leave_one_out_;
};

}  // namespace semak
