#include "index/date_index.h"

#include <algorithm>
#include <limits>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>
#include <utility>

#include "engine/check.h"
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

template <class Visit>
void for_each_year(const Segment& segment, Visit visit) {
  const std::span<const YearEntry> years = segment.years();
  for (std::size_t y = 0; y + 1 < years.size(); ++y) {
    visit(static_cast<int>(years[y].year), years[y].first, years[y + 1].first);
  }
}

std::span<const Posting> postings_of_date(const Segment& segment, std::uint32_t date) {
  const DateEntry* const entry = &segment.dates()[date];
  return segment.date_postings().subspan(entry[0].first, entry[1].first - entry[0].first);
}

bool is_own_year(std::span<const PartialDate> own, int year) {
  return std::any_of(own.begin(), own.end(), [year](PartialDate date) { return date.year == year; });
}

std::uint32_t sort_key(PartialDate date) {
  return static_cast<std::uint32_t>(date.year) << 16 | static_cast<std::uint32_t>(date.month) << 8 | date.day;
}

}  // namespace

PartialDate DateEntry::date() const {
  return {static_cast<std::int16_t>(key >> 16), static_cast<std::uint8_t>(key >> 8 & 255),
          static_cast<std::uint8_t>(key & 255)};
}

FiledDates file_by_date(const PeopleArrays& people) {
  FiledDates filed;
  std::vector<IdentityNumber> identity;
  filed.reserve(people.facts.size());
  for (std::uint32_t person = 0; person < people.facts.size(); ++person) {
    people.numbers[person].unpack(people.number_pool, identity);
    for_each_date(people.facts[person].dob(), identity,
                  [&](PartialDate date) { filed.push_back(std::uint64_t{sort_key(date)} << 32 | person); });
  }
  tbb::parallel_sort(filed.begin(), filed.end());
  filed.erase(std::unique(filed.begin(), filed.end()), filed.end());
  return filed;
}

DateArrays build_date_index(const FiledDates& filed, const DictionaryArrays& dictionary, const RowArrays& rows,
                            const PeopleArrays& people) {
  DateArrays out;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> wanted;  // person, row
  wanted.reserve(filed.size());
  for (const std::uint64_t entry : filed) {
    const auto key = static_cast<std::uint32_t>(entry >> 32);
    const auto first = static_cast<std::uint32_t>(wanted.size());
    if (out.dates.empty() || out.dates.back().key != key) {
      const std::uint32_t year = key >> 16;
      if (out.years.empty() || out.years.back().year != year) {
        out.years.push_back({year, static_cast<std::uint32_t>(out.dates.size())});
      }
      out.dates.push_back({key, first});
    }
    const auto person = static_cast<std::uint32_t>(entry);
    for (const std::uint32_t row : rows.person_rows.list(person)) wanted.push_back({person, row});
  }
  out.years.push_back({0xffffffff, static_cast<std::uint32_t>(out.dates.size())});
  out.dates.push_back({0xffffffff, static_cast<std::uint32_t>(wanted.size())});
  SEMAK_CHECK(wanted.size() <= 0xffffffffULL);
  out.postings.resize(wanted.size());
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, wanted.size(), 8192), [&](const auto& range) {
    for (std::size_t i = range.begin(); i != range.end(); ++i) {
      const auto [person, row] = wanted[i];
      out.postings[i] = make_row_posting(dictionary, rows, row, people.codes[person]);
    }
  });
  return out;
}

void DatePlan::make(const Segment& segment, const PersonFacts& subject) {
  steps_.clear();
  lists_.clear();
  own_.clear();
  // A placeholder's date is no evidence.
  const auto add = [&](PartialDate date) {
    if (date.known() && std::find(own_.begin(), own_.end(), date) == own_.end()) own_.push_back(date);
  };
  add(subject.dob);
  for (const IdentityNumber& number : subject.numbers) {
    if (has(number.flags, NumberFlag::placeholder)) continue;
    for (const PartialDate date : number.birth_dates) add(date);
  }
  if (own_.empty()) return;
  for (int i = 0; i < kYears; ++i) {
    std::int32_t most = std::numeric_limits<std::int32_t>::min();
    for (const PartialDate own : own_) most = std::max(most, date_bits_max_apart(own, kYearFirst + i).raw);
    without_lists_[static_cast<std::size_t>(i)] = most;
  }
  add_own_years(segment);
  add_other_years(segment);
  std::sort(lists_.begin(), lists_.end(), [](const List& a, const List& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.postings.data() < b.postings.data();
  });
  for (std::size_t first = 0; first < lists_.size();) {
    Step step{lists_[first].weight, {}, 0};
    std::size_t last = first;
    for (; last < lists_.size() && lists_[last].weight == step.weight; ++last)
      step.size += lists_[last].postings.size();
    step.lists = std::span(lists_).subspan(first, last - first);
    steps_.push_back(step);
    first = last;
  }
}

// Of the subject's own years every date is compared.
void DatePlan::add_own_years(const Segment& segment) {
  for_each_year(segment, [&](int year, std::uint32_t first, std::uint32_t last) {
    if (!is_own_year(own_, year)) return;
    for (std::uint32_t d = first; d < last; ++d) {
      const PartialDate date = segment.dates()[d].date();
      Bits weight;
      for (const PartialDate own : own_) weight = std::max(weight, compare_dates(own, date).weight);
      const std::span<const Posting> postings = postings_of_date(segment, d);
      if (weight > Bits{} && !postings.empty()) lists_.push_back({weight, year, postings});
    }
  });
}

// Of other years only the same day can speak for the subject (date_bits_max_apart).
void DatePlan::add_other_years(const Segment& segment) {
  const std::span<const DateEntry> dates = segment.dates();
  for_each_year(segment, [&](int year, std::uint32_t first, std::uint32_t last) {
    if (is_own_year(own_, year)) return;
    for (const PartialDate own : own_) {
      if (!own.has_day()) continue;
      const PartialDate same_day{static_cast<std::int16_t>(year), own.month, own.day};
      const Bits weight = compare_dates(own, same_day).weight;
      if (weight <= Bits{}) continue;
      const auto end = dates.begin() + last;
      const auto found = std::lower_bound(dates.begin() + first, end, sort_key(same_day),
                                          [](const DateEntry& entry, std::uint32_t key) { return entry.key < key; });
      if (found == end || found->key != sort_key(same_day)) continue;
      const List list{weight, year, postings_of_date(segment, static_cast<std::uint32_t>(found - dates.begin()))};
      if (list.postings.empty()) continue;  // it begins where the next one does
      const auto known = std::find_if(lists_.begin(), lists_.end(),
                                      [&](const List& other) { return other.postings.data() == list.postings.data(); });
      if (known == lists_.end()) {
        lists_.push_back(list);
      } else {
        known->weight = std::max(known->weight, weight);
      }
    }
  });
}

void DatePlan::rest_by_year(std::size_t done, RestByYear& rest) const {
  rest = without_lists_;
  for (int i = 0; i < kYears; ++i) {
    if (is_own_year(own_, kYearFirst + i)) rest[static_cast<std::size_t>(i)] = 0;
  }
  for (std::size_t step = done; step < steps_.size(); ++step) {
    for (const List& list : steps_[step].lists) {
      if (list.year < kYearFirst || list.year >= kYearFirst + kYears) continue;
      std::int32_t& most = rest[static_cast<std::size_t>(list.year - kYearFirst)];
      most = std::max(most, list.weight.raw);
    }
  }
}

}  // namespace semak
