// Bytes of a segment file, format 4: a header, then sections at multiples of 64, little-endian.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/partial_date.h"
#include "index/packed_person.h"

namespace semak {

inline constexpr std::uint64_t kSegmentMagic = 0x3158446b616d6553;  // "SemakDX1"
inline constexpr std::uint32_t kSegmentFormat = 4;

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
  term_of_token,  // u32 per token and one more: first of its terms
  terms,          // TermEntry
  rows,           // u32s of each row, one behind the other: a row is named by its place here. First whose name it is:
         // a person, or kMany | place in row_people_more: how many, then they, ascending. Then the term of each
         // token in the order written; the first also has FormKind << kTermBits, the last kRowEnd
  row_people_more,
  class_starts,    // u32 per row class (row_class of person_code) and one more: its first row
  penalty_starts,  // u32, as many steps for each class: first of its rows whose penalty is at least k * kPenaltyStep
  postings,        // Posting, by term, by row; before those of a long list its ClassMarks
  person_rows,     // u32 per person: a row, or kMany | place in person_rows_more, as in rows
  person_rows_more,
  people,           // PersonEntry, by strictly ascending revision
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

// A term's code in signatures: its cluster, and above that its number in the cluster. The commonest terms are a cluster
// each; the others are clustered by what they start with, so that the spellings of a name are in few.
inline constexpr std::uint32_t kClusters = 256;       // the first is no term's
inline constexpr std::uint32_t kClustersOwned = 100;  // of one term
inline constexpr std::uint32_t kNumbers = 256;        // in a cluster
inline constexpr std::uint32_t kNumbersOwned = 208;   // of one term
constexpr std::uint16_t code_of(std::uint32_t cluster, std::uint32_t number) {
  return static_cast<std::uint16_t>(number << 8 | cluster);
}
constexpr std::uint8_t cluster_of(std::uint16_t code) { return static_cast<std::uint8_t>(code & 255); }

// A token in a role: the unit of rows and postings, since leftovers cost by role.
struct TermEntry {
  std::uint32_t token = 0;
  std::int32_t leftover = 0;   // Bits::raw: what it costs unmatched
  std::uint32_t postings = 0;  // first slot of its list; ends where the next term's start
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

// Where each row class begins in a long list, so that none need be searched for.
struct ClassMarks {
  std::array<std::uint32_t, kRowClasses> first{};
  std::array<std::uint32_t, 2> spare{};
};
inline constexpr std::uint32_t kMarkSlots = sizeof(ClassMarks) / sizeof(Posting);
static_assert(sizeof(ClassMarks) == kMarkSlots * sizeof(Posting));
// Lists of more postings than this have marks.
inline constexpr std::uint32_t kUnmarkedMax = 16;

struct PersonEntry {
  PackedNumbers numbers;
  PackedFacts facts;
  std::uint32_t revision = 0;  // less revision_first
};
static_assert(sizeof(PersonEntry) == 16);

inline constexpr std::int32_t kPenaltyStep = 16;
inline constexpr std::uint32_t kMany = 1U << 31;
inline constexpr std::uint32_t kTermBits = 28;
inline constexpr std::uint32_t kTermMask = (1U << kTermBits) - 1;
inline constexpr std::uint32_t kRowEnd = 1U << 31;

struct NumberBucket {
  static constexpr int kEntries = 10;
  std::array<std::uint32_t, kEntries> people{};  // 1 + person, 0: free
  std::array<std::uint16_t, kEntries> prints{};
  std::uint32_t spare = 0;
};
static_assert(sizeof(NumberBucket) == 64);

inline constexpr int kAlphabetLengths = 33;  // lengths 0..32; longer numbers may hold anything

}  // namespace semak
