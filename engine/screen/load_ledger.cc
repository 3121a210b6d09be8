#include "engine/screen/load_ledger.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "engine/check.h"

namespace semak {

LoadLedger::LoadLedger() : slots_(1 << 12) {}

std::uint32_t LoadLedger::hash(std::string_view id) {
  // The library's hash is good in its low bits; slots want high ones.
  return static_cast<std::uint32_t>((std::hash<std::string_view>{}(id) * 0x9e3779b97f4a7c15) >> 32);
}

LoadLedger::Found LoadLedger::find_or_add(std::string_view id, std::uint32_t hash) {
  if (size_ + size_ / 2 >= slots_.size()) grow();
  std::size_t slot = slot_of(hash);
  for (; slots_[slot] != 0; slot = slot + 1 == slots_.size() ? 0 : slot + 1) {
    if (slots_[slot] >> 32 != hash) continue;
    Entry& entry = (*this)[static_cast<std::uint32_t>(slots_[slot]) - 1];
    if (entry.id() == id) return {entry, false};
  }
  SEMAK_CHECK(size_ < 0xffff'fffe);
  if (size_ % kBlock == 0) blocks_.push_back(std::make_unique<Entry[]>(kBlock));
  Entry& entry = (*this)[size_++];
  entry.id_begin = keep(id);
  entry.id_size = static_cast<std::uint32_t>(id.size());
  slots_[slot] = std::uint64_t{hash} << 32 | size_;
  return {entry, true};
}

void LoadLedger::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2);
  old.swap(slots_);
  for (const std::uint64_t value : old) {
    if (value == 0) continue;
    std::size_t slot = slot_of(static_cast<std::uint32_t>(value >> 32));
    while (slots_[slot] != 0) slot = slot + 1 == slots_.size() ? 0 : slot + 1;
    slots_[slot] = value;
  }
}

const char* LoadLedger::keep(std::string_view id) {
  if (id.size() > text_left_) {
    text_left_ = std::max(kTextBlock, id.size());
    text_.push_back(std::make_unique_for_overwrite<char[]>(text_left_));
    text_next_ = text_.back().get();
  }
  char* const begin = text_next_;
  if (!id.empty()) std::memcpy(begin, id.data(), id.size());
  text_next_ += id.size();
  text_left_ -= id.size();
  return begin;
}

}  // namespace semak
