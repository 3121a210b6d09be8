// Bytes by key in column families, durable and crash safe: the only place that names RocksDB. Knows nothing of
// records. One process writes; any number of processes read beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace semak {

// Index into DatabaseOptions::families.
using Family = std::size_t;

enum class DatabaseMode { read_only, read_write, create };  // create: read_write, made if missing

enum class Durability {
  buffered,  // survives the process
  synced,    // survives the machine
};

struct DatabaseOptions {
  DatabaseMode mode = DatabaseMode::read_only;
  std::vector<std::string> families;
  std::size_t cache_bytes = std::size_t{128} << 20;
  // For tests: asked before every operation ("get", "write", "ingest", ...); an Error makes it fail.
  std::function<Status(std::string_view operation)> fault;
};

// Changes that become visible together or not at all.
class WriteSet {
 public:
  void put(Family family, std::string_view key, std::string_view value);
  void remove(Family family, std::string_view key);
  void remove_range(Family family, std::string_view begin, std::string_view end);  // [begin, end)
  void append(const WriteSet& more);                                               // its steps after ours
  bool empty() const { return steps_.empty(); }
  std::size_t bytes() const { return text_.size(); }

 private:
  friend class Database;
  enum class Kind : std::uint8_t { put, remove, remove_range };
  struct Step {
    Kind kind;
    Family family;
    std::size_t first_size, second_size;
  };
  std::vector<Step> steps_;
  std::string text_;  // first and second of each step, one after the other
};

// Walks one family in key order, as it was when the cursor was made. Outlived by its Database.
class Cursor {
 public:
  ~Cursor();
  Cursor(Cursor&&) noexcept;

  void seek(std::string_view key);  // to the first entry at or after `key`
  void seek_to_last();
  void next();  // REQUIRES: valid()
  bool valid() const;
  std::string_view key() const;    // REQUIRES: valid(); until the cursor moves
  std::string_view value() const;  // REQUIRES: valid(); until the cursor moves
  Status status() const;           // why valid() became false; ok at the end of the family

 private:
  friend class Database;
  struct Impl;
  explicit Cursor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A file of entries in ascending key order, written outside the database and taken in whole by Database::ingest.
// Independent files may be written by several threads at once.
class SortedFile {
 public:
  ~SortedFile();
  SortedFile(SortedFile&&) noexcept;

  Status put(std::string_view key, std::string_view value);  // keys strictly ascending
  Status finish();                                           // fsynced on success

 private:
  friend class Database;
  struct Impl;
  explicit SortedFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct IncomingFiles {
  Family family = 0;
  std::vector<std::filesystem::path> files;  // disjoint key ranges
};

class Database {
 public:
  // Errors: not_found, busy (another process writes), permission, version_mismatch (families of another version),
  // corruption, no_space, io. Messages name the folder.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, DatabaseOptions options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // All of these are thread-safe.
  Result<std::optional<std::string>> get(Family family, std::string_view key) const;
  Result<std::vector<std::optional<std::string>>> multi_get(Family family, std::span<const std::string> keys) const;
  // `scan`: reads everything once, so read ahead and leave the cache alone.
  enum class Access { point, scan };
  Cursor cursor(Family family, Access access) const;

  Status write(const WriteSet& changes, Durability durability);
  // What was written until now survives the machine when this returns. Others write meanwhile.
  Status sync();
  Result<SortedFile> new_sorted_file(Family family, const std::filesystem::path& path) const;
  // Moves finished files in, over all families atomically and durably. On error nothing was taken.
  Status ingest(std::span<const IncomingFiles> incoming);
  // False if another process wrote since this one opened it for reading: opening again shows what. Costs microseconds.
  bool is_current() const;
  // Writes the families anew, so that what was removed or replaced is in none of their files and logs any more; a key
  // that bounded a file is named by RocksDB's manifest until the next opening. Costs reading and writing all of them;
  // others go on meanwhile.
  Status rewrite(std::span<const Family> families);
  // A copy of the whole database as of now (hard links where the file system has them). `target` must not exist.
  Status checkpoint(const std::filesystem::path& target) const;

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
