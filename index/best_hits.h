// The best hits so far, and the score that a further one must reach.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "index/lookup.h"

namespace semak {

class BestHits {
 public:
  // `hits`: emptied, and where the hits are kept.
  BestHits(const LookupLimits& limits, std::vector<LookupHit>& hits)
      : top_(static_cast<std::size_t>(std::max(limits.top, 0))),
        score_min_(limits.score_min),
        window_(limits.window),
        hits_(hits) {
    hits_.clear();
    update();
  }

  // Whatever scores less than this is not wanted; only ever rises.
  std::int32_t threshold() const { return threshold_; }
  // False if a hit of this score and revision would not be kept.
  bool wants(Bits score, RevisionId revision) const {
    if (score.raw < threshold_) return false;
    if (hits_.size() < top_) return true;
    return top_ > 0 && before({revision, score, {}, {}, 0}, hits_.back());
  }
  // A person comes in under the best of its readings; of equal ones the first in the subject's order.
  void offer(const LookupHit& hit) {
    if (!wants(hit.score, hit.revision)) return;
    const auto known = std::find_if(hits_.begin(), hits_.end(),
                                    [&](const LookupHit& other) { return other.revision == hit.revision; });
    if (known != hits_.end()) {
      if (std::pair(known->score, hit.query_form) >= std::pair(hit.score, known->query_form)) return;
      hits_.erase(known);
    }
    hits_.insert(std::upper_bound(hits_.begin(), hits_.end(), hit, before), hit);
    if (hits_.size() > top_) hits_.pop_back();
    update();
  }
  void finish() {
    std::erase_if(hits_, [&](const LookupHit& hit) { return hits_.front().score - hit.score > window_; });
  }

 private:
  static bool before(const LookupHit& a, const LookupHit& b) {
    return a.score != b.score ? a.score > b.score : a.revision < b.revision;
  }
  void update() {
    std::int64_t threshold = score_min_.raw;
    if (!hits_.empty()) threshold = std::max(threshold, std::int64_t{hits_.front().score.raw} - window_.raw);
    if (hits_.size() == top_ && top_ > 0) threshold = std::max(threshold, std::int64_t{hits_.back().score.raw});
    threshold_ = static_cast<std::int32_t>(std::clamp<std::int64_t>(
        threshold, std::numeric_limits<std::int32_t>::min() / 4, std::numeric_limits<std::int32_t>::max() / 4));
  }

  std::size_t top_;
  Bits score_min_;
  Bits window_;
  std::int32_t threshold_ = 0;
  std::vector<LookupHit>& hits_;
};

}  // namespace semak
