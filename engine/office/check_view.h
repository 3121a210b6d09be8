// A check as one role may see it. Every door shows checks through here, so that none can show more than another.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "engine/casework/check.h"
#include "engine/policy.h"
#include "engine/receipts/receipt.h"

namespace semak {

// What a submitter reads: "no_record", "under_verification", "record" or "incomplete".
std::string_view shown_outcome(const Check& check);

// `check` without what `view` does not include. outcome: no hits, and of the standing its state, dates and child
// only; no case. comparison: hits with evidence. record: the same (what the register says of a hit is the door's to
// add, from its revision). nothing: only the id.
Check shaped(const Check& check, View view);

// The members that every door writes alike, of a check shaped for `view`: id, outcome, reason, as_of, policy, purpose,
// reference, valid_until, standing, case, hits... Scores are score_centibits, probabilities probability_bp; times are
// RFC 3339 in UTC. `receipt`: added if given.
boost::json::object check_json(const Check& check, View view, const Receipt* receipt = nullptr);

boost::json::object hit_json(const Hit& hit);  // of View::comparison

std::string utc_time(std::int64_t time_ms);  // "2026-11-20T03:00:00Z"

}  // namespace semak
