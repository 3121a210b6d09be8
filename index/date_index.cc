#include "index/date_index.h"

#include <algorithm>
#include <tbb/parallel_sort.h>
#include <utility>

#include "engine/match/date_evidence.h"

namespace semak {
namespace {

// All that person evidence may compare, and maybe more (placeholders), which does no harm here.
template <class Visit>
void for_each_date(PartialDate dob, std::span<const IdentityNumber> numbers, Visit visit) {
  if (dob.known()) visit(dob);
  for (const IdentityNumber& number : numbers) {
    for (const PartialDate date : number.birth_dates) {
      if (date.known()) visit(date);
    }
  }
}

std::uint32_t sort_key(PartialDate date) {
  return static_cast<std::uint32_t>(date.year) << 16 | static_cast<std::uint32_t>(date.month) << 8 | date.day;
}

}  // namespace

PartialDate DateEntry::date() const {
  return {static_cast<std::int16_t>(key >> 16), static_cast<std::uint8_t>(key >> 8 & 255),
          static_cast<std::uint8_t>(key & 255)};
}

DateArrays build_date_index(std::span<const PackedFacts> facts, std::span<const PackedNumbers> numbers,
                            std::span<const char> pool) {
  std::vector<std::uint64_t> filed;  // date << 32 | person
  std::vector<IdentityNumber> identity;
  filed.reserve(facts.size());
  for (std::uint32_t person = 0; person < facts.size(); ++person) {
    numbers[person].unpack(pool, identity);
    for_each_date(facts[person].dob(), identity,
                  [&](PartialDate date) { filed.push_back(std::uint64_t{sort_key(date)} << 32 | person); });
  }
  tbb::parallel_sort(filed.begin(), filed.end());
  filed.erase(std::unique(filed.begin(), filed.end()), filed.end());
  DateArrays out;
  out.people.reserve(filed.size());
  for (const std::uint64_t entry : filed) {
    const auto key = static_cast<std::uint32_t>(entry >> 32);
    if (out.dates.empty() || out.dates.back().key != key) {
      const std::uint32_t year = key >> 16;
      if (out.years.empty() || out.years.back().year != year) {
        out.years.push_back({year, static_cast<std::uint32_t>(out.dates.size())});
      }
      out.dates.push_back({key, static_cast<std::uint32_t>(out.people.size())});
    }
    out.people.push_back(static_cast<std::uint32_t>(entry));
  }
  out.years.push_back({0xffffffff, static_cast<std::uint32_t>(out.dates.size())});
  out.dates.push_back({0xffffffff, static_cast<std::uint32_t>(out.people.size())});
  return out;
}

void DatePlan::make(const Segment& segment, const PersonFacts& subject) {
  steps_.clear();
  lists_.clear();
  own_years_.clear();
  own_.clear();
  elsewhere_ = {};
  for_each_date(subject.dob, subject.numbers, [&](PartialDate date) {
    if (std::find(own_.begin(), own_.end(), date) == own_.end()) own_.push_back(date);
    if (std::find(own_years_.begin(), own_years_.end(), date.year) == own_years_.end()) {
      own_years_.push_back(date.year);
    }
  });
  const std::span<const YearEntry> years = segment.years();
  const std::span<const DateEntry> dates = segment.dates();
  for (std::size_t y = 0; y + 1 < years.size(); ++y) {
    const int year = static_cast<int>(years[y].year);
    if (std::find(own_years_.begin(), own_years_.end(), year) == own_years_.end()) {
      elsewhere_ = std::max(elsewhere_, rest_in(0, year));
      continue;
    }
    for (std::uint32_t d = years[y].first; d < years[y + 1].first; ++d) {
      const PartialDate date = dates[d].date();
      Bits weight;
      for (const PartialDate own : own_) weight = std::max(weight, compare_dates(own, date).weight);
      if (weight > Bits{}) {
        lists_.push_back({weight, segment.date_people().subspan(dates[d].first, dates[d + 1].first - dates[d].first)});
      }
    }
  }
  std::sort(lists_.begin(), lists_.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second.data() < b.second.data();
  });
  for (const auto& [weight, people] : lists_) {
    if (steps_.empty() || steps_.back().weight != weight) steps_.push_back({weight, {}, 0});
    steps_.back().people.push_back(people);
    steps_.back().size += people.size();
  }
}

Bits DatePlan::rest_in(std::size_t done, int year) const {
  if (std::find(own_years_.begin(), own_years_.end(), year) != own_years_.end()) {
    Bits most = here(done);
    for (const PartialDate own : own_) {
      if (own.year != year) most = std::max(most, date_bits_max_in_year(own, year));
    }
    return most;
  }
  Bits most;
  for (const PartialDate own : own_) most = std::max(most, date_bits_max_in_year(own, year));
  return most;
}

}  // namespace semak
