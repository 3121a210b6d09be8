// People by birth date: the few whose dates say much beside the subject's are taken first, so that what birth dates
// can add to the rest is little.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/bits.h"
#include "index/packed_person.h"
#include "index/row_builder.h"
#include "index/segment.h"

namespace semak {

struct DateArrays {
  std::vector<YearEntry> years;
  std::vector<DateEntry> dates;
  std::vector<Posting> postings;
};

// Birth date << 32 | person, ascending: each person under each birth date that its facts allow.
using FiledDates = std::vector<std::uint64_t>;
FiledDates file_by_date(const PeopleArrays& people);
// REQUIRES: make_postings() has given the dictionary's terms their codes.
DateArrays build_date_index(const FiledDates& filed, const DictionaryArrays& dictionary, const RowArrays& rows,
                            const PeopleArrays& people);

// What the birth dates of a segment's people are worth beside a subject's, dearest first.
class DatePlan {
 public:
  struct List {  // of one date
    Bits weight;
    int year = 0;
    std::span<const Posting> postings;
  };
  struct Step {  // all dates of one weight
    Bits weight;
    std::span<const List> lists;
    std::uint64_t size = 0;  // postings of all lists
  };
  // Replaces the plan. Its steps have every date that speaks for the subject.
  void make(const Segment& segment, const PersonFacts& subject);
  bool dated() const { return !own_.empty(); }  // the subject has a birth date
  const std::vector<Step>& steps() const { return steps_; }

  // At least what the dates say of a person whom none of steps [0, done) has; >= 0.
  Bits rest(std::size_t done) const { return done < steps_.size() ? steps_[done].weight : Bits{}; }
  // The same of one all of whose dates are in one year, by year from kYearFirst; mostly negative. REQUIRES: dated().
  static constexpr int kYearFirst = 1931;
  static constexpr int kYears = 84;
  using RestByYear = std::array<std::int32_t, kYears>;
  void rest_by_year(std::size_t done, RestByYear& rest) const;

 private:
  void add_own_years(const Segment& segment);
  void add_other_years(const Segment& segment);

  std::vector<Step> steps_;
  std::vector<List> lists_;
  std::vector<PartialDate> own_;
  RestByYear without_lists_{};
};

}  // namespace semak
