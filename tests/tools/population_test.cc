#include "tools/gen/population.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/catch.h"
#include "tools/gen/corruption.h"
#include "tools/gen/people_file.h"

namespace semak {
namespace {

std::string people_text(const Population& population, const PeopleOptions& options) {
  std::string text;
  const auto sink = [&](std::string_view part) {
    text += part;
    return Status();
  };
  REQUIRE(write_people(population, options, sink, {}).ok());
  return text;
}

int number(const std::string& digits) { return std::stoi(digits); }

TEST_CASE("identity numbers are unique and say the person's birth date and sex") {
  const Population population(3);
  GeneratedPerson person;
  std::set<std::string> numbers;
  int agree = 0;
  for (std::uint64_t i = 0; i < 120'000; ++i) {
    population.person(i, person);
    numbers.insert(person.number);
    if (person.community == Community::foreign) {
      ++agree;
      continue;
    }
    const std::string& n = person.number;
    agree += n.size() == 14 && n[6] == '-' && n[9] == '-' && number(n.substr(0, 2)) == person.dob.year % 100 &&
             number(n.substr(2, 2)) == person.dob.month && number(n.substr(4, 2)) == person.dob.day &&
             (n.back() - '0') % 2 == (person.sex == Sex::male ? 1 : 0) && exists(person.dob);
  }
  CHECK(numbers.size() == 120'000);
  CHECK(agree == 120'000);
}

TEST_CASE("outsiders never have the number of somebody in the register") {
  const Population population(3);
  GeneratedPerson person;
  std::set<std::string> numbers;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    population.person(i, person);
    numbers.insert(person.number);
  }
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    population.outsider(i, person);
    CHECK_FALSE(numbers.contains(person.number));
  }
}

TEST_CASE("communities come in the shares of Malaysia") {
  const Population population(5);
  GeneratedPerson person;
  std::map<Community, int> counts;
  constexpr int kPeople = 40'000;
  for (int i = 0; i < kPeople; ++i) {
    population.person(static_cast<std::uint64_t>(i), person);
    ++counts[person.community];
  }
  auto share = [&](Community community) { return static_cast<double>(counts[community]) / kPeople; };
  CHECK(share(Community::malay) == Approx(0.62).margin(0.02));
  CHECK(share(Community::chinese) == Approx(0.22).margin(0.02));
  CHECK(share(Community::indian) == Approx(0.08).margin(0.01));
  CHECK(share(Community::native) == Approx(0.065).margin(0.01));
  CHECK(share(Community::foreign) == Approx(0.015).margin(0.005));
}

TEST_CASE("brothers share their father, twins their birth date and neighbouring numbers") {
  const Population population(5);
  GeneratedPerson person;
  std::map<std::string, std::vector<int>> serials;  // "YYMMDD-PB" and father -> last four digits
  for (std::uint64_t i = 0; i < 60'000; ++i) {
    population.person(i, person);
    if (person.number.size() != 14) continue;
    std::string father;
    for (const NamePart& part : person.name)
      if (part.kind == PartKind::father) father += std::string(part.text) + ' ';
    if (!father.empty()) serials[person.number.substr(0, 9) + father].push_back(number(person.number.substr(10)));
  }
  int twins = 0;
  for (const auto& [key, numbers] : serials)
    if (numbers.size() == 2 && std::abs(numbers[0] - numbers[1]) <= 12) ++twins;
  CHECK(twins > 30);
}

TEST_CASE("the bytes of a register do not depend on the number of threads") {
  const Population population(9);
  PeopleOptions options;
  options.people = 40'000;
  options.threads = 1;
  const std::string alone = people_text(population, options);
  options.threads = 5;
  CHECK(people_text(population, options) == alone);
}

TEST_CASE("a small register is the beginning of a large one") {
  const Population population(9);
  PeopleOptions options;
  options.people = 3'000;
  const std::string small = people_text(population, options);
  options.people = 20'000;
  CHECK(people_text(population, options).substr(0, small.size()) == small);
}

TEST_CASE("no cell of a register needs quoting") {
  const Population population(2);
  PeopleOptions options;
  options.people = 20'000;
  options.mistypes = 0.5;
  for (const RegisterKind kind : {RegisterKind::reference, RegisterKind::offender, RegisterKind::oyls}) {
    options.kind = kind;
    const std::string text = people_text(population, options);
    CHECK(text.find('"') == std::string::npos);
    const std::size_t lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    const std::string heading = text.substr(0, text.find('\n'));
    const auto commas = static_cast<std::size_t>(std::count(heading.begin(), heading.end(), ','));
    CHECK(lines == options.people + 1);
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) == commas * lines);
  }
}

TEST_CASE("names are various, and the commonest parts are common") {
  const Population population(1);
  GeneratedPerson person;
  std::set<std::string> names;
  std::map<std::string_view, int> parts;
  int total = 0;
  constexpr int kPeople = 50'000;
  for (int i = 0; i < kPeople; ++i) {
    population.person(static_cast<std::uint64_t>(i), person);
    names.insert(render(person.name));
    for (const NamePart& part : person.name) ++parts[part.text], ++total;
  }
  std::vector<int> counts;
  for (const auto& [part, count] : parts) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  int top = 0;
  for (std::size_t i = 0; i < 10; ++i) top += counts[i];
  CHECK(names.size() > kPeople * 97 / 100);
  CHECK(static_cast<double>(top) / total == Approx(0.29).margin(0.06));
  CHECK(parts.size() > 7'000);
}

TEST_CASE("queries are damaged in the shares that are promised") {
  const Population population(4);
  GeneratedPerson scratch;
  std::map<std::string, int> kinds;
  int members = 0;
  constexpr int kQueries = 20'000;
  for (int i = 0; i < kQueries; ++i) {
    const GeneratedQuery query = make_query(population, {kQueries, 10'000}, static_cast<std::uint64_t>(i), scratch);
    members += !query.registry_id.empty();
    std::string kind;
    bool name_as_it_was = true;
    for (const char c : query.corruption + '+') {
      if (c != '+') {
        kind += c;
        continue;
      }
      ++kinds[kind];
      name_as_it_was &= kind == "exact" || kind.rfind("number_", 0) == 0 || kind == "namesake" || kind == "sibling";
      kind.clear();
    }
    kinds["unchanged name"] += name_as_it_was;
  }
  auto share = [&](const char* kind) { return static_cast<double>(kinds[kind]) / kQueries; };
  CHECK(static_cast<double>(members) / kQueries == Approx(0.5).margin(0.02));
  CHECK(share("unchanged name") == Approx(0.14).margin(0.025));
  CHECK(share("edit1") == Approx(0.39).margin(0.02));
  CHECK(share("edit2") == Approx(0.25).margin(0.02));
  CHECK(share("variant") == Approx(0.28).margin(0.02));
  CHECK(share("particle") == Approx(0.22).margin(0.04));
  CHECK(share("dropped") == Approx(0.10).margin(0.03));
  CHECK(share("order") == Approx(0.10).margin(0.02));
  CHECK(share("title") == Approx(0.08).margin(0.02));
  CHECK(share("initial") == Approx(0.06).margin(0.02));
  CHECK(share("number_absent") == Approx(0.40).margin(0.02));
  CHECK(share("number_wrong_digit") == Approx(0.15).margin(0.02));
  CHECK(share("number_missing_digit") + share("number_spreadsheet") == Approx(0.10).margin(0.02));
  CHECK(share("number_swapped") == Approx(0.05).margin(0.02));
}

TEST_CASE("a slip changes a name by at most one edit or one swap") {
  Random random(1, 2, 3);
  for (int i = 0; i < 5'000; ++i) {
    const std::string name = "Muhammad Hafizuddin bin Zulkifli";
    std::string slipped = name;
    mistype(slipped, random);
    std::size_t front = 0, back = 0;
    while (front < std::min(name.size(), slipped.size()) && name[front] == slipped[front]) ++front;
    while (back < std::min(name.size(), slipped.size()) - front &&
           name[name.size() - 1 - back] == slipped[slipped.size() - 1 - back])
      ++back;
    CHECK(name.size() - front - back <= 2);
    CHECK(slipped.size() - front - back <= 2);
  }
}

}  // namespace
}  // namespace semak
