// What a database answers with: one value, replaced by one synced write. Everything in the store above `revision`
// is unpublished and invisible.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ids.h"
#include "engine/record.h"
#include "engine/result.h"

namespace semak {

struct RegisterInfo {
  RegisterId id;
  std::string name;
  RegisterKind kind = RegisterKind::reference;
  std::uint64_t active = 0;  // records answering at the published generation
  std::uint64_t withdrawn = 0;
  bool operator==(const RegisterInfo&) const = default;
};

struct PublishedRegister {
  RegisterInfo info;
  std::string index;  // encoded Manifest (index/manifest.h)
  bool operator==(const PublishedRegister&) const = default;
};

struct PublishedState {
  Generation generation;
  RevisionId revision;                                              // highest published
  std::uint64_t batch = 0;                                          // of the newest load
  std::map<std::string, PublishedRegister, std::less<>> registers;  // by name
  bool operator==(const PublishedState&) const = default;
};

// One load, as published.
struct LoadInfo {
  struct File {
    std::string name;  // base name
    std::string hash;  // BLAKE2b-128 of the whole file, hex
    std::uint64_t bytes = 0;
    std::uint64_t rows = 0;
    bool operator==(const File&) const = default;
  };
  std::uint64_t batch = 0;
  Generation generation;
  std::string register_name;
  std::vector<File> files;
  std::uint64_t rows = 0, added = 0, changed = 0, unchanged = 0, withdrawn = 0, restored = 0, rejected = 0;
  std::int64_t time = 0;  // seconds since 1970, UTC, when it was published
  bool operator==(const LoadInfo&) const = default;
};

// Versioned and checksummed, as the record codec.
std::string encode(const PublishedState& state);
std::string encode(const LoadInfo& load);
Result<PublishedState> decode_published_state(std::string_view bytes);
Result<LoadInfo> decode_load_info(std::string_view bytes);

}  // namespace semak
