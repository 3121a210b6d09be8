#include "index/person_bounds.h"

#include <algorithm>
#include <limits>

namespace semak {

void PersonBounds::begin(const PersonFacts& subject, const Segment& segment) {
  facts_ = subject;
  segment_ = &segment;
  planned_ = false;
  taken_ = 0;
  conflict_ = mykad_conflict(facts_).raw;
  for (int sex = 0; sex < 3; ++sex) by_sex_[sex] = person_bits_max_with(facts_, {}, static_cast<Sex>(sex)).raw;
  bound_classes(person_bits_max_without_number(facts_) - Bits{by_sex_[0]});
}

// All codes by their class alone.
void PersonBounds::bound_classes(Bits dates) {
  max_ = std::numeric_limits<std::int32_t>::min() / 2;
  for (int c = 0; c < kRowClasses; ++c) {
    max_of_class_[c] = by_sex_[c % 3] + dates.raw - (class_has_mykad(c) ? conflict_ : 0);
    if (segment_->class_start(c) < segment_->class_start(c + 1)) max_ = std::max(max_, max_of_class_[c]);
  }
  std::size_t c = 0;  // row_class() of the code without MyKad, counted along since this is done for every subject
  for (std::size_t code = 0; code < kPersonCodeMykad; ++code, c = c == 2 ? 0 : c + 1) {
    max_of_code_[code] = max_of_class_[c];
    max_of_code_[kPersonCodeMykad + code] = max_of_class_[3 + c];
  }
}

void PersonBounds::restart() {
  if (planned_ && taken_ > 0) take(0);
}

const DatePlan& PersonBounds::dates() {
  if (!planned_) {
    planned_ = true;
    dates_.make(*segment_, facts_);
    if (dates_.dated()) take(0);
  }
  return dates_;
}

std::int32_t PersonBounds::max_in_step(std::size_t step, int c) const {
  return by_sex_[static_cast<std::size_t>(sex_of_class(c))] + dates_.rest(step).raw -
         (class_has_mykad(c) ? conflict_ : 0);
}

void PersonBounds::take(std::size_t taken) {
  taken_ = taken;
  bound_classes(dates_.rest(taken));
  if (!dates_.dated()) return;
  DatePlan::RestByYear rest;
  dates_.rest_by_year(taken, rest);
  for (PersonCode code = 0; code < kPersonCodeYearless; code = static_cast<PersonCode>(code + 3)) {
    const std::int32_t dates =
        rest[static_cast<std::size_t>(facts_of_person_code(code).birth_year - DatePlan::kYearFirst)];
    for (int sex = 0; sex < 3; ++sex) {
      max_of_code_[code + sex] = by_sex_[sex] + dates;
      max_of_code_[kPersonCodeMykad + code + sex] = by_sex_[sex] + dates - conflict_;
    }
  }
}

}  // namespace semak
