// Bytes of a record revision. Versioned and checksummed; decode(encode(x)) == x; anything else than encoded bytes
// is ErrorCode::corruption, never a crash. The checksum covers the key too: a value under a foreign key is damage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/ids.h"
#include "engine/record.h"
#include "engine/result.h"

namespace semak {

enum class ChangeKind : std::uint8_t { added = 1, changed = 2, withdrawn = 3, restored = 4 };

const char* to_string(ChangeKind kind);  // "added", ...

// All of a revision but the record's content; with the revision numbers in order this is the change log.
struct RevisionHeader {
  RevisionId revision;
  RegisterId register_id;
  RevisionId previous;  // 0: the first of its record
  ChangeKind kind = ChangeKind::added;
  Generation generation;    // that published it
  std::uint64_t batch = 0;  // load that brought it
  std::uint32_t file = 0;   // index into that load's files
  std::uint64_t line = 0;   // in that file; 0: it was missing from the files (withdrawn)

  RecordState state() const { return kind == ChangeKind::withdrawn ? RecordState::withdrawn : RecordState::active; }
  bool operator==(const RevisionHeader&) const = default;
};

struct StoredRevision {
  RevisionHeader header;
  Record record;
  bool operator==(const StoredRevision&) const = default;
};

// Appends. Equal records have equal bytes.
void encode_content(const Record& record, std::string& out);
// Of encode_content's bytes: two contents of one record are the same if their hashes are.
std::uint64_t content_hash(std::string_view content);
// Appends.
void encode_revision(const RevisionHeader& header, std::string_view content, std::string& out);

Result<StoredRevision> decode_revision(RevisionId key, std::string_view bytes);

// Header and content apart, the content not decoded: for scans and for copying. Views into `bytes`.
struct RevisionView {
  RevisionHeader header;
  std::string_view content;
  std::string_view record_id;
};
Result<RevisionView> view_revision(RevisionId key, std::string_view bytes);

}  // namespace semak
