// Where a score comes from, line by line, for a caseworker. Scores one pair again, slowly and wholly.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/decision.h"
#include "engine/match/model.h"
#include "engine/match/token_relation.h"
#include "normalize/profile.h"

namespace semak {

// How rare names are in the register that answered: the index gives the very figures that its look-up used.
class RaritySource {
 public:
  virtual ~RaritySource() = default;
  // Rarity of a record's token.
  virtual Bits of_record(const NameToken& token) const = 0;
  // Rarity of all tokens of the register that are at least as close to the query's token as `relation` is
  // (rarity_query of pair_gain).
  virtual Bits of_neighbourhood(const NameToken& query_token, const Relation& relation) const = 0;
};

// The lines' weights sum exactly to the score that look-up gives the pair: name score of subject.forms[query_form]
// against the record's best form (ties: the first), plus person bits. No name line if query_form is out of range or the
// record has no form.
std::vector<Evidence> explain(const Model& model, const Profile& subject, std::uint8_t query_form,
                              const Profile& record, const RaritySource& rarities);

// The name part alone, of any two forms; the reference that look-up must agree with.
Bits name_score(const Model& model, const NameForm& query, const NameForm& record, const RaritySource& rarities);

}  // namespace semak
