#include "engine/screen/engine.h"

#include <cstdlib>
#include <mutex>
#include <system_error>
#include <utility>

#include "engine/match/model.h"
#include "engine/screen/index_rebuild.h"
#include "index/index_writer.h"

namespace semak {
namespace {

// A reader may find that the files of the state it read have gone, because the writer published twice meanwhile.
constexpr int kReadAttempts = 5;

// Open to its owner alone: an index holds names.
Result<std::filesystem::path> temporary_folder() {
  std::error_code failed;
  std::string path = (std::filesystem::temp_directory_path(failed) / "semak-index-XXXXXX").string();
  if (failed || ::mkdtemp(path.data()) == nullptr) {
    return Error{ErrorCode::io, "no temporary folder can be made for a rebuilt index; set TMPDIR to one that exists"};
  }
  return std::filesystem::path(path);
}

DatabaseMode database_mode(OpenMode mode) {
  switch (mode) {
    case OpenMode::read_only: return DatabaseMode::read_only;
    case OpenMode::read_write: return DatabaseMode::read_write;
    case OpenMode::create: break;
  }
  return DatabaseMode::create;
}

bool wants_rebuild(ErrorCode code) {
  return code == ErrorCode::corruption || code == ErrorCode::version_mismatch || code == ErrorCode::not_found;
}

}  // namespace

struct Engine::Impl {
  std::filesystem::path folder;
  OpenMode mode = OpenMode::read_only;
  Normalizer normalizer;
  std::unique_ptr<RecordStore> store;
  Live<World> world;
  std::mutex refreshing;
  mutable std::mutex notices_mutex;
  std::vector<std::string> notices;
  // In read_only mode: the published manifest whose index was found unusable, by register.
  std::map<std::string, std::string, std::less<>> replaced;

  bool writes() const { return mode != OpenMode::read_only; }
  std::filesystem::path index_folder(std::string_view name) const { return folder / "index" / name; }
  void notice(std::string text) {
    std::lock_guard lock(notices_mutex);
    notices.push_back(std::move(text));
  }

  Status read_world(const Progress& progress, bool verify_payload);
  Result<std::shared_ptr<const World>> world_of(const PublishedState& state, const Progress& progress,
                                                bool verify_payload);
  Result<std::shared_ptr<const Snapshot>> open_index(const PublishedRegister& entry, bool verify_payload);
  Result<std::shared_ptr<const Snapshot>> rebuild(const PublishedRegister& entry, const PublishedState& state,
                                                  const Error& why, const Progress& progress);
  void remove_old_index_files(const World& old, const World& current);
};

Result<std::shared_ptr<const Snapshot>> Engine::Impl::open_index(const PublishedRegister& entry, bool verify_payload) {
  SEMAK_TRY(const Manifest manifest, decode_manifest(entry.index));
  if (manifest.normalizer_version != normalizer.version() || manifest.model_version != default_model().version) {
    return Error{ErrorCode::version_mismatch, "made by another version of Semak"};
  }
  return Snapshot::open(index_folder(entry.info.name), manifest, verify_payload);
}

Result<std::shared_ptr<const Snapshot>> Engine::Impl::rebuild(const PublishedRegister& entry,
                                                              const PublishedState& state, const Error& why,
                                                              const Progress& progress) {
  const std::string& name = entry.info.name;
  std::filesystem::path target = index_folder(name);
  if (!writes()) {
    SEMAK_TRY(target, temporary_folder());
  }
  const auto build = [&]() -> Result<std::shared_ptr<const Snapshot>> {
    SEMAK_TRY(const Manifest manifest,
              rebuild_index(*store, normalizer, entry.info, state.revision, target, state.generation, progress));
    SEMAK_TRY(std::shared_ptr<const Snapshot> snapshot, Snapshot::open(target, manifest, /*verify_payload=*/false));
    if (writes()) SEMAK_TRY_STATUS(store->replace_index(name, encode(manifest)));
    return snapshot;
  };
  Result<std::shared_ptr<const Snapshot>> snapshot = build();
  if (!writes()) {
    std::error_code ignored;  // what is mapped stays readable
    std::filesystem::remove_all(target, ignored);
  }
  if (!snapshot) return snapshot;
  std::string text =
      "the index of register " + name + " could not be used (" + why.message + ") and was rebuilt from its records";
  if (!writes()) {
    replaced[name] = entry.index;
    text += " for this process only; the next semak load keeps a rebuilt one";
  }
  notice(std::move(text));
  return snapshot;
}

Result<std::shared_ptr<const World>> Engine::Impl::world_of(const PublishedState& state, const Progress& progress,
                                                            bool verify_payload) {
  const std::shared_ptr<const World> old = world.current();
  auto next = std::make_shared<World>();
  next->generation = state.generation;
  SEMAK_TRY(const auto renewals, store->renewals());
  for (const auto& [name, entry] : state.registers) {
    World::Part& part = next->registers[name];
    part.info = entry.info;
    if (const auto renewed = renewals.find(name); renewed != renewals.end()) part.loaded = renewed->second;
    if (old) {
      const auto known = old->registers.find(name);
      const auto known_unusable = replaced.find(name);
      if (known != old->registers.end() &&
          (encode(known->second.index->manifest()) == entry.index ||
           (known_unusable != replaced.end() && known_unusable->second == entry.index))) {
        part.index = known->second.index;
        continue;
      }
    }
    Result<std::shared_ptr<const Snapshot>> index = open_index(entry, verify_payload);
    if (!index && !wants_rebuild(index.error().code)) return std::move(index).error();
    if (!index) {
      // The writer may have gone on and deleted these files: then there is a newer state to read.
      if (!writes()) {
        SEMAK_TRY_STATUS(store->refresh());
        if (store->published()->generation != state.generation || *store->published() != state) {
          return Error{ErrorCode::unavailable, "the database was written while it was read"};
        }
      }
      index = rebuild(entry, state, index.error(), progress);
    }
    if (!index) return std::move(index).error();
    part.index = std::move(index).value();
  }
  return std::shared_ptr<const World>(std::move(next));
}

Status Engine::Impl::read_world(const Progress& progress, bool verify_payload) {
  for (int attempt = 1;; ++attempt) {
    const auto state = store->published();
    Result<std::shared_ptr<const World>> next = world_of(*state, progress, verify_payload);
    if (next) {
      world.publish(std::move(next).value());
      return {};
    }
    if (next.error().code != ErrorCode::unavailable || attempt == kReadAttempts) return std::move(next).error();
  }
}

void Engine::Impl::remove_old_index_files(const World& old, const World& current) {
  for (const auto& [name, part] : current.registers) {
    std::vector<Manifest> keep = {part.index->manifest()};
    // A reader in another process may be about to open the files of the state before.
    if (const auto before = old.registers.find(name); before != old.registers.end()) {
      if (before->second.index == part.index) continue;
      keep.push_back(before->second.index->manifest());
    }
    remove_unnamed_files(index_folder(name), keep);
  }
}

Engine::Engine() : impl_(std::make_unique<Impl>()) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(const std::filesystem::path& folder, OpenMode mode,
                                             const Progress& progress,
                                             std::function<Status(std::string_view operation)> fault) {
  std::unique_ptr<Engine> engine(new Engine);
  Impl& impl = *engine->impl_;
  impl.folder = folder;
  impl.mode = mode;
  SEMAK_TRY(impl.store, RecordStore::open(folder, database_mode(mode), std::move(fault)));
  SEMAK_TRY_STATUS(impl.read_world(progress, /*verify_payload=*/true));
  if (impl.writes()) impl.remove_old_index_files(World{}, *impl.world.current());
  return engine;
}

const std::filesystem::path& Engine::folder() const { return impl_->folder; }
std::filesystem::path Engine::index_folder(std::string_view name) const { return impl_->index_folder(name); }
const Normalizer& Engine::normalizer() const { return impl_->normalizer; }
RecordStore& Engine::store() { return *impl_->store; }
const RecordStore& Engine::store() const { return *impl_->store; }
std::shared_ptr<const World> Engine::world() const { return impl_->world.current(); }

std::vector<std::string> Engine::notices() const {
  std::lock_guard lock(impl_->notices_mutex);
  return impl_->notices;
}

Status Engine::refresh(const Progress& progress) {
  std::lock_guard lock(impl_->refreshing);
  SEMAK_TRY_STATUS(impl_->store->refresh());
  const std::shared_ptr<const World> old = impl_->world.current();
  // What this process published, it has verified itself.
  SEMAK_TRY_STATUS(impl_->read_world(progress, /*verify_payload=*/!impl_->writes()));
  if (impl_->writes()) impl_->remove_old_index_files(*old, *impl_->world.current());
  return {};
}

}  // namespace semak
