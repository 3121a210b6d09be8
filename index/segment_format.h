// Bytes of a segment file, format 3: a header, then sections at multiples of 64, little-endian.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/partial_date.h"

namespace semak {

inline constexpr std::uint64_t kSegmentMagic = 0x3158446b616d6553;  // "SemakDX1"
inline constexpr std::uint32_t kSegmentFormat = 3;

enum class Section : std::uint32_t {
  tokens,           // TokenEntry, sorted by (script, text, family, skeleton), and one more that ends the last
  token_bytes,      // text and skeleton of each
  token_slots,      // hash table of tokens by script and text: 1 + first such token, 0: free; a power of two
  token_masks,      // u32 per token: which letters occur in it
  token_endings,    // u32: Latin tokens longer than kSuffixMin, by their text read backwards, then token
  families,         // FamilyEntry, sorted
  text_deletions,   // u32 bucket starts (power of two + 1), see deletion_index.h
  text_deleted,     // DeletionEntry
  latin_skeletons,  // as text_deletions, of the skeletons of Latin tokens
  latin_skeleton_entries,
  other_skeletons,  // of the skeletons of tokens of other scripts
  other_skeleton_entries,
  term_of_token,   // u32 per token and one more: first of its terms
  terms,           // TermEntry
  row_starts,      // u32 per row and one more, in row_words
  row_words,       // term of each token of each row, in the order written; the first also has FormKind << 29
  class_starts,    // u32 per row class (row_class of person_code) and one more: its first row
  penalty_starts,  // u32, as many steps for each class: first of its rows whose penalty is at least k * kPenaltyStep
  postings,        // Posting, by term, by row
  row_people,      // u32 per row: a person, or kMany | place in row_people_more: how many, then they, ascending
  row_people_more,
  person_rows,  // u32 per person, likewise
  person_rows_more,
  revisions,        // u32 per person: revision - revision_first; strictly ascending
  facts,            // PackedFacts per person
  numbers,          // PackedNumbers per person
  number_pool,      // bytes
  years,            // YearEntry, ascending, and one more
  dates,            // DateEntry, ascending, and one more
  date_postings,    // Posting, by date, person and row: the signature of all the row's tokens
  number_buckets,   // NumberBucket; see number_index.h
  number_alphabet,  // u64 for each length and position: characters that occur there
  count,
};
inline constexpr std::size_t kSections = static_cast<std::size_t>(Section::count);

struct SectionPlace {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};

struct SegmentHeader {
  std::uint64_t magic = kSegmentMagic;
  std::uint32_t format = kSegmentFormat;
  std::uint32_t sections = kSections;
  std::uint64_t normalizer_version = 0;
  std::uint64_t model_version = 0;
  std::uint64_t epoch = 0;          // header checksum of the base whose weights these are; of a base: 0
  std::uint64_t weight_people = 0;  // the people that rarity refers to: those of the base
  std::uint64_t people = 0;
  std::uint64_t rows = 0;
  std::uint64_t tokens = 0;
  std::uint64_t terms = 0;
  std::uint64_t postings = 0;
  std::uint64_t revision_first = 0;
  std::uint64_t file_bytes = 0;
  std::array<SectionPlace, kSections> places{};
  std::uint64_t checksum = 0;  // of all before
};

struct TokenEntry {
  std::uint32_t text = 0;      // in token_bytes; ends where the skeleton starts
  std::uint32_t skeleton = 0;  // ends where the next token's text starts
  std::uint32_t family = 0;
  std::uint32_t people = 0;    // of the base, with the token
  std::uint32_t national = 0;  // prior, people per billion
  std::uint16_t rarity = 0;    // Bits::raw
  std::uint8_t script = 0;
  std::uint8_t spare = 0;
};

// The commonest terms have a code of their own: the codes up to this one.
inline constexpr std::uint16_t kCodesOwned = 49152;

// A token in a role: the unit of rows and postings, since leftovers cost by role.
struct TermEntry {
  std::uint32_t token = 0;
  std::int32_t leftover = 0;   // Bits::raw: what it costs unmatched
  std::uint32_t postings = 0;  // first; ends where the next term's start
  std::uint16_t code = 0;      // never 0
  std::uint8_t role = 0;
  std::uint8_t spare = 0;
};

struct FamilyEntry {
  std::uint32_t family = 0;
  std::uint32_t token = 0;
};

// A year in which people may be born, and the first of its dates.
struct YearEntry {
  std::uint32_t year = 0;
  std::uint32_t first = 0;
};

// A birth date of people, at its precision, and the first of them in date_postings.
struct DateEntry {
  std::uint32_t key = 0;  // year << 16 | month << 8 | day
  std::uint32_t first = 0;
  PartialDate date() const;
};

// One row that has the term (or is a name of somebody of that birth date), and a signature of the row's other tokens:
// enough to bound its score.
struct Posting {
  static constexpr int kSlots = 5;
  static constexpr std::uint8_t kMykad = 128;
  std::uint32_t row = 0;
  std::array<std::uint16_t, kSlots> codes{};  // TermEntry::code; 0: none
  std::uint8_t person = 0;                    // person_code of all its people (of the one): lower eight bits
  std::uint8_t more = 0;                      // other tokens that found no slot, and kMykad if all its people have one
  int person_code() const { return person | (more & kMykad) << 1; }
  int unslotted() const { return more & (kMykad - 1); }
};
static_assert(sizeof(Posting) == 16);

inline constexpr std::int32_t kPenaltyStep = 16;
inline constexpr std::uint32_t kMany = 1U << 31;
inline constexpr std::uint32_t kTermBits = 29;
inline constexpr std::uint32_t kTermMask = (1U << kTermBits) - 1;

struct NumberBucket {
  static constexpr int kEntries = 10;
  std::array<std::uint32_t, kEntries> people{};  // 1 + person, 0: free
  std::array<std::uint16_t, kEntries> prints{};
  std::uint32_t spare = 0;
};
static_assert(sizeof(NumberBucket) == 64);

inline constexpr int kAlphabetLengths = 33;  // lengths 0..32; longer numbers may hold anything

}  // namespace semak
