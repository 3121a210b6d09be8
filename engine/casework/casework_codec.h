// Checks, cases and decided pairs as bytes of the desk. Versioned and checksummed under their key; everything that
// touches a subject (names, numbers, references, evidence, reasons) is one sealed part, so that erasing it leaves ids,
// outcomes and hashes. Ids of records are sealed apart from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/casework/case.h"
#include "engine/casework/check.h"
#include "engine/keys/key_ring.h"
#include "engine/result.h"

namespace semak {

struct StoredCheck {
  Check check;
  std::int64_t retain_until_ms = 0;
  int case_days = 0;             // of the policy, as the next: for a case that is opened later
  double refer_probability = 0;  // orders that case
  // Of each hit the verdict on an earlier pair that was taken over when the check was made; need_more: none.
  struct Taken {
    Verdict verdict = Verdict::need_more;
    std::string case_id;
  };
  std::vector<Taken> taken;
};

// The sealed part is left out if check.erased.
std::string encode_check(const StoredCheck& stored, const KeyRing& keys);
// Errors: corruption, version_mismatch.
Result<StoredCheck> decode_check(std::string_view id, std::string_view bytes, const KeyRing& keys);

// `erased`: without references, evidence and texts, for good.
std::string encode_case(const Case& the_case, bool erased, const KeyRing& keys);
Result<Case> decode_case(std::string_view id, std::string_view bytes, const KeyRing& keys);

// What was decided of (subject, content).
struct DecidedPair {
  Verdict verdict = Verdict::need_more;
  std::string case_id;
  int candidate = 0;
  std::int64_t time_ms = 0;
};
std::string encode_pair(const DecidedPair& pair, std::string_view key);
Result<DecidedPair> decode_pair(std::string_view key, std::string_view bytes);

}  // namespace semak
