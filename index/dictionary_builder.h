// The dictionary of a segment: tokens of several batches sorted, weighed and made searchable.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/match/model.h"
#include "index/people_batch.h"
#include "index/segment.h"

namespace semak {

struct DictionaryArrays {
  std::vector<TokenEntry> tokens;  // and one that ends the last
  std::string token_bytes;
  std::vector<std::uint32_t> token_slots;
  std::vector<std::uint32_t> token_masks;
  std::vector<std::uint32_t> token_endings;
  std::vector<FamilyEntry> families;
  std::vector<std::uint32_t> text_deletions, latin_skeletons, other_skeletons;
  std::vector<DeletionEntry> text_deleted, latin_skeleton_entries, other_skeleton_entries;
  std::vector<std::uint32_t> term_of_token;
  std::vector<TermEntry> terms;  // and one that ends the last; postings and codes still to be filled in
  std::uint64_t weight_people = 0;

  // By batch: its tokens' numbers here.
  std::vector<std::vector<std::uint32_t>> token_of_batch;
  std::vector<std::uint8_t> roles_of_token;

  std::uint32_t term(std::uint32_t token, std::uint32_t role) const {
    const auto below = static_cast<unsigned>(roles_of_token[token]) & ((1U << role) - 1);
    return term_of_token[token] + static_cast<std::uint32_t>(__builtin_popcount(below));
  }
};

// `base`: whose weights to take; null: weigh by the batches' own people.
DictionaryArrays build_dictionary(const Model& model, std::span<const PeopleBatch> batches, const Segment* base);

}  // namespace semak
