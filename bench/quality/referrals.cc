// Measures what a check would refer, on invented people: who is in the register must be found although name and number
// were mistyped, and who is not must be left alone.
//
//   semak-quality-referrals [--people N] [--offenders N] [--strangers N] [--queries N] [--json FILE] [--misses FILE]
//
// 1  members   name of up to two slips and MyKad of at most one slip, against N people (1,000,000; --people
//              100000 for a quick run): share whose record comes first, ties counted against it
// 2  strangers name and MyKad, against the offenders (100,000 each): how many the default policy refers
// 3  by date   name and birth date only, the same sizes: share of strangers with a hit at the score that 99 % of the
//              members of one slip reach
// 4  neighbours name and birth date of an offender and a MyKad one digit off: must be referred, and never be certain
// Exit status: 0 every target reached, 1 not, 2 wrong use, 3 could not.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <utility>
#include <vector>

#include "bench/quality/temporary_register.h"
#include "engine/match/calibration.h"
#include "engine/policy.h"
#include "index/lookup.h"
#include "tools/gen/corruption.h"
#include "tools/gen/population.h"

namespace semak {
namespace {

constexpr std::uint64_t kSeed = 11;
enum Stream : std::uint64_t { kMember = 1, kByDate, kNeighbour };

struct Options {
  std::uint64_t people = 1'000'000, offenders = 100'000, strangers = 100'000, queries = 20'000;
  std::string json, misses;
};

constexpr double kMembersFirst = 0.999;
constexpr std::uint64_t kStrangersReferredMax = 10;
constexpr double kByDateReferredMax = 0.005;
constexpr double kByDateRecall = 0.99;
constexpr double kNeighboursReferred = 0.99;
constexpr double kNeighbourCertain = 0.99;

struct Query {
  std::string name, number;
  PartialDate dob;
  RevisionId meant;  // 0: a stranger
};

struct Found {
  bool first = false;  // the record meant, and no other scores as much
  bool any = false;
  bool reached = false;  // the record meant is among the hits
  Bits best, meant;      // score of the best hit on anybody else, and of the record meant
  double best_likely = 0, meant_likely = 0;
};

class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)), population_(kSeed) {
    if (!options_.misses.empty()) misses_.open(options_.misses);
  }

  int run() {
    const bool one = members();
    const bool others = strangers_and_dates();
    if (!options_.json.empty()) std::ofstream(options_.json) << "{\n" << json_ << "\n}\n";
    return failed_ ? 3 : one && others ? 0 : 1;
  }

 private:
  Profile profile_of(std::uint64_t index) const {
    GeneratedPerson person;
    population_.person(index, person);
    Record record;
    record.id = std::to_string(index);
    record.names = {{NameType::registered, render(person.name)}};
    if (!person.alias.empty()) record.names.push_back({NameType::known_as, render(person.alias)});
    record.numbers = {{NumberKind::unknown, person.number, {}, {}, {}}};
    if (!person.old_number.empty()) record.numbers.push_back({NumberKind::old_ic, person.old_number, {}, {}, {}});
    record.dob = person.dob;
    record.sex = person.sex;
    record.state = person.state;
    return make_profile(normalizer_, record);
  }

  std::unique_ptr<TemporaryRegister> build(std::uint64_t people) {
    fmt::print(stderr, "indexing {} people\n", people);
    auto made = TemporaryRegister::build(normalizer_, people, [&](std::uint64_t i) { return profile_of(i); });
    if (made) return std::move(made).value();
    fmt::print(stderr, "{}\n", made.error().message);
    failed_ = true;
    return nullptr;
  }

  // Member `i` of a run: somebody of the register with a MyKad.
  std::uint64_t draw_member(Random& random, std::uint64_t people, GeneratedPerson& person) const {
    for (;;) {
      const std::uint64_t who = (static_cast<std::uint64_t>(random.next32()) * people) >> 32;
      population_.person(who, person);
      if (person.community != Community::foreign) return who;
    }
  }

  // One slip in the number: a digit wrong, two swapped, one lost or one doubled.
  static void misread_digit(std::string& number, Random& random) {
    std::erase(number, '-');
    const std::size_t at = random.below(static_cast<std::uint32_t>(number.size() - 1));
    switch (random.below(8)) {
      case 0: std::swap(number[at], number[at + 1]); break;
      case 1: number.erase(at, 1); break;
      case 2: number.insert(at, 1, number[at]); break;
      default: number[at] = static_cast<char>('0' + (number[at] - '0' + 1 + static_cast<int>(random.below(9))) % 10);
    }
  }

  Query member(std::uint64_t i) const {
    Random random(kSeed, kMember, i);
    GeneratedPerson person;
    const std::uint64_t who = draw_member(random, options_.people, person);
    Query query{render(person.name), person.number, {}, {who + 1}};
    for (std::uint32_t slips = random.below(3); slips > 0; --slips) mistype(query.name, random);
    if (random.chance(0.5)) misread_digit(query.number, random);
    return query;
  }
  Query member_by_date(std::uint64_t i) const {
    Random random(kSeed, kByDate, i);
    GeneratedPerson person;
    const std::uint64_t who = draw_member(random, options_.offenders, person);
    Query query{render(person.name), {}, person.dob, {who + 1}};
    mistype(query.name, random);
    return query;
  }
  // Stranger `i`; with a number, one who has a MyKad. Passports are told apart below: foreigners' names are few.
  Query stranger(std::uint64_t i, bool number) const {
    GeneratedPerson person;
    std::uint64_t who = i;
    do {
      population_.outsider(who, person);
      who += options_.strangers;
    } while (number && person.community == Community::foreign && who < Population::kOutsidersMax);
    return {render(person.name), number ? person.number : std::string(), number ? PartialDate{} : person.dob, {}};
  }

  // Somebody else's name and birth date in full, and his MyKad but for one digit of the serial number: himself with a
  // slip, or another person born that day in that place.
  Query neighbour(std::uint64_t i) const {
    Random random(kSeed, kNeighbour, i);
    GeneratedPerson person;
    const std::uint64_t who = draw_member(random, options_.offenders, person);
    Query query{render(person.name), person.number, person.dob, {who + 1}};
    char& digit = query.number[query.number.size() - 4 + random.below(3)];
    digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random.below(9))) % 10);
    return query;
  }

  std::vector<Found> search(const Snapshot& snapshot, std::uint64_t count,
                            const std::function<Query(std::uint64_t)>& query_of) {
    std::vector<Found> found(count);
    tbb::enumerable_thread_specific<LookupScratch> scratches;
    tbb::parallel_for(std::uint64_t{0}, count, [&](std::uint64_t i) {
      const Query query = query_of(i);
      Subject subject;
      subject.names = {{NameType::registered, query.name}};
      if (!query.number.empty()) subject.numbers = {{NumberKind::unknown, query.number, {}, {}, {}}};
      subject.dob = query.dob;
      LookupLimits limits;
      limits.top = policy_.top;
      limits.score_min = policy_.score_min;
      const LookupResult result = look_up(snapshot, make_profile(normalizer_, subject), limits, scratches.local());
      Found& of = found[i];
      for (const LookupHit& hit : result.hits) {
        const double likely = hit_probability(hit.score, hit.person, policy_.base_rate, snapshot.people());
        if (hit.revision == query.meant) {
          of.reached = true;
          of.meant = hit.score;
          of.meant_likely = likely;
        } else if (!of.any) {
          of.any = true;
          of.best = hit.score;
          of.best_likely = likely;
        }
      }
      of.first = of.reached && (!of.any || of.best < of.meant);
    });
    return found;
  }

  void tell(const std::string& key, double value, const std::string& text, const std::string& verdict) {
    fmt::print("{:<52} {:>14}   {}\n", key, text, verdict);
    json_ += fmt::format("{}  \"{}\": {:.6g}", json_.empty() ? "" : ",\n", key, value);
  }
  bool judge(const std::string& key, double value, const std::string& text, double target, bool at_least) {
    const bool reached = at_least ? value >= target : value <= target;
    tell(key, value, text, fmt::format("{} {} {}", reached ? "reaches" : "MISSES", at_least ? ">=" : "<=", target));
    return reached;
  }

  bool members() {
    const auto made = build(options_.people);
    if (!made) return false;
    const auto query_of = [&](std::uint64_t i) { return member(i); };
    const std::vector<Found> found = search(made->snapshot(), options_.queries, query_of);
    std::uint64_t first = 0, referred = 0;
    for (std::uint64_t i = 0; i < found.size(); ++i) {
      first += found[i].first;
      referred += found[i].reached && refers(found[i].meant_likely);
      if (!found[i].first) list(i, query_of(i), found[i]);
    }
    const double all = static_cast<double>(found.size());
    tell("members: people", static_cast<double>(options_.people), std::to_string(options_.people), "");
    tell("members: queries", all, std::to_string(found.size()), "");
    tell("members: referred", static_cast<double>(referred) / all,
         fmt::format("{:.5f}", static_cast<double>(referred) / all), "");
    const double recall = static_cast<double>(first) / all;
    return judge("members: recall@1, name and MyKad with slips", recall, fmt::format("{:.5f}", recall), kMembersFirst,
                 true);
  }

  bool strangers_and_dates() {
    const auto made = build(options_.offenders);
    if (!made) return false;
    const auto by_number = [&](std::uint64_t i) { return stranger(i, true); };
    const std::vector<Found> numbered = search(made->snapshot(), options_.strangers, by_number);
    std::uint64_t referred = 0;
    for (std::uint64_t i = 0; i < numbered.size(); ++i) {
      if (!numbered[i].any || !refers(numbered[i].best_likely)) continue;
      ++referred;
      list(i, by_number(i), numbered[i]);
    }
    const bool few = judge("strangers: referred by name and MyKad", static_cast<double>(referred),
                           std::to_string(referred), static_cast<double>(kStrangersReferredMax), false);
    const bool dates = by_date(made->snapshot());
    return neighbours(made->snapshot()) && dates && few;
  }

  bool neighbours(const Snapshot& snapshot) {
    const std::vector<Found> found = search(snapshot, options_.queries, [&](std::uint64_t i) { return neighbour(i); });
    std::uint64_t referred = 0;
    double most = 0;
    for (const Found& of : found) {
      referred += of.reached && refers(of.meant_likely);
      most = std::max(most, of.meant_likely);
    }
    const double share = static_cast<double>(referred) / static_cast<double>(found.size());
    const bool possible = judge("neighbours: referred", share, fmt::format("{:.5f}", share), kNeighboursReferred, true);
    return judge("neighbours: highest probability", most, fmt::format("{:.5f}", most), kNeighbourCertain, false) &&
           possible;
  }

  bool by_date(const Snapshot& snapshot) {
    const std::vector<Found> known =
        search(snapshot, options_.queries, [&](std::uint64_t i) { return member_by_date(i); });
    std::vector<Bits> scores;
    std::uint64_t referred_members = 0;
    for (const Found& found : known) {
      if (found.reached) scores.push_back(found.meant);
      referred_members += found.reached && refers(found.meant_likely);
    }
    std::sort(scores.begin(), scores.end(), std::greater<>());
    const auto needed = static_cast<std::size_t>(kByDateRecall * static_cast<double>(known.size()));
    const bool reached = needed > 0 && scores.size() >= needed;
    const Bits limit = reached ? scores[needed - 1] : policy_.score_min;
    const auto by_dates = [&](std::uint64_t i) { return stranger(i, false); };
    const std::vector<Found> dated = search(snapshot, options_.strangers, by_dates);
    std::uint64_t alarms = 0, referred = 0;
    for (std::uint64_t i = 0; i < dated.size(); ++i) {
      if (!dated[i].any) continue;
      alarms += dated[i].best >= limit;
      referred += refers(dated[i].best_likely);
      if (dated[i].best >= limit) list(i, by_dates(i), dated[i]);
    }
    const double share = static_cast<double>(alarms) / static_cast<double>(dated.size());
    const double members = static_cast<double>(referred_members) / static_cast<double>(known.size());
    const double false_share = static_cast<double>(referred) / static_cast<double>(dated.size());
    tell("by date: score that 99 % of members reach", limit.value(), fmt::format("{:.2f}", limit.value()),
         reached ? "" : "NOT REACHED");
    tell("by date: members the default policy refers", members, fmt::format("{:.5f}", members), "");
    tell("by date: strangers the default policy refers", false_share, fmt::format("{:.5f}", false_share), "");
    return judge("by date: strangers at that score", share, fmt::format("{:.5f}", share), kByDateReferredMax, false) &&
           reached;
  }

  bool refers(double likely) const { return likely >= policy_.refer_probability; }

  void list(std::uint64_t i, const Query& query, const Found& found) {
    if (!misses_) return;
    misses_ << fmt::format("{}\t{}\t{}\t{}\tmeant {} {:.1f}\tother {:.1f}", i, query.name, query.number,
                           to_string(query.dob), query.meant.value, found.reached ? found.meant.value() : -99,
                           found.any ? found.best.value() : -99);
    if (query.meant.value != 0) {
      GeneratedPerson person;
      population_.person(query.meant.value - 1, person);
      misses_ << '\t' << render(person.name) << '\t' << person.number;
    }
    misses_ << '\n';
  }

  Options options_;
  Policy policy_;
  Normalizer normalizer_;
  Population population_;
  std::ofstream misses_;
  std::string json_;
  bool failed_ = false;
};

}  // namespace
}  // namespace semak

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a long run shows what it has
  semak::Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    std::uint64_t* number = name == "--people"      ? &options.people
                            : name == "--offenders" ? &options.offenders
                            : name == "--strangers" ? &options.strangers
                            : name == "--queries"   ? &options.queries
                                                    : nullptr;
    std::string* text = name == "--json" ? &options.json : name == "--misses" ? &options.misses : nullptr;
    if (i + 1 < argc && number != nullptr) *number = std::strtoull(argv[i + 1], nullptr, 10);
    if (i + 1 < argc && text != nullptr) *text = argv[i + 1];
    if (i + 1 == argc || (number == nullptr && text == nullptr) || (number != nullptr && *number == 0)) {
      std::fprintf(stderr,
                   "usage: semak-quality-referrals [--people N] [--offenders N] [--strangers N] [--queries N]\n"
                   "                               [--json FILE] [--misses FILE]\n");
      return 2;
    }
  }
  if (options.strangers > semak::Population::kOutsidersMax) options.strangers = semak::Population::kOutsidersMax;
  return semak::Bench(options).run();
}
