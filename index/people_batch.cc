#include "index/people_batch.h"

#include <algorithm>

#include "index/checksum.h"

namespace semak {
namespace {

constexpr std::size_t kTokensMax = NormalizedName::kTokensMax;  // the Normalizer makes no more

std::uint64_t hash_text(std::uint64_t hash, std::string_view text) {
  while (text.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
    text.remove_prefix(8);
  }
  std::uint64_t word = text.size();
  for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
  hash = (hash ^ word) * 0xbf58476d1ce4e5b9ULL;
  return hash ^ hash >> 31;
}

}  // namespace

std::uint64_t hash_of(const TokenKey& key) {
  std::uint64_t hash = static_cast<std::uint64_t>(key.script) << 32 | key.family;
  hash = hash_text(hash + 0x51ed27, key.text);
  return mix64(hash_text(hash, key.skeleton));
}

void PeopleBatch::grow() {
  std::vector<Slot> old(std::max<std::size_t>(1024, slots_.size() * 2));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.token == 0) continue;
    std::size_t at = hash_of(tokens[slot.token - 1].key()) & (slots_.size() - 1);
    while (slots_[at].token != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

std::uint32_t PeopleBatch::token(const TokenKey& key) {
  if (tokens.size() * 2 >= slots_.size()) grow();
  const std::uint64_t hash = hash_of(key);
  const auto print = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].token != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].print == print && tokens[slots_[at].token - 1].key() == key) return slots_[at].token - 1;
  }
  tokens.push_back({std::string(key.text), std::string(key.skeleton), key.family, key.script, 0, 0});
  last_person_.push_back(0);
  slots_[at] = {static_cast<std::uint32_t>(tokens.size()), print};
  return slots_[at].token - 1;
}

void PeopleBatch::row(FormKind kind, const std::vector<std::uint32_t>& row) {
  for (const std::uint32_t word : row) {
    const std::uint32_t token = word >> 3;
    tokens[token].roles = static_cast<std::uint8_t>(tokens[token].roles | 1U << (word & 7));
    if (last_person_[token] != people() + 1) {
      last_person_[token] = people() + 1;
      ++tokens[token].people;
    }
  }
  words.insert(words.end(), row.begin(), row.end());
  row_words.push_back(words.size() << 3 | static_cast<std::uint64_t>(kind));
}

void PeopleBatch::person(RevisionId revision, PackedFacts packed, std::span<const IdentityNumber> identity) {
  person_rows.push_back(rows());
  revisions.push_back(revision.value);
  facts.push_back(packed);
  numbers.push_back(PackedNumbers::pack(identity, number_pool));
  codes.push_back(person_code(bound_facts_of({packed.dob(), packed.sex(), packed.state(), identity})));
}

void PeopleBatch::add(const IndexedPerson& person_in) {
  thread_local std::vector<std::uint32_t> row_in;
  for (const NameForm& form : person_in.profile.forms) {
    if (form.tokens.empty()) continue;
    row_in.clear();
    for (const NameToken& part : std::span(form.tokens).first(std::min<std::size_t>(form.tokens.size(), kTokensMax))) {
      const std::uint32_t id = token({part.script, part.text, part.family, part.skeleton});
      row_in.push_back(id << 3 | static_cast<std::uint32_t>(part.role));
    }
    row(form.kind, row_in);
  }
  person(person_in.revision, PackedFacts::pack(person_in.profile), person_in.profile.numbers);
}

}  // namespace semak
