// People by birth date: the few whose dates say much beside the subject's are taken first, so that what birth dates
// can add to the rest is little.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/bits.h"
#include "index/packed_person.h"
#include "index/segment.h"

namespace semak {

struct DateArrays {
  std::vector<YearEntry> years;
  std::vector<DateEntry> dates;
  std::vector<std::uint32_t> people;
};

// Each person is filed under each birth date that its facts allow.
DateArrays build_date_index(std::span<const PackedFacts> facts, std::span<const PackedNumbers> numbers,
                            std::span<const char> pool);

// What the birth dates of a segment's people are worth beside a subject's, dearest first.
class DatePlan {
 public:
  struct Step {
    Bits weight;
    std::vector<std::span<const std::uint32_t>> people;
    std::uint64_t size = 0;  // of all lists
  };
  // Replaces the plan. Steps are made of the dates in the years of the subject's dates.
  void make(const Segment& segment, const PersonFacts& subject);
  const std::vector<Step>& steps() const { return steps_; }

  // At least what any date says of a person whom none of steps [0, done) has; and of one all of whose dates are in
  // one year of 1931..2014.
  Bits rest(std::size_t done) const { return std::max(here(done), elsewhere_); }
  Bits rest_in(std::size_t done, int year) const;

 private:
  Bits here(std::size_t done) const { return done < steps_.size() ? std::max(steps_[done].weight, Bits{}) : Bits{}; }

  std::vector<Step> steps_;
  std::vector<std::pair<Bits, std::span<const std::uint32_t>>> lists_;
  Bits elsewhere_;  // in any other year
  std::vector<int> own_years_;
  std::vector<PartialDate> own_;
};

}  // namespace semak
