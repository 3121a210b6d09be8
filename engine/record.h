// What a register says of one person, verbatim, and where it says it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/ids.h"
#include "engine/partial_date.h"
#include "engine/person.h"

namespace semak {

// The kind decides what a hit means, who may see it and which columns a record has (README, "Registers").
enum class RegisterKind : std::uint8_t { offender = 1, oyls = 2, child = 3, reference = 4 };

const char* to_string(RegisterKind kind);  // "offender", "oyls", "child", "reference"

struct Provenance {
  std::string file;         // base name of the source file
  std::string file_hash;    // BLAKE2b-128 of the whole file, hex
  std::uint64_t line = 0;   // 1-based line (CSV, JSONL) or row (XLSX) where the record starts
  std::uint64_t batch = 0;  // number of the load, counted per database
  bool operator==(const Provenance&) const = default;
};

struct Record {
  std::string id;                // unique in its register; never empty
  std::vector<TypedName> names;  // first: the registered name; at least one
  std::vector<TypedNumber> numbers;
  PartialDate dob;
  Sex sex = Sex::unknown;
  std::string nationality;
  std::string state;
  std::vector<std::pair<std::string, std::string>> fields;  // the kind's own and any extra columns: name -> text

  bool operator==(const Record&) const = default;
};

enum class RecordState : std::uint8_t { active = 0, withdrawn = 1 };

// One immutable revision of a record.
struct RecordRevision {
  RegisterId register_id;
  RevisionId revision;
  RevisionId previous;  // 0: this is the first
  RecordState state = RecordState::active;
  Record record;  // of a withdrawn revision: the last active content
  Provenance provenance;
};

}  // namespace semak
