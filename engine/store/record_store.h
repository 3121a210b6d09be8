// Registers, immutable record revisions, the change log and the published state, on RocksDB (database.h).
// Placeholder contract: see record_store.cc for the layout of keys.
#pragma once

#include <cstdint>
#include <string>

#include "engine/ids.h"
#include "engine/record.h"
#include "engine/result.h"

namespace semak {

struct RegisterInfo {
  RegisterId id;
  std::string name;
  RegisterKind kind = RegisterKind::reference;
  std::uint64_t active = 0;     // records answering at the published generation
  std::uint64_t withdrawn = 0;
};

class RecordStore;

}  // namespace semak
