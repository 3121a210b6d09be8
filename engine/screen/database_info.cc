#include "engine/screen/database_info.h"

#include <system_error>
#include <utility>

#include "engine/match/model.h"

namespace semak {
namespace {

// Files may come and go beside us: what cannot be asked counts nothing.
std::uint64_t bytes_in(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  std::filesystem::recursive_directory_iterator entry(folder, ignored);
  while (!ignored && entry != std::filesystem::recursive_directory_iterator()) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) {
      const std::uint64_t size = entry->file_size(gone);
      if (!gone) bytes += size;
    }
    entry.increment(ignored);
  }
  return bytes;
}

}  // namespace

Result<DatabaseInfo> database_info(const Engine& engine) {
  const auto world = engine.world();
  DatabaseInfo info;
  info.generation = world->generation;
  info.revision = engine.store().published()->revision;
  for (const auto& [name, part] : world->registers) {
    const Manifest& manifest = part.index->manifest();
    DatabaseInfo::Register& entry = info.registers.emplace_back();
    entry.info = part.info;
    entry.indexed_people = part.index->people();
    entry.index_segments = manifest.segments.size();
    entry.index_tombstones = manifest.tombstones.size();
    for (const SegmentRef& segment : manifest.segments) entry.index_bytes += segment.bytes;
  }
  SEMAK_TRY(info.loads, engine.store().loads());
  info.records_bytes = bytes_in(engine.folder() / "records");
  info.index_bytes = bytes_in(engine.folder() / "index");
  info.format = RecordStore::kFormat;
  info.normalizer_version = engine.normalizer().version();
  info.model_version = default_model().version;
  return info;
}

}  // namespace semak
