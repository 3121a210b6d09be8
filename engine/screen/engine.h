// An opened database folder: records, index, normaliser. Layout of the folder:
//   records/            RocksDB: registers, revisions, change log, loads, and the published state
//   index/<register>/   index segments; can always be rebuilt from records/
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
    std::int64_t loaded = 0;  // when its newest load was, seconds since 1970, one that changed nothing included
  };
  std::map<std::string, Part, std::less<>> registers;  // by name
};

enum class OpenMode { read_only, read_write, create };  // create: read_write, made if missing

class Engine {
 public:
  // The index of a register whose segments are missing, damaged or of another version is rebuilt from its records;
  // `notices` tells. In a writing mode the rebuilt index is stored. In read_only mode, which must not touch the
  // folder, it is made in a temporary folder and lives as long as this Engine does.
  // Errors: not_found, busy, version_mismatch, corruption, permission, no_space.
  // `fault`, for tests: as DatabaseOptions::fault.
  static Result<std::unique_ptr<Engine>> open(const std::filesystem::path& folder, OpenMode mode,
                                              const Progress& progress,
                                              std::function<Status(std::string_view operation)> fault = {});
  ~Engine();

  const std::filesystem::path& folder() const;
  std::filesystem::path index_folder(std::string_view register_name) const;
  const Normalizer& normalizer() const;
  RecordStore& store();
  const RecordStore& store() const;
  std::shared_ptr<const World> world() const;  // take once per request
  std::vector<std::string> notices() const;    // English, one sentence each

  // Makes the store's newest published generation the current world: what ingest() published, or, in read_only mode,
  // what another process did. Requests that hold the old world go on with it.
  Status refresh(const Progress& progress);

 private:
  Engine();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
