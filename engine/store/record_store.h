// Registers, immutable record revisions, the change log, loads and the published state. Layout of the folder:
//   records/   RocksDB, four families:
//     meta       "format" -> version of this layout; "published" -> PublishedState;
//                "renewed/" register -> time of its newest load
//     revisions  revision -> RevisionHeader + content. In key order this is the change log.
//     heads      register | record id | ~revision -> state + content hash: newest visible revision by one seek
//     loads      batch -> LoadInfo
//   incoming/  files of a load that is being written; deleted when the database is opened for writing
// One synced write of "published" makes a load visible. What a dying writer leaves above the published revision is
// skipped by every reader and removed by the next writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ids.h"
#include "engine/record.h"
#include "engine/result.h"
#include "engine/store/database.h"
#include "engine/store/published_state.h"
#include "engine/store/record_codec.h"

namespace semak {

// One revision as the heads family knows it.
struct Head {
  RevisionId revision;
  RevisionId previous;  // 0: none
  RecordState state = RecordState::active;
  std::uint64_t content = 0;  // content_hash
  bool operator==(const Head&) const = default;
};

struct HeadEntry {
  RegisterId register_id;
  std::string_view record_id;
  Head head;
  bool newest = true;  // false: superseded by a later visible revision
};

// Encoded revisions, ascending.
struct RevisionBytes {
  std::vector<RevisionId> ids;
  std::string bytes;
  std::vector<std::uint64_t> ends;  // of each one in `bytes`

  std::size_t size() const { return ids.size(); }
  std::string_view operator[](std::size_t i) const {
    const std::uint64_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
  void push_back(RevisionId id, std::string_view encoded);
  void append(const RevisionBytes& more);
  void clear();
};

struct Change {
  RevisionHeader header;
  std::string record_id;
};

class StoreWriter;

class RecordStore {
 public:
  static constexpr std::uint32_t kFormat = 1;

  // Errors as Database::open; version_mismatch also for another kFormat. `fault`: DatabaseOptions::fault.
  static Result<std::unique_ptr<RecordStore>> open(const std::filesystem::path& folder, DatabaseMode mode,
                                                   std::function<Status(std::string_view)> fault = {});
  ~RecordStore();

  const std::filesystem::path& folder() const;
  DatabaseMode mode() const;
  std::shared_ptr<const PublishedState> published() const;
  // In read_only mode: sees what another process published since; microseconds if nothing was, else an opening.
  Status refresh();

  // Immutable, so every one that was ever published can be read at any generation. not_found: never published.
  Result<RecordRevision> revision(RevisionId id) const;
  Result<std::vector<RecordRevision>> revisions(std::span<const RevisionId> ids) const;
  // The same without its decoding and provenance.
  Result<RevisionBytes> revision_bytes(std::span<const RevisionId> ids) const;

  // Newest revision of each record that is not above `as_of`.
  Result<std::vector<std::optional<Head>>> heads(RegisterId register_id, std::span<const std::string_view> record_ids,
                                                 RevisionId as_of) const;
  // All versions, newest first, of the records of one register (or of all), by record id.
  Status scan_heads(std::optional<RegisterId> register_id, RevisionId as_of,
                    const std::function<void(const HeadEntry&)>& visit) const;
  // Every published revision of one record, newest first; empty if there is none.
  Result<std::vector<RecordRevision>> history(RegisterId register_id, std::string_view record_id) const;

  // The change log after `after`, in order, at most `changes_max` entries.
  Result<std::vector<Change>> changes(RevisionId after, std::size_t changes_max) const;
  Result<LoadInfo> load(std::uint64_t batch) const;
  Result<std::vector<LoadInfo>> loads() const;
  // When each register was loaded last, seconds since 1970, loads that changed nothing included.
  Result<std::map<std::string, std::int64_t, std::less<>>> renewals() const;

  // Reads encoded revisions in order: first + 1 ... last as far as there are any.
  class Scan {
   public:
    // Replaces `chunk` by up to `revisions_max` more; false: no more.
    Result<bool> next(RevisionBytes& chunk, std::size_t revisions_max);

   private:
    friend class RecordStore;
    Scan(std::shared_ptr<const Database> database, RevisionId after, RevisionId last);
    std::shared_ptr<const Database> database_;  // outlives the cursor
    Cursor cursor_;
    RevisionId last_;
  };
  Scan scan(RevisionId after, RevisionId last) const;

  // Writing. Only one StoreWriter at a time; busy if there is another. `kind`: of a register made by this.
  Result<std::unique_ptr<StoreWriter>> begin(std::string_view register_name, RegisterKind kind);
  // Another index for the same records at the same generation (a rebuilt or merged one).
  Status replace_index(std::string_view register_name, std::string index);
  // A copy that can be opened as a database of its own; its index is rebuilt at its first opening.
  Status checkpoint(const std::filesystem::path& target) const;

 private:
  friend class StoreWriter;
  RecordStore();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
