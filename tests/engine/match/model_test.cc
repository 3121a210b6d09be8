#include "engine/match/model.h"

#include <string>

#include "engine/match/rarity.h"
#include "tests/catch.h"

namespace semak {
namespace {

TEST_CASE("the compiled-in model reads, and its penalties are not negative") {
  const Model& model = default_model();
  CHECK(model.version != 0);
  CHECK(model.rarity_max > Bits{});
  for (const Bits penalty : {model.query_leftover_first, model.query_leftover[0], model.father_contradicted,
                             model.father_omitted, model.no_given_matched, model.record_left, model.lone_part,
                             model.first_left, model.initial_pair, model.inversion, model.crossed}) {
    CHECK(penalty >= Bits{});
  }
}

TEST_CASE("a model that lacks a weight, or has one of the wrong sign, is refused with its name") {
  const Result<Model> empty = parse_model("");
  REQUIRE(!empty);
  CHECK(empty.error().code == ErrorCode::invalid_input);
  const Result<Model> broken = parse_model("[gain\n");
  REQUIRE(!broken);
  const Result<Model> wrong = parse_model("[gain.equal]\nrarity_share = -1.0\noffset = 0.0\n");
  REQUIRE(!wrong);
  CHECK(wrong.error().message.find("gain.equal.rarity_share") != std::string::npos);
}

TEST_CASE("rarity falls as a token becomes commoner, and stays between nought and its maximum") {
  const Model& model = default_model();
  Bits before = model.rarity_max + Bits{1};
  for (const std::uint64_t count : {0ULL, 1ULL, 10ULL, 1'000ULL, 100'000ULL, 1'000'000ULL}) {
    const Bits bits = rarity(model, count, 1'000'000, 30);
    CHECK(bits <= before);
    CHECK(bits >= Bits{});
    CHECK(bits <= model.rarity_max);
    before = bits;
  }
  CHECK(rarity(model, 0, 0, 30) <= model.rarity_max);
  CHECK(rarity(model, 5, 0, 1e6) == Bits{});
}

TEST_CASE("a small register takes its rarities from the national table") {
  const double common = national_per_million("mohd", Script::latin);
  const double unseen = national_per_million("qzxv", Script::latin);
  CHECK(common > 50 * unseen);
  CHECK(rarity(default_model(), 1, 10, common) + Bits::whole(3) < rarity(default_model(), 1, 10, unseen));
}

}  // namespace
}  // namespace semak
