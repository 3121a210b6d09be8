// Which tokens of a segment's dictionary a query token is related to: all of them, without relating it to each.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/match/token_relation.h"
#include "index/segment.h"

namespace semak {

struct RelatedToken {
  std::uint32_t token = 0;
  Relation relation;
};

// Replaces `out`, ascending by token. The same as relating `query` with every token and keeping those of a kind
// other than `none`: each reason that relate() may have (token_relation.h) is looked for by an index of its own,
// which may offer too much but never too little; relate() itself decides.
void find_related(const Segment& segment, const TokenView& query, std::vector<RelatedToken>& out);

}  // namespace semak
