#include "tools/semakd/batch_totals.h"

#include <vector>

namespace semak {
namespace {

constexpr std::size_t kPage = 64;

bool has_ended(const BatchInfo& batch) {
  return batch.state != BatchState::waiting && batch.state != BatchState::running;
}

void add(BatchRowCounts& to, const BatchInfo& batch) {
  to.no_record += batch.no_record;
  to.refer += batch.refer;
  to.record += batch.record;
  to.incomplete += batch.incomplete;
  to.rejected += batch.rejected;
}

}  // namespace

BatchRowCounts BatchTotals::read() {
  const std::lock_guard lock(mutex_);
  BatchRowCounts open;
  std::set<std::string> seen;
  const auto count = [&](const BatchInfo& batch) {
    if (!seen.insert(batch.id).second || counted_.contains(batch.id)) return false;
    add(has_ended(batch) ? ended_ : open, batch);
    if (has_ended(batch)) {
      counted_.insert(batch.id);
      open_.erase(batch.id);
    } else {
      open_.insert(batch.id);
    }
    return true;
  };
  // Newest first, until a whole page is known; older ones that had not ended are asked for by name.
  std::string before;
  bool news = true;
  while (news) {
    const auto page = batches_.list("", before, kPage);
    if (!page || page->empty()) break;
    news = false;
    for (const BatchInfo& batch : *page) news = count(batch) || news;
    before = page->back().id;
    if (page->size() < kPage) break;
  }
  const std::vector<std::string> older(open_.begin(), open_.end());
  for (const std::string& id : older) {
    if (seen.contains(id)) continue;
    if (const auto batch = batches_.find(id); batch && *batch) count(**batch);
  }
  open.no_record += ended_.no_record;
  open.refer += ended_.refer;
  open.record += ended_.record;
  open.incomplete += ended_.incomplete;
  open.rejected += ended_.rejected;
  return open;
}

}  // namespace semak
