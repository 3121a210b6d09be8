// Rows, people and postings of a segment in the making.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index/dictionary_builder.h"
#include "index/people_batch.h"
#include "index/segment_format.h"

namespace semak {

// Short lists, most of one element: see Section::person_rows.
struct ShortLists {
  std::vector<std::uint32_t> ones;
  std::vector<std::uint32_t> more;
  void add(std::span<const std::uint32_t> list);
  std::span<const std::uint32_t> list(std::size_t at) const;
};

struct PeopleArrays {
  std::uint64_t revision_first = 0;
  std::vector<std::uint32_t> revisions;
  std::vector<PackedFacts> facts;
  std::vector<PackedNumbers> numbers;
  std::vector<PersonCode> codes;
  std::string number_pool;
  std::vector<std::vector<std::uint32_t>> person_of_batch;  // by batch: its people's numbers here
};

// People by ascending revision.
Result<PeopleArrays> order_people(std::span<const PeopleBatch> batches);

struct RowArrays {
  std::vector<std::uint32_t> starts;  // in words
  std::vector<std::uint32_t> words;   // Section::rows
  std::vector<std::uint32_t> row_people_more;
  std::vector<std::uint32_t> class_starts;
  std::vector<std::uint32_t> penalty_starts;
  std::vector<PersonCode> codes;  // what bounds all people of a row
  ShortLists person_rows;         // places in words
};

// Equal rows collapse into one; rows by class, then by ascending penalty, then by a hash of
// their content, then by content.
RowArrays collapse_rows(std::span<const PeopleBatch> batches, const DictionaryArrays& dictionary,
                        const PeopleArrays& people);

// Fills in `dictionary.terms` postings and codes.
std::vector<Posting> make_postings(DictionaryArrays& dictionary, const RowArrays& rows);
// A posting that is no term's: all the row's tokens are in its signature. REQUIRES: make_postings() came first.
Posting make_row_posting(const DictionaryArrays& dictionary, const RowArrays& rows, std::uint32_t row, PersonCode code);

}  // namespace semak
