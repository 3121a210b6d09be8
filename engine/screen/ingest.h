// The write path: a file of records becomes a durable, indexed, published state of a register. One of the two
// stories of the engine; the other is screener.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/progress.h"
#include "engine/record.h"
#include "engine/result.h"
#include "engine/screen/engine.h"

namespace semak {

struct IngestRequest {
  std::string register_name;
  std::optional<RegisterKind> kind;  // needed when the register is new
  std::vector<std::filesystem::path> files;
  std::filesystem::path mapping;  // empty: recognise headings
  std::filesystem::path rejects;  // empty: <first file>.rejects.csv, written only if there are any
  bool replace = false;           // records missing from the files become withdrawn
  // How reasons and cures are worded in the file of rejects; empty: as they are, in English.
  std::function<std::string(std::string_view english)> wording;
};

struct IngestReport {
  Generation generation;  // published, or the current one if nothing changed
  std::uint64_t rows = 0, added = 0, changed = 0, unchanged = 0, withdrawn = 0, rejected = 0;
  std::uint64_t restored = 0;          // were withdrawn and are back
  std::vector<std::string> columns;    // what became what, one line a column, English
  std::vector<std::string> warnings;   // e.g. a guessed encoding, repaired numbers with their count
  std::filesystem::path rejects_file;  // empty if none
};

// All or nothing: on error, or if the process dies at any moment, the previous generation stays as it was. Of rows with
// one id the first counts, the others are rejected. A load that changes nothing publishes nothing, but the
// register counts as renewed (World::Part::loaded). If the engine cannot take up what was published, that is a warning:
// the load is done.
Result<IngestReport> ingest(Engine& engine, const IngestRequest& request, const Progress& progress);

}  // namespace semak
