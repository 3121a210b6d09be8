// One index file, mapped: the dictionary, names, postings, people and numbers of some people of a register.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "engine/bits.h"
#include "engine/ids.h"
#include "engine/match/token_relation.h"
#include "engine/result.h"
#include "index/manifest.h"
#include "index/mapped_file.h"
#include "index/packed_person.h"
#include "index/people_batch.h"
#include "index/segment_format.h"

namespace semak {

// Arrays of a deletion index (deletion_index.h) as they lie in a segment.
struct DeletionEntry {
  std::uint32_t token = 0;
  std::uint32_t print = 0;
};
struct DeletionArrays {
  std::span<const std::uint32_t> starts;
  std::span<const DeletionEntry> entries;
};

std::uint64_t hash_of_text(Script script, std::string_view text);
// Orders texts by their last letters first.
int compare_backwards(std::string_view a, std::string_view b);

class Segment {
 public:
  // Checks header, sizes of sections and, if `verify_payload`, the checksum of every section.
  static Result<Segment> open(const std::filesystem::path& folder, const SegmentRef& ref, bool verify_payload);

  const SegmentHeader& header() const { return *header_; }
  std::uint64_t id() const { return id_; }  // of this mapping, unique in the process
  std::uint64_t bytes() const { return file_.bytes().size(); }

  std::uint32_t people() const { return static_cast<std::uint32_t>(header_->people); }
  std::uint32_t tokens() const { return static_cast<std::uint32_t>(header_->tokens); }

  // Dictionary
  const TokenEntry& token(std::uint32_t token) const { return tokens_[token]; }
  TokenKey key(std::uint32_t token) const {
    const TokenEntry& entry = tokens_[token];
    return {static_cast<Script>(entry.script), text_between(entry.text, entry.skeleton), entry.family,
            text_between(entry.skeleton, tokens_[token + 1].text)};
  }
  TokenView view(std::uint32_t token) const {
    const TokenKey key_of = key(token);
    return {key_of.text, key_of.skeleton, key_of.family, key_of.script};
  }
  // First token of this script and text (others of the same follow), if any.
  std::optional<std::uint32_t> find(Script script, std::string_view text) const {
    return find(script, text, hash_of_text(script, text));
  }
  std::optional<std::uint32_t> find(Script script, std::string_view text, std::uint64_t hash) const;
  void prefetch_slot(std::uint64_t hash) const { __builtin_prefetch(&token_slots_[hash & (token_slots_.size() - 1)]); }
  void prefetch_token(std::uint32_t token) const { __builtin_prefetch(&tokens_[token]); }
  void prefetch_text(std::uint32_t token) const { __builtin_prefetch(token_bytes_.data() + tokens_[token].text); }
  // Tokens [first, last) of this script whose text starts with `prefix`.
  std::pair<std::uint32_t, std::uint32_t> starting_with(Script script, std::string_view prefix) const;
  // Latin tokens that end with `suffix` and are longer; REQUIRES: at least kSuffixMin letters.
  std::span<const std::uint32_t> ending_with(std::string_view suffix) const;
  std::span<const FamilyEntry> of_family(std::uint32_t family) const;
  std::span<const std::uint32_t> masks() const { return masks_; }
  const DeletionArrays& text_deletions() const { return text_deletions_; }
  const DeletionArrays& latin_skeletons() const { return latin_skeletons_; }
  const DeletionArrays& other_skeletons() const { return other_skeletons_; }

  // Terms: those of token t are [term_of_token(t), term_of_token(t + 1)).
  std::uint32_t term_of_token(std::uint32_t token) const { return term_of_token_[token]; }
  void prefetch_term_of(std::uint32_t token) const { __builtin_prefetch(&term_of_token_[token]); }
  const TermEntry& term(std::uint32_t term) const { return terms_[term]; }
  void prefetch_term(std::uint32_t term) const { __builtin_prefetch(&terms_[term]); }
  std::span<const Posting> postings(std::uint32_t term) const {
    const std::uint32_t slots = terms_[term + 1].postings - terms_[term].postings;
    const std::uint32_t marks = slots > kUnmarkedMax ? kMarkSlots : 0;
    return postings_.subspan(terms_[term].postings + marks, slots - marks);
  }
  // REQUIRES: a list of postings() that is longer than kUnmarkedMax.
  static const ClassMarks& marks_of(std::span<const Posting> postings) {
    return *reinterpret_cast<const ClassMarks*>(postings.data() - kMarkSlots);
  }
  std::uint32_t place_of(std::span<const Posting> postings) const {
    return static_cast<std::uint32_t>(postings.data() - postings_.data());
  }
  const Posting* posting_at(std::uint32_t place) const { return postings_.data() + place; }

  // Rows, by class (row_class), then by ascending penalty (sum of their terms' leftovers)
  std::uint32_t rows_end() const { return static_cast<std::uint32_t>(rows_.size()); }
  // Words of the row's tokens.
  std::span<const std::uint32_t> row(std::uint32_t row) const {
    const std::uint32_t* const first = &rows_[row + 1];
    const std::uint32_t* last = first;
    while ((*last & kRowEnd) == 0) ++last;
    return {first, last + 1};
  }
  static FormKind kind_of_row(std::span<const std::uint32_t> row) {
    return static_cast<FormKind>((row[0] & ~kRowEnd) >> kTermBits);
  }
  std::uint32_t row_behind(std::uint32_t row) const {
    return static_cast<std::uint32_t>(this->row(row).data() + this->row(row).size() - rows_.data());
  }
  std::uint32_t class_start(int c) const { return class_starts_[static_cast<std::size_t>(c)]; }  // and of kRowClasses
  // First row of the class whose penalty is surely greater than `penalty_max`, or the end of the class.
  std::uint32_t row_limit(int c, std::int64_t penalty_max) const {
    if (penalty_max < 0) return class_start(c);
    const std::size_t steps = penalty_starts_.size() / kRowClasses;
    const auto step = static_cast<std::uint64_t>(penalty_max) / kPenaltyStep + 1;
    return step < steps ? penalty_starts_[static_cast<std::size_t>(c) * steps + step] : class_start(c + 1);
  }
  // A lower bound of a row's penalty, mostly near.
  std::int32_t penalty_at_least(std::uint32_t row) const { return penalty_hints_[row >> hint_shift_] * kPenaltyStep; }
  std::span<const std::uint32_t> people_of_row(std::uint32_t row) const { return list(rows_, row_people_more_, row); }

  // People, by ascending revision
  // What offering them starts with.
  void prefetch_people_of(std::uint32_t row) const {
    const std::uint32_t value = rows_[row];
    if ((value & kMany) == 0) {
      __builtin_prefetch(&people_[value]);
    } else {
      __builtin_prefetch(&row_people_more_[value & ~kMany]);
    }
  }
  // Most rows are of at most so many words.
  void prefetch_row(std::uint32_t row) const {
    constexpr std::uint32_t kWords = 7;
    __builtin_prefetch(&rows_[row]);
    __builtin_prefetch(rows_.data() + row + kWords - 1);
  }
  std::span<const std::uint32_t> rows_of_person(std::uint32_t person) const {
    return list(person_rows_, person_rows_more_, person);
  }
  RevisionId revision(std::uint32_t person) const { return {header_->revision_first + people_[person].revision}; }
  std::optional<std::uint32_t> person(RevisionId revision) const;
  PackedFacts facts(std::uint32_t person) const { return people_[person].facts; }
  void numbers(std::uint32_t person, std::vector<IdentityNumber>& out) const {
    people_[person].numbers.unpack(number_pool_, out);
  }
  std::span<const YearEntry> years() const { return years_; }
  std::span<const DateEntry> dates() const { return dates_; }
  std::span<const Posting> date_postings() const { return date_postings_; }
  std::span<const NumberBucket> number_buckets() const { return number_buckets_; }
  std::span<const std::uint64_t> number_alphabet() const { return number_alphabet_; }

 private:
  template <class T>
  std::span<const T> section(Section section) const;
  Status validate(const SegmentRef& ref, bool verify_payload);

  std::string_view text_between(std::uint32_t first, std::uint32_t last) const {
    return {token_bytes_.data() + first, last - first};
  }
  static std::span<const std::uint32_t> list(std::span<const std::uint32_t> ones, std::span<const std::uint32_t> more,
                                             std::uint32_t at) {
    const std::uint32_t value = ones[at];
    if ((value & kMany) == 0) return ones.subspan(at, 1);
    const std::uint32_t place = value & ~kMany;
    return more.subspan(place + 1, more[place]);
  }

  void make_hints();
  void make_places();

  MappedFile file_;
  const SegmentHeader* header_ = nullptr;
  std::uint64_t id_ = 0;
  std::vector<std::int32_t> penalty_hints_;  // by row >> hint_shift_: steps of penalty that such rows have at least
  int hint_shift_ = 0;
  std::vector<std::uint32_t> beginning_places_;  // by three letters: first Latin token that starts with them or later
  std::vector<std::uint32_t> ending_places_;     // likewise in endings_
  std::span<const TokenEntry> tokens_;
  std::span<const char> token_bytes_;
  std::span<const std::uint32_t> token_slots_, masks_, term_of_token_, rows_;
  std::span<const std::uint32_t> class_starts_, penalty_starts_;
  std::span<const std::uint32_t> row_people_more_, person_rows_, person_rows_more_;
  std::span<const std::uint32_t> endings_;
  std::span<const FamilyEntry> families_;
  DeletionArrays text_deletions_, latin_skeletons_, other_skeletons_;
  std::span<const TermEntry> terms_;
  std::span<const Posting> postings_;
  std::span<const PersonEntry> people_;
  std::span<const char> number_pool_;
  std::span<const YearEntry> years_;
  std::span<const DateEntry> dates_;
  std::span<const Posting> date_postings_;
  std::span<const NumberBucket> number_buckets_;
  std::span<const std::uint64_t> number_alphabet_;
};

}  // namespace semak
