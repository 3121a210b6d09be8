#include "loaders/seen_ids.h"

#include <fmt/format.h>
#include <functional>
#include <utility>

namespace semak {
namespace {

constexpr std::size_t kSlots = 1 << 8;
constexpr std::uint64_t kLinesTold = 10;

}  // namespace

SeenIds::Slot& SeenIds::slot_of(std::uint64_t hash) {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].hash != 0 && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

void SeenIds::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? kSlots : slots_.size() * 2));
  for (const Slot& slot : old)
    if (slot.hash != 0) slot_of(slot.hash) = slot;
}

void SeenIds::add(std::string_view id, std::uint64_t line) {
  if (size_ * 3 >= slots_.size() * 2) grow();
  std::uint64_t hash = std::hash<std::string_view>{}(id);
  if (hash == 0) hash = 1;
  Slot& slot = slot_of(hash);
  if (slot.hash == 0) {
    slot = {hash, line};
    ++size_;
    return;
  }
  if (++repeats_ <= kLinesTold) lines_ += fmt::format("{}{} ({})", lines_.empty() ? "" : ", ", line, slot.line);
  if (repeats_ == kLinesTold + 1) lines_ += ", ...";
}

}  // namespace semak
