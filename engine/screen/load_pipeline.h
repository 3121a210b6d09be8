// The rows of a load with all cores at work:
//   read (in order) | encode | judge and number (in order) | normalise and encode | gather (in order)
// Bounded memory: a few chunks of rows are on their way at any time. Nothing here is visible to anyone.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "engine/progress.h"
#include "engine/result.h"
#include "engine/screen/index_feed.h"
#include "engine/screen/load_ledger.h"
#include "engine/screen/load_reader.h"
#include "engine/screen/load_rejects.h"
#include "engine/screen/revision_sink.h"
#include "engine/store/record_store.h"
#include "engine/store/store_writer.h"
#include "normalize/normalizer.h"

namespace semak {

struct LoadCounts {
  std::uint64_t rows = 0, added = 0, changed = 0, unchanged = 0, restored = 0, withdrawn = 0, rejected = 0;
  std::uint64_t duplicates = 0;                    // of the rejected
  std::atomic<std::uint64_t> without_name = 0;     // records that can be found by number alone
  std::atomic<std::uint64_t> names_cut_short = 0;  // records with names longer than are compared
  std::atomic<std::uint64_t> quashed = 0;          // records that are kept and answered to nobody

  std::uint64_t changes() const { return added + changed + restored + withdrawn; }
};

// Everything a load works on.
struct LoadParts {
  const Normalizer& normalizer;
  const RecordStore& store;
  StoreWriter& writer;
  LoadReader& reader;
  LoadRejects& rejects;
  LoadLedger& ledger;
  RevisionSink& sink;
  IndexFeed& feed;
  LoadCounts& counts;
  RevisionId next;          // number of the next change
  bool ledger_knows_heads;  // else they are fetched as ids turn up
  const Progress& progress;
};

// Reads all files, numbers what changed, and hands it to sink and feed.
Status run_load_pipeline(LoadParts& parts);

// For a load that replaces the register: withdraws the records that no row had.
Status withdraw_missing(LoadParts& parts);

}  // namespace semak
