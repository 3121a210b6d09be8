// Shared by record_store.cc and store_writer.cc alone.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/store/database.h"
#include "engine/store/record_store.h"

namespace semak {

inline constexpr Family kMeta = 0, kRevisions = 1, kHeads = 2, kLoads = 3;
inline constexpr std::string_view kPublishedKey = "published";

std::string revision_key(RevisionId id);
std::string renewal_key(std::string_view register_name);
std::string load_key(std::uint64_t batch);
// register | record id, in a form of which none is another's prefix.
std::string head_prefix(RegisterId register_id, std::string_view record_id);
void append_head_suffix(std::string& key, RevisionId revision);
std::string head_value(RecordState state, std::uint64_t content);

struct RecordStore::Impl {
  // What readers take once per operation.
  struct View {
    std::shared_ptr<Database> database;
    std::shared_ptr<const PublishedState> published;
  };

  std::filesystem::path folder;
  DatabaseMode mode = DatabaseMode::read_only;
  std::function<Status(std::string_view)> fault;
  std::atomic<bool> writing = false;

  mutable std::mutex mutex;
  View view;
  mutable std::unordered_map<std::uint64_t, std::shared_ptr<const LoadInfo>> loads;

  std::filesystem::path incoming() const { return folder / "incoming"; }
  View current() const {
    std::lock_guard lock(mutex);
    return view;
  }
  void publish(std::shared_ptr<const PublishedState> next) {
    std::lock_guard lock(mutex);
    view.published = std::move(next);
  }
  Result<View> open_view() const;
  Result<std::shared_ptr<const LoadInfo>> load(const Database& database, std::uint64_t batch) const;
  Result<RecordRevision> decode(const View& from, RevisionId id, std::string_view bytes) const;
  // Deletes everything above the published revision.
  Status remove_unpublished();
};

}  // namespace semak
