// A register's whole index, made from its records: where the index is missing, damaged or of another version, or so
// many records changed that updating it would not pay.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/progress.h"
#include "engine/result.h"
#include "engine/store/record_store.h"
#include "index/manifest.h"
#include "normalize/normalizer.h"

namespace semak {

// Which revisions answer: bit i of word i / 64 is revision i.
class RevisionSet {
 public:
  explicit RevisionSet(RevisionId last) : words_(last.value / 64 + 1) {}
  void insert(RevisionId id) { words_[id.value / 64] |= std::uint64_t{1} << (id.value % 64); }
  // True if it was there.
  bool erase(RevisionId id) {
    if (!contains(id)) return false;
    words_[id.value / 64] &= ~(std::uint64_t{1} << (id.value % 64));
    return true;
  }
  bool contains(RevisionId id) const {
    return id.value / 64 < words_.size() && (words_[id.value / 64] >> (id.value % 64) & 1) != 0;
  }
  std::uint64_t size() const;

 private:
  std::vector<std::uint64_t> words_;
};

// The newest active revision of each record of the register, as of `as_of`; those that answer nobody (record_status.h)
// are left out.
Result<RevisionSet> answering_revisions(const RecordStore& store, const RegisterInfo& info, RevisionId as_of);

Result<Manifest> rebuild_index(const RecordStore& store, const Normalizer& normalizer, const RegisterInfo& info,
                               RevisionId as_of, const std::filesystem::path& folder, Generation generation,
                               const Progress& progress);

}  // namespace semak
