// In what a query differs from the record it means, told from the engine's own alignment of the two.
#pragma once

#include <string>
#include <vector>

#include "tools/fit/corpus_scorer.h"
#include "tools/fit/name_corpus.h"
#include "tools/fit/quality_figures.h"

namespace semak {

// "same", "spelling family", "part dropped", "part added", "typing", "initials", "alias", "one token left" or "nothing
// in common"; the hardest difference of the pair names it. Empty for queries that mean no record.
std::vector<std::string> difference_classes(const NameCorpus& corpus, const CorpusScorer& scorer,
                                            const Rankings& rankings);

}  // namespace semak
