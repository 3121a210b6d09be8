// Finds the people of a snapshot whose score against a subject is best. Exact: the same answer as exhaustive.h
// gives, for every subject and snapshot. Total: it has no error path.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/bits.h"
#include "engine/ids.h"
#include "index/snapshot.h"
#include "normalize/profile.h"

namespace semak {

struct LookupLimits {
  int top = 5;     // at most so many hits, >= 1
  Bits score_min;  // and only from this score on
  // Hits more than this below the best are left out (a number that matches need not be followed by namesakes).
  Bits window = Bits::whole(100000);
  // A subject whose search would examine more postings than this is answered `too_vague`. 0: no limit.
  std::uint64_t work_max = 0;
};

// Where a hit's score comes from: enough to explain it without searching again.
struct LookupHit {
  RevisionId revision;
  Bits score;  // name + person
  Bits name;
  Bits person;
  std::uint8_t query_form = 0;  // index into the subject's Profile::forms
};

struct LookupResult {
  std::vector<LookupHit> hits;  // by score descending, then revision ascending
  bool too_vague = false;       // not searched whole: never to be read as "nothing found"
  // By the subject's form: what a name would score that has every part of it, as these people spell it. None if nobody
  // has one of the parts that identify. A hit that comes up to it has the whole name.
  std::vector<std::optional<Bits>> whole_names;
  // What it took, for benchmarks and metrics.
  std::uint64_t postings = 0;
  std::uint64_t scored = 0;
};

// Scratch memory of one thread; reuse it from look-up to look-up.
class LookupScratch {
 public:
  LookupScratch();
  ~LookupScratch();
  LookupScratch(LookupScratch&&) noexcept;
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// A subject with neither a name form nor a number finds nobody and is `too_vague`.
LookupResult look_up(const Snapshot& snapshot, const Profile& subject, const LookupLimits& limits,
                     LookupScratch& scratch);

}  // namespace semak
