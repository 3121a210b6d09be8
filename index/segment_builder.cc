#include "index/segment_builder.h"

#include <span>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include "index/checksum.h"
#include "index/date_index.h"
#include "index/dictionary_builder.h"
#include "index/number_index.h"
#include "index/row_builder.h"

namespace semak {
namespace {

// The sections' bytes, wherever they lie.
class Sections {
 public:
  template <class Container>
  void set(Section section, const Container& container) {
    parts_[static_cast<std::size_t>(section)] = std::as_bytes(std::span(container));
  }

  Result<SegmentRef> write(SegmentHeader header, const SegmentOrder& order) const {
    std::uint64_t offset = padded(sizeof(SegmentHeader));
    for (std::size_t i = 0; i < kSections; ++i) {
      header.places[i].offset = offset;
      header.places[i].bytes = parts_[i].size();
      offset += padded(parts_[i].size());
    }
    header.file_bytes = offset;
    tbb::parallel_for(std::size_t{0}, kSections,
                      [&](std::size_t i) { header.places[i].checksum = checksum(parts_[i]); });
    const std::span<const std::byte> head = std::as_bytes(std::span(&header, 1));
    header.checksum = checksum(head.first(offsetof(SegmentHeader, checksum)));
    static constexpr std::array<std::byte, 64> kZeros{};
    std::vector<std::span<const std::byte>> all;
    auto append = [&](std::span<const std::byte> part) {
      all.push_back(part);
      all.push_back(std::span(kZeros).first(padded(part.size()) - part.size()));
    };
    append(head);
    for (const std::span<const std::byte> part : parts_) append(part);
    SEMAK_TRY_STATUS(write_durably(order.folder / order.file, all));
    SEMAK_TRY_STATUS(sync_folder(order.folder));
    return SegmentRef{order.file, header.file_bytes, header.checksum, header.people};
  }

 private:
  static std::uint64_t padded(std::uint64_t bytes) { return (bytes + 63) / 64 * 64; }

  std::array<std::span<const std::byte>, kSections> parts_{};
};

void add_dictionary(Sections& sections, const DictionaryArrays& dictionary) {
  sections.set(Section::tokens, dictionary.tokens);
  sections.set(Section::token_bytes, dictionary.token_bytes);
  sections.set(Section::token_slots, dictionary.token_slots);
  sections.set(Section::token_masks, dictionary.token_masks);
  sections.set(Section::token_endings, dictionary.token_endings);
  sections.set(Section::families, dictionary.families);
  sections.set(Section::text_deletions, dictionary.text_deletions);
  sections.set(Section::text_deleted, dictionary.text_deleted);
  sections.set(Section::latin_skeletons, dictionary.latin_skeletons);
  sections.set(Section::latin_skeleton_entries, dictionary.latin_skeleton_entries);
  sections.set(Section::other_skeletons, dictionary.other_skeletons);
  sections.set(Section::other_skeleton_entries, dictionary.other_skeleton_entries);
  sections.set(Section::term_of_token, dictionary.term_of_token);
  sections.set(Section::terms, dictionary.terms);
}

void add_rows(Sections& sections, const RowArrays& rows) {
  sections.set(Section::rows, rows.words);
  sections.set(Section::row_people_more, rows.row_people_more);
  sections.set(Section::class_starts, rows.class_starts);
  sections.set(Section::penalty_starts, rows.penalty_starts);
  sections.set(Section::person_rows, rows.person_rows.ones);
  sections.set(Section::person_rows_more, rows.person_rows.more);
}

std::vector<PersonEntry> entries_of(const PeopleArrays& people) {
  std::vector<PersonEntry> entries(people.revisions.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i] = {people.numbers[i], people.facts[i], people.revisions[i]};
  }
  return entries;
}

}  // namespace

Result<SegmentRef> build_segment(const Model& model, std::vector<PeopleBatch> batches, const SegmentOrder& order,
                                 const Progress& progress) {
  auto tell = [&](std::uint64_t done) {
    if (progress) progress("building the index", done, 5);
  };
  tell(0);
  SEMAK_TRY(const PeopleArrays people, order_people(batches));
  tell(1);
  DictionaryArrays dictionary = build_dictionary(model, batches, order.base);
  tell(2);
  const RowArrays rows = collapse_rows(batches, dictionary, people);
  batches.clear();
  tell(3);
  std::vector<Posting> postings;
  NumberArrays numbers;
  DateArrays dates;
  FiledDates filed;
  tbb::parallel_invoke([&] { postings = make_postings(dictionary, rows); },
                       [&] { numbers = build_number_index(people.numbers, people.number_pool); },
                       [&] { filed = file_by_date(people); });
  dates = build_date_index(filed, dictionary, rows, people);
  tell(4);
  Sections sections;
  add_dictionary(sections, dictionary);
  add_rows(sections, rows);
  const std::vector<PersonEntry> entries = entries_of(people);
  sections.set(Section::people, entries);
  sections.set(Section::number_pool, people.number_pool);
  sections.set(Section::postings, postings);
  sections.set(Section::years, dates.years);
  sections.set(Section::dates, dates.dates);
  sections.set(Section::date_postings, dates.postings);
  sections.set(Section::number_buckets, numbers.buckets);
  sections.set(Section::number_alphabet, numbers.alphabet);

  SegmentHeader header;
  header.normalizer_version = order.normalizer_version;
  header.model_version = model.version;
  header.epoch = order.base == nullptr ? 0 : order.base->header().checksum;
  header.weight_people = dictionary.weight_people;
  header.people = people.revisions.size();
  header.rows = rows.starts.size();
  header.tokens = dictionary.tokens.size() - 1;
  header.terms = dictionary.terms.size() - 1;
  header.postings = postings.size();
  header.revision_first = people.revision_first;
  SEMAK_TRY(const SegmentRef ref, sections.write(header, order));
  SEMAK_TRY(const Segment written, Segment::open(order.folder, ref, true));
  tell(5);
  return ref;
}

}  // namespace semak
