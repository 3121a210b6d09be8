// One load on its way into the store: invisible until commit(), and discarded if that never comes. Small loads
// travel in the one write that commits them; large ones as sorted files that RocksDB takes in whole.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/ids.h"
#include "engine/result.h"
#include "engine/store/record_store.h"

namespace semak {

// `record_id` is only read during the call.
struct HeadWrite {
  std::string_view record_id;
  RevisionId revision;
  RecordState state = RecordState::active;
  std::uint64_t content = 0;
};

class StoreWriter {
 public:
  ~StoreWriter();
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  const RegisterInfo& register_info() const;  // as published; a new register has a new id and no records
  bool register_is_new() const;
  RevisionId first_revision() const;  // to be given to the first change
  Generation generation() const;      // that commit() will publish
  std::uint64_t batch() const;        // of this load

  // Thread-safe. Each call's keys are ascending, and no two calls' ranges overlap; calls come in any order.
  Status add_revisions(const RevisionBytes& revisions);
  Status add_heads(std::span<const HeadWrite> heads);

  // Lets RecordStore read what was added by an `as_of` above the published revision. Nothing can be added after it.
  Status make_readable();

  struct Publication {
    RevisionId last_revision;
    std::uint64_t active = 0, withdrawn = 0;  // records of the register from now on
    std::string index;                        // encoded Manifest
    LoadInfo load;                            // batch, generation and time are filled in
    // Whether the register is as new as now, as after a load of it. Single changes say nothing of all its other
    // records: a register that they keep busy may have had no load for years.
    bool renews = true;
  };
  // The commit point: on success the load is durable and visible, otherwise the previous state stays.
  Status commit(Publication publication);
  // Instead of commit() where nothing changed: the register is as new as now (RecordStore::renewals), no generation is
  // published.
  Status renew();

 private:
  friend class RecordStore;
  struct Impl;
  explicit StoreWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
