// Whether a database is what it should be: that the records are whole, that the index is theirs, and that look-ups
// lose nothing against the exhaustive scan.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/progress.h"
#include "engine/result.h"
#include "engine/screen/engine.h"

namespace semak {

struct VerifyOptions {
  std::uint64_t recall_subjects = 0;  // looked up both ways; 0: none
  std::uint64_t seed = 1;
  int top = 5;
};

struct VerifyReport {
  Generation generation;
  std::uint64_t registers = 0, records = 0, revisions = 0, loads = 0;  // records: with a withdrawn one counted too
  std::uint64_t indexed_people = 0;
  std::uint64_t recall_subjects = 0;   // looked up
  std::uint64_t recall_hits = 0;       // that the exhaustive scan found
  std::uint64_t recall_missing = 0;    // of those, not found by the look-up in the same place with the same score
  std::uint64_t recall_too_vague = 0;  // subjects that the look-up declined (not counted as missing)
  std::uint64_t findings_total = 0;
  std::vector<std::string> findings;  // the first 100, English, one sentence each

  bool clean() const { return findings_total == 0; }
};

// Reads everything: every revision is decoded and compared with heads, counts and loads; every segment's checksums are
// tested; each active record must be in the index exactly once (unless it answers nobody, record_status.h: then not at
// all). Then the recall, over all registers in proportion to their size: subjects are records, as they are or corrupted
// as people and forms do it, and some strangers. What is wrong is a finding; an Error says that verifying itself could
// not go on.
Result<VerifyReport> verify(const Engine& engine, const VerifyOptions& options, const Progress& progress);

}  // namespace semak
