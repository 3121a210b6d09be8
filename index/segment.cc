#include "index/segment.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <string>

#include "engine/check.h"
#include "index/checksum.h"

namespace semak {
namespace {

Error damaged(const SegmentRef& ref, const char* what) {
  return Error{ErrorCode::corruption, "index segment " + ref.file + " is damaged: " + what};
}

// Compares a token's script and text with a wanted one, by text only up to `size` bytes.
struct ByText {
  const Segment& segment;
  std::size_t size;
  int compare(std::uint32_t token, Script script, std::string_view text) const {
    const TokenKey key = segment.key(token);
    if (key.script != script) return key.script < script ? -1 : 1;
    return key.text.substr(0, size).compare(text);
  }
};

}  // namespace

namespace {

// Orders Latin texts by their first three letters (by their last, read backwards), as the texts themselves are ordered:
// whatever is no small letter is before or after all of them.
constexpr std::uint32_t kLetters = 28;
constexpr std::uint32_t kThreeLetters = kLetters * kLetters * kLetters;

constexpr std::uint32_t letter_key(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 'a' ? 0 : byte > 'z' ? kLetters - 1 : static_cast<std::uint32_t>(byte - 'a') + 1;
}

std::uint32_t first_three(std::string_view text) {
  std::uint32_t key = 0;
  for (std::size_t i = 0; i < 3; ++i) key = key * kLetters + (i < text.size() ? letter_key(text[i]) : 0);
  return key;
}

std::uint32_t last_three(std::string_view text) {
  std::uint32_t key = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    key = key * kLetters + (i < text.size() ? letter_key(text[text.size() - 1 - i]) : 0);
  }
  return key;
}

// Whether the key of three letters says just what they are.
bool three_letters(std::string_view three) {
  return std::all_of(three.begin(), three.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// Adds a run's start to places, by key: [key] is the first whose key is at least that.
template <class KeyOf>
std::vector<std::uint32_t> places_of(std::uint32_t first, std::uint32_t last, KeyOf key_of) {
  std::vector<std::uint32_t> places;
  places.reserve(kThreeLetters + 1);
  for (std::uint32_t i = first; i < last; ++i) {
    for (const std::uint32_t key = key_of(i); places.size() <= key;) places.push_back(i);
  }
  places.resize(kThreeLetters + 1, last);
  return places;
}

}  // namespace

int compare_backwards(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  if (differ.first == a.rend()) return differ.second == b.rend() ? 0 : -1;
  if (differ.second == b.rend()) return 1;
  return static_cast<unsigned char>(*differ.first) < static_cast<unsigned char>(*differ.second) ? -1 : 1;
}

std::uint64_t hash_of_text(Script script, std::string_view text) { return hash_of({script, text, 0, {}}); }

template <class T>
std::span<const T> Segment::section(Section section) const {
  const SectionPlace& place = header_->places[static_cast<std::size_t>(section)];
  return {reinterpret_cast<const T*>(file_.bytes().data() + place.offset), place.bytes / sizeof(T)};
}

Result<Segment> Segment::open(const std::filesystem::path& folder, const SegmentRef& ref, bool verify_payload) {
  static std::atomic<std::uint64_t> opened{0};
  Segment segment;
  SEMAK_TRY(segment.file_, MappedFile::open(folder / ref.file));
  SEMAK_TRY_STATUS(segment.validate(ref, verify_payload));
  segment.make_hints();
  segment.make_places();
  segment.id_ = ++opened;
  return segment;
}

// Every section has the size that the header's counts demand, so that whatever the payload's own references are
// right about stays within the file; those are covered by the sections' checksums.
Status Segment::validate(const SegmentRef& ref, bool verify_payload) {
  const std::span<const std::byte> bytes = file_.bytes();
  if (bytes.size() != ref.bytes) return damaged(ref, "wrong size");
  if (bytes.size() < sizeof(SegmentHeader)) return damaged(ref, "too short");
  header_ = reinterpret_cast<const SegmentHeader*>(bytes.data());
  if (header_->magic != kSegmentMagic) return damaged(ref, "not a segment");
  if (header_->format != kSegmentFormat || header_->sections != kSections) {
    return Error{ErrorCode::version_mismatch, "index segment " + ref.file + " is of another format"};
  }
  const std::uint64_t sum = checksum(bytes.first(offsetof(SegmentHeader, checksum)));
  if (sum != header_->checksum || sum != ref.checksum) return damaged(ref, "header checksum");
  if (header_->file_bytes != bytes.size() || header_->people != ref.people) return damaged(ref, "header counts");
  for (const SectionPlace& place : header_->places) {
    if (place.offset % 64 != 0 || place.offset > bytes.size() || place.bytes > bytes.size() - place.offset) {
      return damaged(ref, "section out of bounds");
    }
    if (verify_payload && checksum(bytes.subspan(place.offset, place.bytes)) != place.checksum) {
      return damaged(ref, "section checksum");
    }
  }
  tokens_ = section<TokenEntry>(Section::tokens);
  token_bytes_ = section<char>(Section::token_bytes);
  token_slots_ = section<std::uint32_t>(Section::token_slots);
  masks_ = section<std::uint32_t>(Section::token_masks);
  endings_ = section<std::uint32_t>(Section::token_endings);
  families_ = section<FamilyEntry>(Section::families);
  text_deletions_ = {section<std::uint32_t>(Section::text_deletions), section<DeletionEntry>(Section::text_deleted)};
  latin_skeletons_ = {section<std::uint32_t>(Section::latin_skeletons),
                      section<DeletionEntry>(Section::latin_skeleton_entries)};
  other_skeletons_ = {section<std::uint32_t>(Section::other_skeletons),
                      section<DeletionEntry>(Section::other_skeleton_entries)};
  term_of_token_ = section<std::uint32_t>(Section::term_of_token);
  terms_ = section<TermEntry>(Section::terms);
  rows_ = section<std::uint32_t>(Section::rows);
  class_starts_ = section<std::uint32_t>(Section::class_starts);
  penalty_starts_ = section<std::uint32_t>(Section::penalty_starts);
  postings_ = section<Posting>(Section::postings);
  row_people_more_ = section<std::uint32_t>(Section::row_people_more);
  person_rows_ = section<std::uint32_t>(Section::person_rows);
  person_rows_more_ = section<std::uint32_t>(Section::person_rows_more);
  people_ = section<PersonEntry>(Section::people);
  number_pool_ = section<char>(Section::number_pool);
  years_ = section<YearEntry>(Section::years);
  dates_ = section<DateEntry>(Section::dates);
  date_postings_ = section<Posting>(Section::date_postings);
  number_buckets_ = section<NumberBucket>(Section::number_buckets);
  number_alphabet_ = section<std::uint64_t>(Section::number_alphabet);
  const bool consistent = tokens_.size() == header_->tokens + 1 && masks_.size() == header_->tokens &&
                          term_of_token_.size() == header_->tokens + 1 && terms_.size() == header_->terms + 1 &&
                          postings_.size() == header_->postings && person_rows_.size() == header_->people &&
                          people_.size() == header_->people && (rows_.empty() || (rows_.back() & kRowEnd) != 0) &&
                          std::has_single_bit(token_slots_.size()) && token_slots_.size() > header_->tokens &&
                          !number_buckets_.empty() && number_alphabet_.size() == kAlphabetLengths * kAlphabetLengths &&
                          class_starts_.size() == kRowClasses + 1 && penalty_starts_.size() >= 2 * kRowClasses &&
                          penalty_starts_.size() % kRowClasses == 0 && class_starts_[kRowClasses] == rows_.size() &&
                          !years_.empty() && !dates_.empty() &&
                          std::has_single_bit(text_deletions_.starts.size() - 1) &&
                          std::has_single_bit(latin_skeletons_.starts.size() - 1) &&
                          std::has_single_bit(other_skeletons_.starts.size() - 1);
  if (!consistent) return damaged(ref, "sections of wrong size");
  return {};
}

void Segment::make_places() {
  const auto [first, last] = starting_with(Script::latin, {});
  beginning_places_ = places_of(first, last, [&](std::uint32_t token) { return first_three(key(token).text); });
  ending_places_ = places_of(0, static_cast<std::uint32_t>(endings_.size()),
                             [&](std::uint32_t at) { return last_three(key(endings_[at]).text); });
}

void Segment::make_hints() {
  constexpr std::uint32_t kHints = 4096;
  while (rows_end() >> hint_shift_ >= kHints) ++hint_shift_;
  penalty_hints_.resize((rows_end() >> hint_shift_) + 1);
  const std::size_t steps = penalty_starts_.size() / kRowClasses;
  for (std::uint32_t hint = 0; hint < penalty_hints_.size(); ++hint) {
    const std::uint32_t row = hint << hint_shift_;
    int c = 0;
    while (c + 1 < kRowClasses && class_start(c + 1) <= row) ++c;
    if (class_start(c + 1) < std::min(row + (1U << hint_shift_), rows_end())) continue;  // of two classes: at least 0
    const auto starts = penalty_starts_.subspan(static_cast<std::size_t>(c) * steps, steps);
    const auto after = std::upper_bound(starts.begin(), starts.end(), row);
    penalty_hints_[hint] = std::max(0, static_cast<std::int32_t>(after - starts.begin()) - 1);
  }
}

std::optional<std::uint32_t> Segment::find(Script script, std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = token_slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (token_slots_[slot] == 0) return std::nullopt;
    const std::uint32_t token = token_slots_[slot] - 1;
    const TokenEntry& entry = tokens_[token];
    if (entry.script == static_cast<std::uint8_t>(script) && text_between(entry.text, entry.skeleton) == text) {
      return token;
    }
  }
}

std::pair<std::uint32_t, std::uint32_t> Segment::starting_with(Script script, std::string_view prefix) const {
  const ByText by{*this, prefix.size()};
  std::uint32_t begin = 0;
  std::uint32_t end = tokens();
  if (script == Script::latin && prefix.size() >= 3 && three_letters(prefix.substr(0, 3))) {
    const std::uint32_t key = first_three(prefix);
    begin = beginning_places_[key];
    end = beginning_places_[key + 1];
  }
  auto bound = [&](bool after) {
    std::uint32_t first = begin;
    std::uint32_t last = end;
    while (first < last) {
      const std::uint32_t middle = first + (last - first) / 2;
      const int order = by.compare(middle, script, prefix);
      (order < 0 || (after && order == 0) ? first = middle + 1 : last = middle);
    }
    return first;
  };
  return {bound(false), bound(true)};
}

std::span<const std::uint32_t> Segment::ending_with(std::string_view suffix) const {
  SEMAK_DCHECK(suffix.size() >= kSuffixMin);
  const auto ending = [&](std::uint32_t token) {
    const std::string_view text = key(token).text;
    return text.substr(text.size() - std::min(text.size(), suffix.size()));
  };
  std::span<const std::uint32_t> endings = endings_;
  if (three_letters(suffix.substr(suffix.size() - 3))) {
    const std::uint32_t place = last_three(suffix);
    endings = endings.subspan(ending_places_[place], ending_places_[place + 1] - ending_places_[place]);
  }
  const auto first = std::partition_point(endings.begin(), endings.end(), [&](std::uint32_t token) {
    return compare_backwards(key(token).text, suffix) <= 0;  // the suffix itself is not longer
  });
  const auto last =
      std::partition_point(first, endings.end(), [&](std::uint32_t token) { return ending(token) == suffix; });
  return {first, last};
}

std::span<const FamilyEntry> Segment::of_family(std::uint32_t family) const {
  if (family == 0) return {};
  const auto range = std::ranges::equal_range(families_, family, {}, &FamilyEntry::family);
  return {range.begin(), range.end()};
}

std::optional<std::uint32_t> Segment::person(RevisionId revision) const {
  if (revision.value < header_->revision_first) return std::nullopt;
  const std::uint64_t wanted = revision.value - header_->revision_first;
  const auto found = std::ranges::lower_bound(people_, wanted, {}, &PersonEntry::revision);
  if (found == people_.end() || found->revision != wanted) return std::nullopt;
  return static_cast<std::uint32_t>(found - people_.begin());
}

}  // namespace semak
