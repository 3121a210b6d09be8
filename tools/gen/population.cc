#include "tools/gen/population.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/check.h"
#include "tools/gen/word_pool.h"

extern const char semak_gen_places_begin[], semak_gen_places_end[];

namespace semak {
namespace {

enum Stream : std::uint64_t { kShuffle = 1, kGroup, kOwn, kFather, kDay };

// People come in groups of four that may be a family; a block of groups is shuffled so that brothers do not stand
// side by side, and every round of ten blocks uses each slot of the calendar once.
constexpr std::uint64_t kBlock = 4096, kRound = 40960, kGroupsInRound = kRound / 4;
// Serial numbers of one day: pairs, the second of a pair being a twin's. 5 last digits for each sex and 1,000
// three-digit serials make 5,000.
constexpr std::uint32_t kPairs = 2500;
constexpr int kFirstYear = 1938, kLastYear = 2008;

constexpr double kShares[kCommunities] = {0.62, 0.22, 0.08, 0.065, 0.015};

Community draw_community(Random& random) {
  double u = random.unit();
  for (int i = 0; i < kCommunities - 1; ++i)
    if ((u -= kShares[i]) < 0) return static_cast<Community>(i);
  return Community::foreign;
}

// People alive by year of birth, relative: few old, most between 20 and 45 (age pyramid of Malaysia, smoothed).
double people_born(int year) {
  if (year < 1960) return 0.25 + 0.6 * (year - kFirstYear) / 22.0;
  if (year < 1985) return 0.85 + 0.5 * (year - 1960) / 25.0;
  return 1.35;
}

void append_digits(std::string& out, std::uint64_t value, int digits) {
  const std::size_t at = out.size();
  out.resize(at + static_cast<std::size_t>(digits));
  for (int i = digits; i-- > 0; value /= 10)
    out[at + static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
}

}  // namespace

// Slots of birth dates, earliest first; a date has as many slots as people are born on it in one round.
struct Population::Calendar {
  struct Slot {
    PartialDate date;
    std::uint8_t place;  // among the slots of its date
  };
  std::vector<Slot> slots;
  std::uint32_t slots_of_a_date_max = 1;

  struct State {
    std::string name;
    std::vector<int> codes;
  };
  std::vector<State> states;
  std::array<WordPool, kCommunities> state_of;  // draws an index into `states`

  Calendar();
};

Population::Calendar::Calendar() {
  std::vector<PartialDate> days;
  std::vector<double> upto;
  double sum = 0;
  for (int year = kFirstYear; year <= kLastYear; ++year)
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; day <= 31; ++day) {
        const PartialDate date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                               static_cast<std::uint8_t>(day)};
        if (!exists(date)) continue;
        days.push_back(date);
        upto.push_back(sum += people_born(year));
      }
  std::size_t at = 0;
  for (std::uint64_t slot = 0; slot < kRound; ++slot) {
    const double want = (static_cast<double>(slot) + 0.5) * sum / static_cast<double>(kRound);
    while (upto[at] < want) ++at;
    const bool again = !slots.empty() && slots.back().date == days[at];
    slots.push_back({days[at], static_cast<std::uint8_t>(again ? slots.back().place + 1 : 0)});
    slots_of_a_date_max = std::max(slots_of_a_date_max, slots.back().place + 1u);
  }
  SEMAK_CHECK((kPeopleMax + kOutsidersMax) / kRound * slots_of_a_date_max < kPairs);

  std::array<std::vector<WordPool::Weighted>, kCommunities> weights;
  for (const auto& row : read_rows(semak_gen_places_begin, semak_gen_places_end)) {
    State state{row[0], {}};
    for (std::size_t i = 0; i + 1 < row[1].size(); i += 3) state.codes.push_back(std::stoi(row[1].substr(i, 2)));
    states.push_back(std::move(state));
    for (std::size_t c = 0; c < kCommunities; ++c) weights[c].push_back({row[0], std::stod(row[2 + c])});
  }
  for (std::size_t c = 0; c < kCommunities; ++c) state_of[c] = WordPool(std::move(weights[c]));
}

// Where a person's draws come from.
struct Population::Origin {
  std::uint64_t family = 0;     // stream index of community, state, father
  std::uint64_t own = 0;        // stream index of everything else
  std::uint64_t day_owner = 0;  // whose slot of the calendar gives the number: own position, or a twin's
  bool twin = false;
  bool sex_by_register = true;
};

Population::Population(std::uint64_t seed, double male_share)
    : seed_(seed), male_share_(male_share), calendar_(std::make_unique<const Calendar>()) {}
Population::~Population() = default;

Population::Origin Population::origin(std::uint64_t index) const {
  const std::uint64_t block = index / kBlock;
  Random shuffle(seed_, kShuffle, block);
  const std::uint64_t factor = shuffle.next() | 1, offset = shuffle.next();
  const std::uint64_t position = block * kBlock + ((index * factor + offset) % kBlock);
  const std::uint64_t group = position / 4, member = position % 4;

  Random family(seed_, kGroup, group);
  const double u = family.unit();
  const std::uint64_t siblings = u < 0.70 ? 1 : u < 0.82 ? 2 : u < 0.92 ? 3 : 4;
  Origin origin;
  origin.own = position;
  origin.family = siblings > 1 && member < siblings ? group * 4 : position;
  origin.twin = siblings > 1 && member == 1 && family.chance(0.04);
  origin.day_owner = origin.twin ? position - 1 : position;
  return origin;
}

void Population::make(const Origin& origin, GeneratedPerson& person) const {
  Random family(seed_, kFather, origin.family);
  Random own(seed_, kOwn, origin.own);
  person.community = draw_community(family);
  const std::size_t state_index = calendar_->state_of[static_cast<std::size_t>(person.community)].draw_index(family);
  const Calendar::State& state = calendar_->states[state_index];
  const int nationality = static_cast<int>(std::min(family.below(9), family.below(6)));
  person.state = state.name;
  person.sex = own.chance(origin.sex_by_register ? male_share_ : 0.5) ? Sex::male : Sex::female;

  // Siblings lie within a tenth of the calendar, eight years at most; every slot of a round is used once.
  const std::uint64_t round = origin.day_owner / kRound, group = (origin.day_owner % kRound) / 4;
  const std::uint64_t member = origin.day_owner % 4;
  Random days(seed_, kDay, round);
  const std::uint64_t base = (group * (10 * days.below(1000) + 1) + days.below(kGroupsInRound)) % kGroupsInRound;
  const std::uint64_t within = (base % 1024 * (2 * mix64(round * 4 + member) + 1) + mix64(member + 77)) % 1024;
  const Calendar::Slot& slot = calendar_->slots[base / 1024 * kBlock + member * 1024 + within];
  person.dob = slot.date;

  NameGrammar::Wish wish{person.community, person.sex, slot.date.year, state.name == "Sabah" || state.name == "Labuan",
                         nationality};
  grammar_.compose(wish, own, family, person.name, person.alias);

  person.number.clear();
  person.old_number.clear();
  if (person.community == Community::foreign) {
    person.nationality = kForeign[nationality];
    person.number += "BAPEMC"[nationality];
    append_digits(person.number, (origin.own * 7'368'787 + 5'550'123) % 100'000'000, 8);
    return;
  }
  person.nationality = "Malaysia";
  const auto date_key = static_cast<std::uint64_t>(slot.date.year * 372 + slot.date.month * 31 + slot.date.day);
  const std::uint64_t turn = round * calendar_->slots_of_a_date_max + slot.place;
  const std::uint64_t pair = (turn * 1187 + mix64(seed_ + date_key)) % kPairs;
  const std::uint64_t serial = pair * 2 + (origin.twin ? 1 : 0);
  Random place(seed_, kDay, origin.day_owner + (1ull << 40));  // twins are born in one place
  const int code = place.chance(0.55) ? state.codes.front()
                                      : state.codes[place.below(static_cast<std::uint32_t>(state.codes.size()))];
  append_digits(person.number, static_cast<std::uint64_t>(slot.date.year % 100), 2);
  append_digits(person.number, slot.date.month, 2);
  append_digits(person.number, slot.date.day, 2);
  person.number += '-';
  append_digits(person.number, static_cast<std::uint64_t>(code), 2);
  person.number += '-';
  append_digits(person.number, serial / 5, 3);
  person.number += static_cast<char>('0' + serial % 5 * 2 + (person.sex == Sex::male ? 1 : 0));

  if (slot.date.year < 1978 && own.chance(0.3)) {
    if (slot.date.year >= 1965) person.old_number += "A";
    const std::uint64_t old = own.below(500'000) + static_cast<std::uint64_t>(slot.date.year - kFirstYear) * 60'000;
    append_digits(person.old_number, old * 2 % 10'000'000 + (person.sex == Sex::male ? 1 : 0), 7);
  }
}

void Population::person(std::uint64_t index, GeneratedPerson& person) const { make(origin(index), person); }

void Population::outsider(std::uint64_t index, GeneratedPerson& person) const {
  Origin from = origin(kPeopleMax + index % kOutsidersMax);
  from.sex_by_register = false;
  make(from, person);
}

void Population::sibling(std::uint64_t index, std::uint64_t of, GeneratedPerson& person) const {
  Origin from = origin(kPeopleMax + index % kOutsidersMax);
  from.sex_by_register = false;
  from.family = origin(of).family;
  make(from, person);
}

}  // namespace semak
