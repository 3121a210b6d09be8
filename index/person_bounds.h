// What people can add to a name's score, the subject's number apart.
#pragma once

#include <array>
#include <cstdint>

#include "engine/match/person_evidence.h"
#include "index/date_index.h"
#include "index/packed_person.h"
#include "index/segment.h"

namespace semak {

// The subject apart from its names, beside one segment: what it can add to a name's score, for people whose numbers
// are not related to the subject's. Falls as people of near birth dates are taken.
class PersonBounds {
 public:
  void begin(const PersonFacts& subject, const Segment& segment);
  void restart();  // nothing is taken; for another reading of the subject's name
  const PersonFacts& facts() const { return facts_; }

  // Of people whom no taken date has: the most, of any class that the segment has, of each class, of each person_code.
  std::int32_t max() const { return max_; }
  std::int32_t max_of_class(int c) const { return max_of_class_[static_cast<std::size_t>(c)]; }
  const std::array<std::int32_t, 512>& max_of_code() const { return max_of_code_; }

  // The dates' steps; made when first asked for.
  const DatePlan& dates();
  std::size_t taken() const { return taken_; }
  void take(std::size_t taken);
  // Of someone of the class whom a step has but none before it.
  std::int32_t max_in_step(std::size_t step, int c) const;

 private:
  void bound_classes(Bits dates);

  PersonFacts facts_;
  const Segment* segment_ = nullptr;
  bool planned_ = false;
  std::size_t taken_ = 0;
  std::int32_t max_ = 0;
  std::int32_t conflict_ = 0;
  std::array<std::int32_t, 3> by_sex_{};  // without dates
  std::array<std::int32_t, kRowClasses> max_of_class_{};
  std::array<std::int32_t, 512> max_of_code_{};
  DatePlan dates_;
};

}  // namespace semak
