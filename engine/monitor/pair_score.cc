#include "engine/monitor/pair_score.h"

#include "engine/match/model.h"
#include "engine/match/person_evidence.h"

namespace semak {

std::optional<PairScore> score_pair(const Profile& subject, const Profile& record, bool related,
                                    const RaritySource& rarities) {
  const bool named = !subject.forms.empty() && !record.forms.empty();
  if (!named && !related) return std::nullopt;
  PairScore score;
  score.person = person_bits(facts_of(subject), facts_of(record), nullptr);
  std::optional<Bits> name;
  for (const NameForm& mine : subject.forms) {
    for (const NameForm& theirs : record.forms) {
      const Bits bits = name_score(default_model(), mine, theirs, rarities);
      if (!name || bits > *name) name = bits;
    }
  }
  score.all = score.person + name.value_or(Bits{});
  return score;
}

}  // namespace semak
