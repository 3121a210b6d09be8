#include "engine/match/token_relation.h"

#include <random>
#include <string>
#include <vector>

#include "engine/match/edit_cost.h"
#include "normalize/scripts.h"
#include "tests/catch.h"
#include "tests/engine/match/words.h"

namespace semak {
namespace {

struct Token {
  std::string text;
  std::string skeleton;
  std::uint32_t family = 0;
  Script script = Script::latin;
  TokenView view() const { return {text, skeleton, family, script}; }
};

Token latin(std::string text, std::uint32_t family = 0) {
  const std::string skeleton = latin_skeleton(text);
  return {std::move(text), skeleton, family, Script::latin};
}

// What the contract says a kind implies.
bool holds(RelationKind kind, const Token& a, const Token& b) {
  const bool both_latin = a.script == Script::latin && b.script == Script::latin;
  const std::string& shorter = a.text.size() <= b.text.size() ? a.text : b.text;
  const std::string& longer = a.text.size() <= b.text.size() ? b.text : a.text;
  switch (kind) {
    case RelationKind::none: return true;
    case RelationKind::equal: return a.text == b.text && a.script == b.script;
    case RelationKind::family: return a.family != 0 && a.family == b.family;
    case RelationKind::edit: {
      const int most = edits_max(a.text.size(), b.text.size());
      return both_latin && most > 0 && edit_distance_within(a.text, b.text, most) <= most;
    }
    case RelationKind::initial: return both_latin && shorter.size() == 1 && longer[0] == shorter[0];
    case RelationKind::prefix: return both_latin && shorter.size() >= kPrefixMin && longer.starts_with(shorter);
    case RelationKind::suffix: return both_latin && shorter.size() >= kSuffixMin && longer.ends_with(shorter);
    case RelationKind::script: {
      if (a.script == b.script) return false;
      const int most = skeleton_edits_max(a.skeleton.size(), b.skeleton.size());
      const bool skeletons =
          !a.skeleton.empty() && !b.skeleton.empty() && edit_distance_within(a.skeleton, b.skeleton, most) <= most;
      const bool spelling =
          (a.script == Script::han && b.script == Script::latin && han_spelling_rank(a.text, b.text) >= 0) ||
          (b.script == Script::han && a.script == Script::latin && han_spelling_rank(b.text, a.text) >= 0);
      return skeletons || spelling;
    }
  }
  return false;
}

// Where one is a part of the other, a subject that has more costs more; which may make another kind the cheapest.
bool mirrored(const Relation& there, const Relation& back, std::size_t length_there, std::size_t length_back) {
  const auto is_part = [](const Relation& relation) {
    return relation.kind == RelationKind::prefix || relation.kind == RelationKind::suffix;
  };
  if (!is_part(there) && !is_part(back)) return there == back;
  return length_there > length_back ? there.cost > back.cost : there.cost < back.cost;
}

bool sound(const Token& a, const Token& b) {
  const Relation relation = relate(a.view(), b.view());
  if (!mirrored(relation, relate(b.view(), a.view()), a.text.size(), b.text.size())) return false;
  if (!holds(relation.kind, a, b) || relation.cost < Bits{}) return false;
  if ((relation.kind == RelationKind::equal) != (relation.cost == Bits{} && relation.kind != RelationKind::none))
    return false;
  if (relation.kind != RelationKind::none) return true;
  // Nothing that the contract relates may be missed.
  for (const RelationKind kind : {RelationKind::equal, RelationKind::family, RelationKind::edit, RelationKind::initial,
                                  RelationKind::prefix, RelationKind::suffix, RelationKind::script}) {
    if (holds(kind, a, b)) return false;
  }
  return true;
}

TEST_CASE(
    "a relation is symmetric but where one is a part of the other, and implies what its kind promises, for every pair "
    "of short words") {
  const std::vector<std::string> words = test::all_words("amh", 4);
  std::size_t wrong = 0;
  for (const std::string& a : words) {
    for (const std::string& b : words) wrong += !sound(latin(a), latin(b));
  }
  CHECK(wrong == 0);
}

TEST_CASE(
    "a relation is symmetric but where one is a part of the other, and implies what its kind promises, for random "
    "tokens of every script") {
  std::mt19937 random(3);
  const std::vector<std::string> han = {"陈", "陳", "林", "王", "黄", "李", "明"};
  std::size_t wrong = 0;
  for (int round = 0; round < 40'000; ++round) {
    const auto make = [&](const std::string& text) {
      Token token{text, latin_skeleton(text), static_cast<std::uint32_t>(random() % 4), Script::latin};
      switch (random() % 6) {
        case 0:
          token.text = han[random() % han.size()];
          token.script = Script::han;
          token.skeleton = script_skeleton(token.text, Script::han);
          break;
        case 1: token.script = Script::jawi; break;
        case 2: token.script = Script::tamil; break;
        default: break;
      }
      return token;
    };
    const std::string text = random() % 5 == 0 ? "tan" : test::random_word(random, "abdhiklmnst", 1, 9);
    std::string other = text;
    for (int edit = static_cast<int>(random() % 4); edit > 0; --edit)
      other = test::edited(random, other, "abdhiklmnst");
    if (random() % 5 == 0) other = test::random_word(random, "abdhiklmnst", 1, 9) + other;
    wrong += !sound(make(text), make(other));
  }
  CHECK(wrong == 0);
}

TEST_CASE("the kind that costs least names the relation") {
  CHECK(relate(latin("hasan").view(), latin("hasan").view()) == Relation{RelationKind::equal, Bits{}});
  CHECK(relate(latin("mohd", 1).view(), latin("muhammad", 1).view()).kind == RelationKind::family);
  CHECK(relate(latin("kader", 2).view(), latin("kadir", 2).view()).kind == RelationKind::family);
  CHECK(relate(latin("hasan").view(), latin("hassan").view()).kind == RelationKind::edit);
  CHECK(relate(latin("k").view(), latin("krishnan").view()).kind == RelationKind::initial);
  CHECK(relate(latin("subra").view(), latin("subramaniam").view()).kind == RelationKind::prefix);
  CHECK(relate(latin("hakim").view(), latin("noralhakim").view()).kind == RelationKind::suffix);
  CHECK(relate(latin("tan").view(), latin("lim").view()).kind == RelationKind::none);
  CHECK(relate(latin("a").view(), latin("b").view()).kind == RelationKind::none);
}

TEST_CASE("a part of a name costs less the more letters it has, and less in the subject than in the record") {
  const auto cost = [](const char* subject, const char* record) {
    return relate(latin(subject).view(), latin(record).view()).cost;
  };
  CHECK(cost("zulk", "zulkifli") < cost("zul", "zulkifli"));
  CHECK(cost("kifli", "zulkifli") < cost("fli", "zulkifli"));
  CHECK(cost("zul", "zulkifli") < cost("zulkifli", "zul"));
  CHECK(cost("hakim", "noralhakim") < cost("noralhakim", "hakim"));
}

TEST_CASE("two spellings of a family are never as good as the same spelling") {
  CHECK(relate(latin("mohd", 1).view(), latin("mohd", 1).view()).cost == Bits{});
  CHECK(relate(latin("mohd", 1).view(), latin("md", 1).view()).cost > Bits{});
  // Costs look at the first letters only: beyond them two words still differ.
  const std::string shared(60, 'a');
  CHECK(relate(latin(shared + 'b', 1).view(), latin(shared + 'm', 1).view()).cost > Bits{});
  CHECK(relate(latin(shared + 'b').view(), latin(shared + 'm').view()).cost > Bits{});
}

TEST_CASE("a Han character relates to its Malaysian spellings, the commonest best") {
  const Token han{"陈", script_skeleton("陈", Script::han), 0, Script::han};
  const Relation tan = relate(han.view(), latin("tan").view());
  REQUIRE(tan.kind == RelationKind::script);
  const Relation ting = relate(han.view(), latin("ting").view());
  if (ting.kind == RelationKind::script) CHECK(tan.cost <= ting.cost);
}

}  // namespace
}  // namespace semak
