// What a load knows of every record id that it has met: where it was first seen, and the newest revision of its
// record. Compact (some 50 bytes and the id itself for each), since a load of ten million rows keeps it whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/ids.h"
#include "engine/record.h"

namespace semak {

class LoadLedger {
 public:
  struct Entry {
    const char* id_begin = nullptr;
    std::uint64_t line : 40 = 0;  // where the files have it; meaningful if `seen`
    std::uint64_t file : 16 = 0;
    std::uint64_t seen : 1 = 0;       // a row of this load has this id
    std::uint64_t kept : 1 = 0;       // a rejected row has it: not to be withdrawn
    std::uint64_t written : 1 = 0;    // `newest` is of this load
    std::uint64_t withdrawn : 1 = 0;  // state of `newest`
    std::uint32_t id_size = 0;
    RevisionId newest;          // 0: the register does not have the record
    std::uint64_t content = 0;  // content_hash of `newest`

    std::string_view id() const { return {id_begin, id_size}; }
    RecordState state() const { return withdrawn ? RecordState::withdrawn : RecordState::active; }
  };

  LoadLedger();

  static std::uint32_t hash(std::string_view id);
  // Asks the cache for what find_or_add(id) will need.
  void prefetch(std::uint32_t hash) const { __builtin_prefetch(&slots_[slot_of(hash)]); }
  // `hash`: of `id`, which is copied if it is new. The reference stays valid.
  struct Found {
    Entry& entry;
    bool is_new;
  };
  Found find_or_add(std::string_view id, std::uint32_t hash);

  std::size_t size() const { return size_; }
  Entry& operator[](std::size_t i) { return blocks_[i / kBlock][i % kBlock]; }
  const Entry& operator[](std::size_t i) const { return blocks_[i / kBlock][i % kBlock]; }

 private:
  static constexpr std::size_t kBlock = 1 << 14;
  static constexpr std::size_t kTextBlock = 1 << 20;

  // Slots are ordered by hash, so that growing walks both tables from front to back.
  std::size_t slot_of(std::uint32_t hash) const { return (std::uint64_t{hash} * slots_.size()) >> 32; }
  void grow();
  const char* keep(std::string_view id);

  std::vector<std::uint64_t> slots_;  // hash << 32 | index + 1; 0: free
  std::vector<std::unique_ptr<Entry[]>> blocks_;
  std::size_t size_ = 0;
  std::vector<std::unique_ptr<char[]>> text_;
  std::size_t text_left_ = 0;
  char* text_next_ = nullptr;
};

}  // namespace semak
