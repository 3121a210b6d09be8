#include "index/people_batch.h"

#include "index/checksum.h"

namespace semak {
namespace {

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

std::uint32_t PeopleBatch::token(const TokenKey& key) {
  const std::uint64_t hash = hash_of(key);
  const auto range = token_of_.equal_range(hash);
  for (auto it = range.first; it != range.second; ++it) {
    if (tokens[it->second].key() == key) return it->second;
  }
  const auto id = static_cast<std::uint32_t>(tokens.size());
  tokens.push_back({std::string(key.text), std::string(key.skeleton), key.family, key.script, 0, 0});
  last_person_.push_back(0);
  token_of_.emplace(hash, id);
  return id;
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
    for (const NameToken& part : form.tokens) {
      const std::uint32_t id = token({part.script, part.text, part.family, part.skeleton});
      row_in.push_back(id << 3 | static_cast<std::uint32_t>(part.role));
    }
    row(form.kind, row_in);
  }
  person(person_in.revision, PackedFacts::pack(person_in.profile), person_in.profile.numbers);
}

}  // namespace semak
