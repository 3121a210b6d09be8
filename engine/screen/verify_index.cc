#include <fmt/format.h>

#include "engine/screen/index_rebuild.h"
#include "engine/screen/verify_findings.h"
#include "index/live_revisions.h"

namespace semak {
namespace {

void check_people(const std::string& name, const Snapshot& snapshot, RevisionSet answering, VerifyReport& report,
                  Findings& findings) {
  for_each_live_revision(snapshot, [&](RevisionId revision) {
    ++report.indexed_people;
    if (answering.erase(revision)) return;
    findings.add(
        fmt::format("the index of {} has revision {}, which is not the newest active one of a record, is of a "
                    "conviction that was set aside, or is there twice",
                    name, revision.value));
  });
  if (const std::uint64_t left = answering.size(); left > 0) {
    findings.add(fmt::format("{} active records of {} are not in its index", left, name));
  }
}

}  // namespace

Status verify_index(const Engine& engine, VerifyReport& report, Findings& findings, const Progress& progress) {
  const auto state = engine.store().published();
  const auto world = engine.world();
  std::uint64_t done = 0;
  for (const auto& [name, entry] : state->registers) {
    if (progress) progress("checking the index", done++, state->registers.size());
    const auto part = world->registers.find(name);
    if (part == world->registers.end() || world->generation != state->generation) {
      findings.add("register " + name + " changed while it was verified; verify again");
      continue;
    }
    // The files as they are now, not as they were when the engine opened them.
    const auto manifest = decode_manifest(entry.index);
    if (!manifest) {
      findings.add("the index of " + name + ": " + manifest.error().message);
    } else if (const auto files = Snapshot::open(engine.index_folder(name), *manifest, /*verify_payload=*/true);
               !files) {
      findings.add("the index of " + name + ": " + files.error().message);
    }
    auto answering = answering_revisions(engine.store(), entry.info, state->revision);
    if (!answering) {
      findings.add("records of " + name + ": " + answering.error().message);
      continue;
    }
    check_people(name, *part->second.index, std::move(answering).value(), report, findings);
  }
  if (progress) progress("checking the index", done, state->registers.size());
  return {};
}

}  // namespace semak
