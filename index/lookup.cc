#include "index/lookup.h"

#include "index/exhaustive.h"

namespace semak {

struct LookupScratch::Impl {};

LookupScratch::LookupScratch() : impl_(std::make_unique<Impl>()) {}
LookupScratch::~LookupScratch() = default;
LookupScratch::LookupScratch(LookupScratch&&) noexcept = default;

LookupResult look_up(const Snapshot& snapshot, const Profile& subject, const LookupLimits& limits, LookupScratch&) {
  return look_up_exhaustively(snapshot, subject, limits);
}

}  // namespace semak
