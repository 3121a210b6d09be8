#include "engine/match/name_alignment.h"

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include "tests/catch.h"

namespace semak {
namespace {

struct World {
  std::vector<AlignToken> query, record;
  std::vector<AlignEdge> edges;
  FormKind query_kind = FormKind::whole;
  FormKind record_kind = FormKind::whole;

  Alignment align() const { return semak::align(default_model(), {query_kind, query}, {record_kind, record}, edges); }
  AlignmentCounts counts() const {
    return count_alignment({query_kind, query}, {record_kind, record}, edges, align().edge_of_query);
  }
  Bits nothing_matched() const {
    Bits sum;
    for (const AlignToken& token : query) sum -= token.leftover;
    for (const AlignToken& token : record) sum -= token.leftover;
    return sum;
  }
  Bits saved(const AlignEdge& edge) const {
    return edge.gain + query[edge.query].leftover + record[edge.record].leftover;
  }
};

// The best additive part over all one-to-one alignments, by trying every one.
Bits best_by_trying(const World& world) {
  std::vector<bool> taken(world.record.size());
  std::function<Bits(std::size_t)> best_from = [&](std::size_t query) -> Bits {
    if (query == world.query.size()) return Bits{};
    Bits best = best_from(query + 1);
    for (const AlignEdge& edge : world.edges) {
      if (edge.query != query || taken[edge.record]) continue;
      taken[edge.record] = true;
      best = std::max(best, world.saved(edge) + best_from(query + 1));
      taken[edge.record] = false;
    }
    return best;
  };
  return world.nothing_matched() + best_from(0);
}

World random_world(std::mt19937& random, std::size_t most, std::int32_t gains, int edge_percent) {
  World world;
  const auto side = [&] {
    std::vector<AlignToken> tokens(1 + random() % most);
    for (AlignToken& token : tokens) {
      token.role = static_cast<TokenRole>(random() % kTokenRoles);
      token.leftover = Bits{static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(gains))};
    }
    return tokens;
  };
  world.query = side();
  world.record = side();
  world.query_kind = static_cast<FormKind>(random() % kFormKinds);
  world.record_kind = static_cast<FormKind>(random() % kFormKinds);
  for (std::size_t i = 0; i < world.query.size(); ++i) {
    for (std::size_t j = 0; j < world.record.size(); ++j) {
      if (static_cast<int>(random() % 100) >= edge_percent) continue;
      const auto gain = static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(3 * gains)) - gains;
      world.edges.push_back(
          {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j), RelationKind::edit, Bits{gain}});
    }
  }
  std::shuffle(world.edges.begin(), world.edges.end(), random);
  return world;
}

bool valid(const World& world, const Alignment& alignment) {
  std::vector<bool> taken(world.record.size());
  Bits sum = world.nothing_matched();
  for (std::size_t i = 0; i < world.query.size(); ++i) {
    const int chosen = alignment.edge_of_query[i];
    if (chosen < 0) continue;
    const AlignEdge& edge = world.edges[static_cast<std::size_t>(chosen)];
    if (edge.query != i || taken[edge.record]) return false;
    taken[edge.record] = true;
    sum += world.saved(edge);
  }
  return sum == alignment.additive;
}

TEST_CASE("an alignment is the best of all one-to-one alignments, up to five tokens by five") {
  std::mt19937 random(5);
  std::size_t wrong = 0;
  for (int round = 0; round < 30'000; ++round) {
    const std::int32_t gains = round % 2 ? 4 : 900;  // few values: many ties
    const World world = random_world(random, 5, gains, round % 3 ? 50 : 100);
    const Alignment alignment = world.align();
    wrong += !valid(world, alignment) || alignment.additive != best_by_trying(world);
  }
  CHECK(wrong == 0);
}

TEST_CASE("every world of two tokens by two and three gains is aligned best") {
  std::size_t wrong = 0;
  for (int code = 0; code < 4 * 4 * 4 * 4; ++code) {
    World world;
    world.query = {{TokenRole::given, Bits{1}}, {TokenRole::father, Bits{2}}};
    world.record = {{TokenRole::given, Bits{2}}, {TokenRole::father, Bits{1}}};
    for (int pair = 0, rest = code; pair < 4; ++pair, rest /= 4) {
      if (rest % 4 == 3) continue;
      world.edges.push_back({static_cast<std::uint8_t>(pair / 2), static_cast<std::uint8_t>(pair % 2),
                             RelationKind::equal, Bits{(rest % 4) * 3 - 3}});
    }
    const Alignment alignment = world.align();
    wrong += !valid(world, alignment) || alignment.additive != best_by_trying(world);
  }
  CHECK(wrong == 0);
}

TEST_CASE("the additive part bounds the score, and the corrections account for the difference") {
  std::mt19937 random(6);
  for (int round = 0; round < 5'000; ++round) {
    const World world = random_world(random, 24, 900, 40);
    const Alignment alignment = world.align();
    REQUIRE(valid(world, alignment));
    for (const Bits correction : {alignment.leftover_first, alignment.father, alignment.no_given,
                                  alignment.completeness, alignment.initials, alignment.order, alignment.form}) {
      REQUIRE(correction >= Bits{});
    }
    REQUIRE(alignment.score == alignment.additive - alignment.leftover_first - alignment.father - alignment.no_given -
                                   alignment.completeness - alignment.initials - alignment.order - alignment.form);
    REQUIRE(alignment.score <= alignment.additive);
  }
}

TEST_CASE("the order in which edges are given does not matter") {
  std::mt19937 random(8);
  for (int round = 0; round < 3'000; ++round) {
    World world = random_world(random, 8, 3, 70);
    const Alignment first = world.align();
    std::shuffle(world.edges.begin(), world.edges.end(), random);
    const Alignment second = world.align();
    REQUIRE(first.score == second.score);
    REQUIRE(first.order == second.order);
  }
}

TEST_CASE("tokens that are written twice are aligned in their order") {
  World world;
  world.query = {{TokenRole::given, Bits{100}}, {TokenRole::father, Bits{100}}};
  world.record = {{TokenRole::given, Bits{50}}, {TokenRole::father, Bits{50}}};
  for (std::uint8_t i = 0; i < 2; ++i) {
    for (std::uint8_t j = 0; j < 2; ++j) world.edges.push_back({i, j, RelationKind::equal, Bits{700}});
  }
  const Alignment alignment = world.align();
  CHECK(alignment.order == Bits{});
  CHECK(world.edges[static_cast<std::size_t>(alignment.edge_of_query[0])].record == 0);
  CHECK(world.edges[static_cast<std::size_t>(alignment.edge_of_query[1])].record == 1);
}

TEST_CASE("an edge that saves nothing is left unused") {
  World world;
  world.query = {{TokenRole::given, Bits{10}}};
  world.record = {{TokenRole::given, Bits{10}}};
  world.edges = {{0, 0, RelationKind::edit, Bits{-20}}};
  CHECK(world.align().edge_of_query[0] == -1);
}

TEST_CASE("a contradicted father costs more than an omitted one") {
  const Model& model = default_model();
  CHECK(model.father_contradicted > model.father_omitted);
  World world;
  world.query = {{TokenRole::given, Bits{10}}, {TokenRole::father, Bits{10}}};
  world.record = {{TokenRole::given, Bits{10}}, {TokenRole::father, Bits{10}}};
  world.edges = {{0, 0, RelationKind::equal, Bits{1000}}};
  CHECK(world.align().father == model.father_contradicted);
  world.query.pop_back();
  CHECK(world.align().father == model.father_omitted);
  world.record.pop_back();
  CHECK(world.align().father == Bits{});
}

TEST_CASE("the first given name is missed where another of the record's given names agrees") {
  World world;
  world.query = {{TokenRole::given, Bits{10}}};
  world.record = {{TokenRole::prefix, Bits{10}}, {TokenRole::given, Bits{10}}, {TokenRole::given, Bits{10}}};
  world.edges = {{0, 2, RelationKind::equal, Bits{1000}}};
  CHECK(world.counts().first_left);
  world.edges = {{0, 1, RelationKind::equal, Bits{1000}}};
  CHECK_FALSE(world.counts().first_left);
  world.record[2].role = TokenRole::father;  // no given name agrees: counted elsewhere
  world.edges = {{0, 2, RelationKind::equal, Bits{1000}}};
  CHECK_FALSE(world.counts().first_left);
  world.record[1].role = TokenRole::surname;
  CHECK_FALSE(world.counts().first_left);
}

TEST_CASE("equal initials are counted, initials of whole names are not") {
  World world;
  world.query = {{TokenRole::initial, Bits{10}}, {TokenRole::initial, Bits{10}}, {TokenRole::given, Bits{10}}};
  world.record = {{TokenRole::initial, Bits{10}}, {TokenRole::given, Bits{10}}, {TokenRole::given, Bits{10}}};
  world.edges = {{0, 0, RelationKind::equal, Bits{1000}},
                 {1, 1, RelationKind::initial, Bits{1000}},
                 {2, 2, RelationKind::equal, Bits{1000}}};
  CHECK(world.counts().initial_pairs == 1);
}

TEST_CASE("the counted corrections are subtracted as the model says") {
  const Model& model = default_model();
  World world;
  world.query = {{TokenRole::initial, Bits{10}}, {TokenRole::given, Bits{10}}};
  world.record = {{TokenRole::given, Bits{10}}, {TokenRole::initial, Bits{10}}, {TokenRole::given, Bits{10}}};
  world.edges = {{0, 1, RelationKind::equal, Bits{1000}}, {1, 2, RelationKind::equal, Bits{1000}}};
  CHECK(world.align().completeness == model.record_left + model.lone_part + model.first_left);
  CHECK(world.align().initials == model.initial_pair);
}

TEST_CASE("a gain never exceeds that of the same spelling and falls with the cost of the difference") {
  const Model& model = default_model();
  for (int rarity_record = 0; rarity_record <= 12; ++rarity_record) {
    for (int rarity_query = 0; rarity_query <= 12; ++rarity_query) {
      const Bits equal = pair_gain(model, {RelationKind::equal, Bits{}}, TokenRole::father, Bits::whole(rarity_record),
                                   Bits::whole(rarity_query));
      for (const RelationKind kind : {RelationKind::family, RelationKind::edit, RelationKind::initial,
                                      RelationKind::prefix, RelationKind::suffix, RelationKind::script}) {
        Bits before = equal;
        for (int cost = 0; cost < 8; ++cost) {
          const Bits gain = pair_gain(model, {kind, Bits::whole(cost)}, TokenRole::father, Bits::whole(rarity_record),
                                      Bits::whole(rarity_query));
          REQUIRE(gain < equal);
          REQUIRE(gain <= before);
          before = gain;
        }
      }
    }
  }
}

TEST_CASE("a pair gains by the role of the record's part, and an initial more for a father") {
  Model model = default_model();
  model.role_gain[static_cast<std::size_t>(TokenRole::hereditary)] = Bits::whole(1);
  model.role_gain[static_cast<std::size_t>(TokenRole::father)] = Bits{};
  model.role_gain[static_cast<std::size_t>(TokenRole::given)] = Bits{};
  model.initial_of_father = Bits::whole(1);
  const auto gain = [&](RelationKind kind, TokenRole role) {
    return pair_gain(model, {kind, Bits{}}, role, Bits::whole(9), Bits::whole(9));
  };
  CHECK(gain(RelationKind::equal, TokenRole::hereditary) ==
        gain(RelationKind::equal, TokenRole::given) + Bits::whole(1));
  CHECK(gain(RelationKind::edit, TokenRole::hereditary) == gain(RelationKind::edit, TokenRole::given) + Bits::whole(1));
  CHECK(gain(RelationKind::equal, TokenRole::father) == gain(RelationKind::equal, TokenRole::given));
  CHECK(gain(RelationKind::initial, TokenRole::father) > gain(RelationKind::initial, TokenRole::given));
  for (int role = 0; role < kTokenRoles; ++role) {
    for (const RelationKind kind : {RelationKind::equal, RelationKind::family, RelationKind::initial}) {
      CHECK(pair_gain_max(model, {kind, Bits{}}, Bits::whole(9), Bits::whole(9)) >=
            gain(kind, static_cast<TokenRole>(role)));
    }
  }
}

}  // namespace
}  // namespace semak
