#include "engine/screen/ingest.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_sort.h>
#include <oneapi/tbb/task_group.h>
#include <system_error>
#include <utility>

#include "engine/screen/file_hash.h"
#include "engine/screen/first_error.h"
#include "engine/screen/load_pipeline.h"
#include "engine/store/store_writer.h"

namespace semak {
namespace {

// A head costs so many times more by a seek than in a scan of all of them.
constexpr std::uint64_t kSeekFactor = 8;
constexpr std::uint64_t kBytesPerRow = 100;  // roughly, of a file

Error invalid(std::string message) { return Error{ErrorCode::invalid_input, std::move(message)}; }

bool is_register_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), good);
}

Result<RegisterKind> kind_of(const Engine& engine, const IngestRequest& request) {
  const auto state = engine.store().published();
  const auto found = state->registers.find(request.register_name);
  if (found == state->registers.end()) {
    if (!is_register_name(request.register_name)) {
      return invalid(fmt::format("\"{}\" cannot be the name of a register; use up to 64 letters a-z, digits, - and _",
                                 request.register_name));
    }
    if (!request.kind) {
      return invalid(
          fmt::format("{} is a new register; say its kind: offender, oyls, child or reference", request.register_name));
    }
    return *request.kind;
  }
  const RegisterKind kind = found->second.info.kind;
  if (request.kind && *request.kind != kind) {
    return invalid(fmt::format("register {} has the kind {}, not {}; leave the kind out or load into another register",
                               request.register_name, to_string(kind), to_string(*request.kind)));
  }
  return kind;
}

std::filesystem::path rejects_path(const IngestRequest& request) {
  if (!request.rejects.empty()) return request.rejects;
  std::filesystem::path path = request.files.front();
  return path += ".rejects.csv";
}

// Reads the files once more beside the load: their hashes identify them in the records' provenance.
class FileHashes {
 public:
  explicit FileHashes(const std::vector<std::filesystem::path>& files) : files_(files), hashes_(files.size()) {
    tasks_.run([this] {
      for (std::size_t i = 0; i < files_.size(); ++i) {
        Result<FileHash> hash = hash_file(files_[i]);
        if (!hash) return failed_.set(hash.error());
        hashes_[i] = std::move(hash).value();
      }
    });
  }
  ~FileHashes() { tasks_.wait(); }

  Result<std::vector<LoadInfo::File>> wait(const std::vector<std::uint64_t>& rows) {
    tasks_.wait();
    if (failed_) return failed_.take();
    std::vector<LoadInfo::File> files;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      files.push_back({files_[i].filename().string(), hashes_[i].hex, hashes_[i].bytes, rows[i]});
    }
    return files;
  }

 private:
  const std::vector<std::filesystem::path>& files_;
  std::vector<FileHash> hashes_;
  FirstError failed_;
  oneapi::tbb::task_group tasks_;
};

// Fills the ledger with all heads of the register if that is cheaper than asking for each, or needed. True if it did
// (or if there are none).
Result<bool> read_heads(const RecordStore& store, const RegisterInfo& info, const LoadReader& reader, bool replace,
                        LoadLedger& ledger) {
  const std::uint64_t records = info.active + info.withdrawn;
  if (records == 0) return true;
  if (!replace && reader.bytes_total() / kBytesPerRow * kSeekFactor < records) return false;
  SEMAK_TRY_STATUS(store.scan_heads(info.id, store.published()->revision, [&](const HeadEntry& head) {
    if (!head.newest) return;
    LoadLedger::Entry& entry = ledger.find_or_add(head.record_id, LoadLedger::hash(head.record_id)).entry;
    entry.newest = head.head.revision;
    entry.content = head.head.content;
    entry.withdrawn = head.head.state == RecordState::withdrawn;
  }));
  return true;
}

// The newest revision of each changed record, in the order of their keys, as files written side by side.
Status write_heads(const LoadLedger& ledger, StoreWriter& writer) {
  constexpr std::size_t kFileEntries = 500'000;
  std::vector<std::uint32_t> changed;
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    if (ledger[i].written) changed.push_back(static_cast<std::uint32_t>(i));
  }
  oneapi::tbb::parallel_sort(changed.begin(), changed.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return ledger[a].id() < ledger[b].id(); });
  FirstError failed;
  const std::size_t files = (changed.size() + kFileEntries - 1) / kFileEntries;
  oneapi::tbb::parallel_for(std::size_t{0}, files, [&](std::size_t file) {
    std::vector<HeadWrite> heads;
    const std::size_t end = std::min(changed.size(), (file + 1) * kFileEntries);
    for (std::size_t i = file * kFileEntries; i < end; ++i) {
      const LoadLedger::Entry& entry = ledger[changed[i]];
      heads.push_back({entry.id(), entry.newest, entry.state(), entry.content});
    }
    failed.note(writer.add_heads(heads));
  });
  return failed ? Status(failed.take()) : Status();
}

std::vector<std::string> warnings_of(const LoadReader& reader, const LoadCounts& counts, const LoadRejects& rejects) {
  std::vector<std::string> warnings = reader.warnings();
  const auto warn = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) warnings.push_back(fmt::format("{}: {}", what, count));
  };
  warn(counts.duplicates, "rows rejected because an earlier row has the same id");
  warn(counts.without_name, "records without a readable name, to be found by number only");
  warn(counts.quashed, "records of convictions that were set aside, kept and answered to nobody");
  warn(counts.names_cut_short, "records with more names, or longer ones, than are compared");
  for (std::size_t i = 1; i < rejects.files().size(); ++i) {
    warnings.push_back("more rejected rows are in " + rejects.files()[i].string());
  }
  return warnings;
}

IngestReport report_of(const LoadCounts& counts, const LoadReader& reader, const LoadRejects& rejects) {
  IngestReport report;
  report.rows = counts.rows;
  report.added = counts.added;
  report.changed = counts.changed;
  report.unchanged = counts.unchanged;
  report.restored = counts.restored;
  report.withdrawn = counts.withdrawn;
  report.rejected = counts.rejected;
  report.columns = reader.columns();
  report.warnings = warnings_of(reader, counts, rejects);
  if (!rejects.files().empty()) report.rejects_file = rejects.files().front();
  return report;
}

StoreWriter::Publication publication_of(const RegisterInfo& before, const LoadCounts& counts) {
  StoreWriter::Publication publication;
  publication.active = before.active + counts.added + counts.restored - counts.withdrawn;
  publication.withdrawn = before.withdrawn + counts.withdrawn - counts.restored;
  publication.load.rows = counts.rows;
  publication.load.added = counts.added;
  publication.load.changed = counts.changed;
  publication.load.unchanged = counts.unchanged;
  publication.load.withdrawn = counts.withdrawn;
  publication.load.restored = counts.restored;
  publication.load.rejected = counts.rejected;
  return publication;
}

// Rejects are written while files are read.
Status check_rejects_path(const IngestRequest& request) {
  const std::filesystem::path rejects = rejects_path(request);
  for (const std::filesystem::path& file : request.files) {
    std::error_code missing;
    if (std::filesystem::equivalent(file, rejects, missing) && !missing) {
      return invalid(rejects.string() + " is to be loaded and cannot take the rejected rows; name another file");
    }
  }
  return {};
}

Status refresh(Engine& engine, const Progress& progress) {
  try {
    return engine.refresh(progress);
  } catch (const std::exception& error) {  // of the thread library, or no memory
    return Error{ErrorCode::unavailable, error.what()};
  }
}

// What is published stays published, whatever happens here.
void take_up(Engine& engine, IngestReport& report, const Progress& progress) {
  if (const Status refreshed = refresh(engine, progress); !refreshed) {
    report.warnings.push_back(
        fmt::format("the load is published, but this process still answers from the generation before; open the "
                    "database again ({})",
                    refreshed.error().message));
  }
}

Result<IngestReport> ingest_files(Engine& engine, const IngestRequest& request, const Progress& progress) {
  if (engine.store().mode() == DatabaseMode::read_only) return invalid("the database was opened for reading only");
  RecordStore& store = engine.store();
  SEMAK_TRY(const RegisterKind kind, kind_of(engine, request));
  SEMAK_TRY(LoadReader reader, LoadReader::open(request.files, request.mapping, kind));
  SEMAK_TRY_STATUS(check_rejects_path(request));
  SEMAK_TRY(const std::unique_ptr<StoreWriter> writer, store.begin(request.register_name, kind));
  const RegisterInfo& before = writer->register_info();
  const std::shared_ptr<const World> world = engine.world();
  const auto part = world->registers.find(request.register_name);

  FileHashes hashes(request.files);
  LoadRejects rejects(rejects_path(request), request.wording);
  LoadLedger ledger;
  LoadCounts counts;
  RevisionSink sink(*writer);
  IndexFeed feed(engine.index_folder(request.register_name), engine.normalizer(),
                 part == world->registers.end() ? nullptr : part->second.index);
  SEMAK_TRY(const bool heads_known, read_heads(store, before, reader, request.replace, ledger));
  LoadParts parts{engine.normalizer(),      store,       *writer, reader, rejects, ledger, sink, feed, counts,
                  writer->first_revision(), heads_known, progress};
  SEMAK_TRY_STATUS(run_load_pipeline(parts));
  SEMAK_TRY_STATUS(rejects.write_duplicates(reader));
  SEMAK_TRY_STATUS(rejects.close());
  if (request.replace && counts.rows == counts.rejected && before.active > 0) {
    return invalid(
        fmt::format("no row could be read, so replacing would withdraw all {} records of {}; nothing was done",
                    before.active, before.name));
  }
  if (request.replace) SEMAK_TRY_STATUS(withdraw_missing(parts));
  SEMAK_TRY_STATUS(sink.finish());

  IngestReport report = report_of(counts, reader, rejects);
  report.generation = store.published()->generation;
  if (counts.changes() == 0 && !writer->register_is_new()) {
    // Rows that all were rejected say nothing of the register.
    if (counts.rows == 0 || counts.rejected < counts.rows) SEMAK_TRY_STATUS(writer->renew());
    take_up(engine, report, progress);
    return report;
  }

  SEMAK_TRY_STATUS(write_heads(ledger, *writer));
  ledger = LoadLedger();  // the index needs the memory
  const RevisionId last{parts.next.value - 1};
  SEMAK_TRY(const Manifest manifest, feed.finish(store, *writer, last, progress));
  StoreWriter::Publication publication = publication_of(before, counts);
  publication.last_revision = last;
  publication.index = encode(manifest);
  SEMAK_TRY(publication.load.files, hashes.wait(reader.rows()));
  SEMAK_TRY_STATUS(writer->commit(std::move(publication)));
  report.generation = store.published()->generation;
  take_up(engine, report, progress);
  return report;
}

}  // namespace

Result<IngestReport> ingest(Engine& engine, const IngestRequest& request, const Progress& progress) {
  try {
    return ingest_files(engine, request, progress);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::unavailable, "there is not enough memory for this load; nothing was changed"};
  } catch (const std::exception& error) {  // of the thread library
    return Error{ErrorCode::unavailable, std::string("the load stopped: ") + error.what() + "; nothing was changed"};
  }
}

}  // namespace semak
