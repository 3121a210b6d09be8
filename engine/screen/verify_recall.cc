#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <iterator>
#include <mutex>
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>
#include <random>
#include <utility>

#include "engine/policy.h"
#include "engine/screen/screener.h"
#include "engine/screen/verify_findings.h"
#include "engine/screen/verify_subjects.h"
#include "index/exhaustive.h"
#include "index/lookup.h"

namespace semak {
namespace {

bool same(const LookupHit& a, const LookupHit& b) { return a.revision == b.revision && a.score == b.score; }

std::string told(const LookupHit* hit) {
  return hit == nullptr ? "nothing"
                        : fmt::format("revision {} with {:.2f} bits", hit->revision.value, hit->score.value());
}

}  // namespace

Status verify_recall(const Engine& engine, const VerifyOptions& options, VerifyReport& report, Findings& findings,
                     const Progress& progress) {
  const auto world = engine.world();
  std::uint64_t people = 0;
  for (const auto& [name, part] : world->registers) people += part.index->people();
  oneapi::tbb::enumerable_thread_specific<LookupScratch> scratch;
  std::atomic<std::uint64_t> subjects = 0, hits = 0, missing = 0, too_vague = 0;
  std::mutex telling;
  Policy policy;
  policy.top = options.top;
  policy.work_max = 0;  // a look-up that declined could not be compared
  if (progress) progress("comparing with the exhaustive scan", 0, options.recall_subjects);
  for (const auto& [name, part] : world->registers) {
    if (part.index->people() == 0) continue;
    const std::uint64_t share = std::max<std::uint64_t>(1, options.recall_subjects * part.index->people() / people);
    SEMAK_TRY(const std::vector<Subject> asked, recall_subjects(engine, *part.index, share, options.seed));
    oneapi::tbb::parallel_for(std::size_t{0}, asked.size(), [&, &part = part, &name = name](std::size_t i) {
      const Profile profile = make_profile(engine.normalizer(), asked[i]);
      const LookupLimits limits = lookup_limits(policy, profile);
      const LookupResult fast = look_up(*part.index, profile, limits, scratch.local());
      const LookupResult slow = look_up_exhaustively(*part.index, profile, limits);
      const std::uint64_t done = ++subjects;
      if (progress && done % 8 == 0) {
        std::lock_guard lock(telling);
        progress("comparing with the exhaustive scan", done, options.recall_subjects);
      }
      if (fast.too_vague) {
        ++too_vague;
        return;
      }
      hits += slow.hits.size();
      for (std::size_t rank = 0; rank < std::max(fast.hits.size(), slow.hits.size()); ++rank) {
        const LookupHit* found = rank < fast.hits.size() ? &fast.hits[rank] : nullptr;
        const LookupHit* expected = rank < slow.hits.size() ? &slow.hits[rank] : nullptr;
        if (found != nullptr && expected != nullptr && same(*found, *expected)) continue;
        ++missing;
        findings.add(fmt::format("look-up of \"{}\" in {}, rank {}: {} instead of {}",
                                 asked[i].names.empty() ? "" : asked[i].names.front().text, name, rank + 1, told(found),
                                 told(expected)));
        break;
      }
    });
  }
  report.recall_subjects = subjects;
  report.recall_hits = hits;
  report.recall_missing = missing;
  report.recall_too_vague = too_vague;
  return {};
}

}  // namespace semak
