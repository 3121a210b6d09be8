#include "index/lookup.h"

#include "index/snapshot_impl.h"
#include "tests/catch.h"
#include "tests/index/index_state.h"

namespace semak {
namespace {

void check_equal_to_twin(const Snapshot& snapshot, RandomWorld& world, const std::vector<IndexedPerson>& people,
                         int subjects) {
  LookupScratch scratch;
  for (int i = 0; i < subjects; ++i) {
    const Profile subject = world.subject(people);
    const LookupLimits limits = random_limits(world);
    const std::string found = to_text(look_up(snapshot, subject, limits, scratch));
    const std::string twin = to_text(look_up_exhaustively(snapshot, subject, limits));
    CAPTURE(i, limits.top, limits.score_min.raw, limits.window.raw);
    REQUIRE(found == twin);
  }
}

// People who share names though not birth dates; dates near each other across years; long names.
class CrowdedWorld {
 public:
  CrowdedWorld(WorldShape shape, std::uint64_t seed, int names) : world_(std::move(shape), seed) {
    for (int i = 0; i < names; ++i) names_.push_back(world_.form());
  }
  RandomWorld& world() { return world_; }

  std::vector<IndexedPerson> people(int count) {
    std::vector<IndexedPerson> people(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < people.size(); ++i) {
      people[i].revision = {i + 1};
      Profile& profile = people[i].profile;
      // One in ten has no name: their dates have nobody to be looked up.
      for (int forms = world_.one_in(10) ? 0 : world_.between(1, 2); forms > 0; --forms) {
        profile.forms.push_back(pick(names_));
      }
      add_facts(profile);
    }
    return people;
  }
  // Somebody's name made longer, whole or in part, with facts of its own or near theirs.
  Profile subject(const std::vector<IndexedPerson>& people, int tokens_max) {
    Profile subject = pick(people).profile;
    for (NameForm& form : subject.forms) {
      if (world_.one_in(3)) form.tokens[at(form.tokens)] = world_.token();
      if (world_.one_in(3)) form.tokens.erase(form.tokens.begin());
      const int size = world_.between(1, tokens_max);
      while (static_cast<int>(form.tokens.size()) < size) {
        const std::vector<NameToken>& other = pick(names_).tokens;
        form.tokens.push_back(world_.one_in(2) ? world_.token() : other[at(other)]);
      }
      if (form.tokens.empty()) form.tokens.push_back(world_.token());
    }
    if (world_.one_in(2)) return subject;
    const PartialDate kept = subject.dob;
    subject.numbers.clear();
    subject.dob = {};
    add_facts(subject);
    if (world_.one_in(2)) subject.dob = kept;
    return subject;
  }

 private:
  template <class T>
  std::size_t at(const std::vector<T>& of) {
    return static_cast<std::size_t>(world_.below(static_cast<int>(of.size())));
  }
  template <class T>
  const T& pick(const std::vector<T>& of) {
    return of[at(of)];
  }
  PartialDate date() {
    // A slip, a century or a year apart; at the ends of what codes say, and beyond.
    constexpr int kYears[] = {1885, 1930, 1931, 1958, 1984, 1985, 1986, 1987, 1988, 1995, 2013, 2014, 2015, 2085};
    constexpr int kDays[] = {1, 3, 11, 12, 21, 30};
    constexpr int kMonths[] = {1, 3, 11, 12};
    PartialDate date{static_cast<std::int16_t>(kYears[world_.below(14)]), 0, 0};
    if (world_.one_in(6)) return date;
    date.month = static_cast<std::uint8_t>(kMonths[world_.below(4)]);
    if (!world_.one_in(6)) date.day = static_cast<std::uint8_t>(kDays[world_.below(6)]);
    return date;
  }
  void add_facts(Profile& profile) {
    if (!world_.one_in(3)) profile.dob = date();
    profile.sex = static_cast<Sex>(world_.below(3));
    profile.state = static_cast<std::uint8_t>(world_.below(3));
    for (int numbers = world_.one_in(2) ? 0 : world_.between(1, 3); numbers > 0; --numbers) {
      IdentityNumber number;
      number.kind = world_.one_in(4) ? NumberKind::passport : NumberKind::mykad;
      for (int i = 0; i < 12; ++i) number.canonical += static_cast<char>('0' + world_.below(10));
      if (world_.one_in(3)) number.flags = NumberFlag::placeholder;
      if (!world_.one_in(3)) number.birth_dates[0] = date();
      if (number.birth_dates[0].known() && world_.one_in(3)) number.birth_dates[1] = date();
      number.sex = static_cast<Sex>(world_.below(3));
      profile.numbers.push_back(number);
    }
  }

  RandomWorld world_;
  std::vector<NameForm> names_;
};

struct NamedShape {
  const char* name;
  WorldShape shape;
  int people = 300;
};

std::vector<NamedShape> shapes() {
  std::vector<NamedShape> all;
  all.push_back({"few letters", {}});
  all.push_back({"one-letter names", {.letters = "abcd", .words = 4, .letters_min = 1, .letters_max = 1}});
  all.push_back({"all names equal",
                 {.letters = "a",
                  .words = 1,
                  .letters_min = 4,
                  .letters_max = 4,
                  .tokens_min = 3,
                  .tokens_max = 3,
                  .forms_max = 1}});
  all.push_back(
      {"long names", {.letters = "abcdef", .words = 60, .letters_max = 9, .tokens_min = 8, .tokens_max = 24}});
  all.push_back({"every word new", {.letters = "abcde", .words = 0, .letters_min = 2, .letters_max = 9}});
  all.push_back({"long words", {.letters = "abc", .words = 200, .letters_min = 6, .letters_max = 14, .tokens_max = 3}});
  all.push_back({"many readings", {.letters = "abcd", .words = 50, .forms_min = 0, .forms_max = 6}});
  all.push_back({"names only", {.letters = "abcd", .words = 80, .numbers = false, .facts = false}});
  all.push_back({"other scripts", {.letters = "abcdefghij", .words = 60, .letters_max = 7, .scripts = true}});
  all.push_back({"a large alphabet",
                 {.letters = "abcdefghijklmnopqrstuvwxyz",
                  .words = 400,
                  .letters_min = 2,
                  .letters_max = 7,
                  .tokens_min = 2,
                  .tokens_max = 7},
                 1500});
  return all;
}

}  // namespace

TEST_CASE("a look-up answers as the exhaustive twin does, whatever the register is like") {
  for (const NamedShape& named : shapes()) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      CAPTURE(named.name, seed);
      const TemporaryFolder folder;
      RandomWorld world(named.shape, seed);
      const std::vector<IndexedPerson> people = world.people(named.people);
      const auto snapshot = built(folder.path(), people);
      check_equal_to_twin(*snapshot, world, people, 60);
    }
  }
}

TEST_CASE("no row has less penalty than its place says, nor stands behind the limit of its own") {
  for (const NamedShape& named : shapes()) {
    const TemporaryFolder folder;
    RandomWorld world(named.shape, 7);
    const auto snapshot = built(folder.path(), world.people(named.people));
    for (const Snapshot::Impl::Part& part : snapshot->impl().parts) {
      const Segment& segment = part.segment;
      int c = 0;
      for (std::uint32_t row = 0; row < segment.rows_end(); row = segment.row_behind(row)) {
        while (row >= segment.class_start(c + 1)) ++c;
        std::int32_t penalty = 0;
        for (const std::uint32_t word : segment.row(row)) penalty += segment.term(word & kTermMask).leftover;
        CAPTURE(named.name, row);
        REQUIRE(segment.penalty_at_least(row) <= penalty);
        REQUIRE(row < segment.row_limit(c, penalty));
      }
    }
  }
}

TEST_CASE("a look-up answers as the exhaustive twin does when names are long and shared and birth dates near") {
  struct CrowdedShape {
    const char* name;
    WorldShape shape;
    int names;
    int people;
    int tokens_max;  // of a subject's name
  };
  const std::string az = "abcdefghijklmnopqrstuvwxyz";
  const CrowdedShape shapes[] = {
      {"names of any length",
       {.letters = az, .words = 150, .letters_min = 3, .letters_max = 7, .tokens_max = 11},
       200,
       1200,
       14},
      {"few letters",
       {.letters = "abcdef", .words = 40, .letters_max = 7, .tokens_min = 2, .tokens_max = 9},
       80,
       600,
       14},
      {"short names asked for by long ones",
       {.letters = az, .words = 60, .letters_min = 2, .tokens_max = 4},
       400,
       1500,
       12},
      {"names of seven parts and more",
       {.letters = "abcdefghijklmnop", .words = 300, .letters_min = 3, .tokens_min = 7, .tokens_max = 12},
       900,
       1500,
       9},
      {"other scripts",
       {.letters = "abcdefghij", .words = 60, .letters_max = 7, .tokens_max = 8, .scripts = true},
       200,
       800,
       10},
      {"a dozen words", {.letters = az, .words = 12, .letters_min = 3, .tokens_max = 6}, 2500, 3000, 8},
  };
  for (const CrowdedShape& shape : shapes) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const TemporaryFolder folder;
      CrowdedWorld crowd(shape.shape, seed, shape.names);
      const std::vector<IndexedPerson> people = crowd.people(shape.people);
      const auto snapshot = built(folder.path(), people);
      LookupScratch scratch;
      for (int i = 0; i < 40; ++i) {
        const Profile subject = crowd.subject(people, shape.tokens_max);
        LookupLimits limits = random_limits(crowd.world());
        if (crowd.world().one_in(3)) limits.top = crowd.world().between(1, 40);
        CAPTURE(shape.name, seed, i, limits.top, limits.score_min.raw, limits.window.raw);
        REQUIRE(to_text(look_up(*snapshot, subject, limits, scratch)) ==
                to_text(look_up_exhaustively(*snapshot, subject, limits)));
      }
    }
  }
}

TEST_CASE("whose birth date is near is found also where people without names have dates beside theirs") {
  RandomWorld world({.letters = "abcdefghijklmnop", .words = 2000, .letters_min = 3}, 3);
  const NameForm name = world.form();
  std::vector<IndexedPerson> people;
  const auto add = [&](bool named, PartialDate dob) {
    IndexedPerson& person = people.emplace_back();
    person.revision = {people.size()};
    if (named) person.profile.forms.push_back(name);
    person.profile.dob = dob;
  };
  // Many share its parts, so that dates are the shorter way to whom they favour.
  for (int i = 0; i < 1500; ++i) {
    add(true, {1950, 3, static_cast<std::uint8_t>(1 + i % 28)});
    people.back().profile.forms.front().tokens.push_back(world.token());
  }
  add(false, {2014, 1, 11});
  add(true, {2014, 1, 21});
  const TemporaryFolder folder;
  const auto snapshot = built(folder.path(), people);
  Profile subject;
  subject.forms.push_back(name);
  subject.dob = {2013, 1, 11};
  subject.numbers.emplace_back();
  subject.numbers.back().kind = NumberKind::mykad;
  subject.numbers.back().canonical = "150121105555";
  subject.numbers.back().birth_dates[0] = {2015, 1, 21};
  LookupScratch scratch;
  for (int score = -20 * 256; score < 20 * 256; score += 32) {
    LookupLimits limits;
    limits.top = 3;
    limits.score_min = Bits{score};
    CAPTURE(score);
    REQUIRE(to_text(look_up(*snapshot, subject, limits, scratch)) ==
            to_text(look_up_exhaustively(*snapshot, subject, limits)));
  }
}

TEST_CASE("an empty register is searched whole and finds nobody") {
  const TemporaryFolder folder;
  RandomWorld world({}, 1);
  const auto snapshot = built(folder.path(), {});
  CHECK(snapshot->people() == 0);
  LookupScratch scratch;
  const LookupResult result = look_up(*snapshot, world.profile(), {}, scratch);
  CHECK(result.hits.empty());
  CHECK_FALSE(result.too_vague);
}

TEST_CASE("a subject with neither name nor number is too vague") {
  const TemporaryFolder folder;
  RandomWorld world({}, 1);
  const auto snapshot = built(folder.path(), world.people(10));
  LookupScratch scratch;
  Profile nobody;
  nobody.dob = {1985, 3, 11};
  CHECK(look_up(*snapshot, nobody, {}, scratch).too_vague);
}

TEST_CASE("a look-up that would examine more than its limit says so, and one within it answers in full") {
  const TemporaryFolder folder;
  RandomWorld world({.letters = "ab", .words = 20, .letters_max = 3}, 4);
  const std::vector<IndexedPerson> people = world.people(500);
  const auto snapshot = built(folder.path(), people);
  LookupScratch scratch;
  int vague = 0;
  for (int i = 0; i < 40; ++i) {
    const Profile subject = world.subject(people);
    const LookupLimits free{.top = 3, .score_min = Bits::whole(-20)};
    const LookupResult whole = look_up(*snapshot, subject, free, scratch);
    CHECK_FALSE(whole.too_vague);
    LookupLimits limits = free;
    limits.work_max = whole.postings;
    CHECK(to_text(look_up(*snapshot, subject, limits, scratch)) == to_text(whole));
    limits.work_max = std::max<std::uint64_t>(whole.postings / 2, 1);
    if (whole.postings > 200) {
      CHECK(look_up(*snapshot, subject, limits, scratch).too_vague);
      ++vague;
    }
  }
  CHECK(vague > 0);
}

TEST_CASE("every small register of two letters answers every small name as the twin does") {
  // All registers of three one-form names of at most two tokens out of a, b and ab, in one role; every such subject.
  std::vector<NameForm> forms;
  const std::vector<std::string> words = {"a", "b", "ab"};
  auto token = [](const std::string& text) {
    NameToken made;
    made.text = text;
    made.skeleton = latin_skeleton(text);
    made.role = text.size() == 1 ? TokenRole::initial : TokenRole::given;
    return made;
  };
  for (const std::string& first : words) {
    NameForm one;
    one.tokens.push_back(token(first));
    forms.push_back(one);
    for (const std::string& second : words) {
      NameForm two = one;
      two.tokens.push_back(token(second));
      forms.push_back(two);
    }
  }
  LookupScratch scratch;
  for (std::size_t a = 0; a < forms.size(); ++a) {
    for (std::size_t b = a; b < forms.size(); b += 3) {
      std::vector<IndexedPerson> people(3);
      const std::size_t names[] = {a, b, (a + b) % forms.size()};
      for (std::size_t i = 0; i < 3; ++i) {
        people[i].revision = {i + 1};
        people[i].profile.forms = {forms[names[i]]};
      }
      const TemporaryFolder folder;
      const auto snapshot = built(folder.path(), people);
      for (const NameForm& form : forms) {
        Profile subject;
        subject.forms = {form};
        for (const int top : {1, 2, 5}) {
          const LookupLimits limits{.top = top, .score_min = Bits::whole(-50)};
          REQUIRE(to_text(look_up(*snapshot, subject, limits, scratch)) ==
                  to_text(look_up_exhaustively(*snapshot, subject, limits)));
        }
      }
    }
  }
}

}  // namespace semak
