// An opened database folder: records, index, normaliser. Layout of the folder:
//   records/            RocksDB: registers, revisions, change log, loads, and the published state
//   index/<register>/   index segments; can always be rebuilt from records/
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "engine/progress.h"
#include "engine/record.h"
#include "engine/result.h"
#include "engine/store/record_store.h"
#include "index/live_index.h"
#include "index/snapshot.h"
#include "normalize/normalizer.h"

namespace semak {

// Everything that answers at one generation.
struct World {
  Generation generation;
  struct Part {
    RegisterInfo info;
    std::shared_ptr<const Snapshot> index;
  };
  std::map<std::string, Part, std::less<>> registers;  // by name
};

enum class OpenMode { read_only, read_write, create };  // create: read_write, made if missing

class Engine {
 public:
  // Rebuilds (and, in a writing mode, stores) the index of a register whose segments are damaged or of another
  // version; `notices` tells. Errors: not_found, busy, version_mismatch, corruption, permission, no_space.
  static Result<std::unique_ptr<Engine>> open(const std::filesystem::path& folder, OpenMode mode,
                                              const Progress& progress);
  ~Engine();

  const std::filesystem::path& folder() const;
  const Normalizer& normalizer() const;
  RecordStore& store();
  const RecordStore& store() const;
  std::shared_ptr<const World> world() const;  // take once per request
  const std::vector<std::string>& notices() const;

  // Makes the store's newest published generation the current world.
  Status refresh(const Progress& progress);

 private:
  Engine();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
