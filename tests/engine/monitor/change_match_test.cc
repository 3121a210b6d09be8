#include "engine/monitor/change_match.h"

#include <map>
#include <set>

#include "engine/match/calibration.h"
#include "engine/match/person_evidence.h"
#include "index/exhaustive.h"
#include "tests/catch.h"
#include "tests/index/index_state.h"

namespace semak {
namespace {

// Every pair of a watched person and a changed record, from comparing every watched person with the whole register.
std::vector<WatchMatch> matches_of_twin(const std::vector<std::pair<WatchList::Place, Profile>>& watched,
                                        const std::vector<std::uint16_t>& groups, const Snapshot& snapshot,
                                        const std::vector<IndexedPerson>& changed,
                                        const std::vector<ReferralTerms>& terms) {
  std::map<RevisionId, std::uint32_t> places;
  for (std::uint32_t i = 0; i < changed.size(); ++i) places[changed[i].revision] = i;
  std::vector<WatchMatch> matches;
  LookupLimits limits;
  limits.top = 1'000'000;
  limits.score_min = Bits::whole(-100'000);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    const auto& [place, profile] = watched[i];
    const bool numbered = std::any_of(profile.numbers.begin(), profile.numbers.end(), [](const IdentityNumber& number) {
      return !has(number.flags, NumberFlag::placeholder);
    });
    for (const LookupHit& hit : look_up_exhaustively(snapshot, profile, limits).hits) {
      const auto found = places.find(hit.revision);
      if (found == places.end() || !terms[groups[i]].refers(numbered, hit.score, hit.person)) continue;
      matches.push_back({place, found->second, hit.score, hit.person});
    }
  }
  std::sort(matches.begin(), matches.end());
  return matches;
}

std::string to_text(const std::vector<WatchMatch>& matches) {
  std::string text;
  for (const WatchMatch& match : matches) {
    text += std::to_string(match.place.page) + "." + std::to_string(match.place.person) + "-" +
            std::to_string(match.record) + ":" + std::to_string(match.score.raw) + "/" +
            std::to_string(match.person.raw) + " ";
  }
  return text;
}

ReferralTerms terms_at(int refer, int look_up) {
  ReferralTerms terms;
  terms.asked = true;
  terms.numbered = terms.unnumbered = {Bits::whole(refer), Bits::whole(look_up)};
  return terms;
}

// `refer`: of the first group; others ask more, or nothing.
std::size_t check_world(const WorldShape& shape, std::uint64_t seed, int refer) {
  RandomWorld world(shape, seed);
  const TemporaryFolder folder;
  ChangingRegister people(folder.path(), world.people(60));
  WatchList watched;
  std::vector<std::pair<WatchList::Place, Profile>> profiles;
  std::vector<std::uint16_t> groups;
  const auto enrol = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const Profile profile = world.subject(people.people());
      const auto group = static_cast<std::uint16_t>(world.below(3));
      if (world.one_in(10)) watched.add_page(std::make_unique<WatchPage>());
      profiles.emplace_back(watched.add(profile, group), profile);
      groups.push_back(group);
    }
  };
  enrol(40);
  std::vector<ReferralTerms> terms = {terms_at(refer, -20), terms_at(refer + 8, refer + 4), {}};
  terms[0].unnumbered.refer = Bits::whole(refer + 3);
  std::size_t found = 0;
  for (int round = 0; round < 4; ++round) {
    const RevisionId before = people.people().empty() ? RevisionId{} : people.people().back().revision;
    people.change(world, world.between(0, 8), world.between(0, 4), world.between(0, 2));
    std::vector<IndexedPerson> changed;
    for (const IndexedPerson& person : people.people()) {
      if (person.revision > before) changed.push_back(person);
    }
    watched.file();
    const auto matches = match_changes(watched, people.snapshot(), changed, terms);
    REQUIRE(matches);
    CHECK(to_text(*matches) == to_text(matches_of_twin(profiles, groups, people.snapshot(), changed, terms)));
    found += matches->size();
    enrol(5);
  }
  return found;
}

TEST_CASE("Changed records meet the same watched people as an exhaustive comparison, over random worlds") {
  for (const int refer : {-8, 0, 6, 12}) {
    std::size_t found = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      INFO("seed " << seed << " refer " << refer);
      found += check_world({}, seed, refer);
    }
    CHECK(found > 20);
  }
}

TEST_CASE("Worlds of other scripts, of lone names, without numbers and of fresh words agree as well") {
  WorldShape scripts;
  scripts.scripts = true;
  WorldShape lone;
  lone.tokens_max = 1;
  WorldShape plain;
  plain.numbers = false;
  WorldShape fresh;
  fresh.words = 0;
  WorldShape nameless;
  nameless.forms_min = 0;
  nameless.forms_max = 1;
  for (const WorldShape& shape : {scripts, lone, plain, fresh, nameless}) {
    for (std::uint64_t seed = 100; seed < 112; ++seed) {
      INFO("seed " << seed);
      check_world(shape, seed, seed % 2 == 0 ? -4 : 5);
    }
  }
}

TEST_CASE("Someone who left is met no more") {
  RandomWorld world({}, 5);
  const TemporaryFolder folder;
  ChangingRegister people(folder.path(), world.people(30));
  people.change(world, 0, 3, 0);
  const std::vector<IndexedPerson> changed(people.people().end() - 3, people.people().end());
  WatchList watched;
  const WatchList::Place place = watched.add(changed[1].profile, 0);
  watched.add(changed[1].profile, 0);
  watched.file();
  const std::vector<ReferralTerms> terms = {terms_at(1, 1)};
  const auto both = match_changes(watched, people.snapshot(), changed, terms);
  REQUIRE(both);
  watched.remove(place);
  const auto one = match_changes(watched, people.snapshot(), changed, terms);
  REQUIRE(one);
  REQUIRE(!one->empty());
  CHECK(one->size() * 2 == both->size());
  for (const WatchMatch& match : *one) CHECK(match.place != place);
}

TEST_CASE("A packed profile gives back all that is compared") {
  RandomWorld world({}, 9);
  for (int i = 0; i < 200; ++i) {
    const Profile profile = world.profile();
    WatchPage page;
    page.add(profile, 3);
    page.file();
    const Profile back = page.profile(0);
    REQUIRE(back.forms.size() == profile.forms.size());
    for (std::size_t f = 0; f < profile.forms.size(); ++f) {
      CHECK(back.forms[f].kind == profile.forms[f].kind);
      CHECK(back.forms[f].tokens == profile.forms[f].tokens);
    }
    CHECK(back.numbers == profile.numbers);
    CHECK(back.dob == profile.dob);
    CHECK(back.sex == profile.sex);
    CHECK(back.state == profile.state);
    CHECK(page.group(0) == 3);
  }
}

TEST_CASE("Terms refer just where the probability says so") {
  for (const std::uint64_t people : {std::uint64_t{10}, std::uint64_t{5000}, std::uint64_t{1'000'000}}) {
    for (const double refer : {0.001, 0.01, 0.5, 0.97}) {
      Policy policy;
      policy.refer_probability = refer;
      const ReferralTerms terms = referral_terms(policy, people);
      for (int raw = -20 * 256; raw < 70 * 256; raw += 37) {
        for (const Bits person : {Bits::whole(3), Bits::whole(31)}) {
          const Bits score{raw};
          const bool likely = hit_probability(score, person, policy.base_rate, people) >= refer;
          for (const bool numbered : {false, true}) {
            const Bits floor = numbered ? policy.score_min_with_number : policy.score_min;
            CHECK(terms.refers(numbered, score, person) == (score >= floor && (likely || identity_is_certain(person))));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace semak
