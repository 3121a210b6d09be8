#include "engine/store/published_state.h"

#include "tests/catch.h"

namespace semak {
namespace {

PublishedState a_state() {
  PublishedState state;
  state.generation.value = 412;
  state.revision.value = 1'000'000;
  state.batch = 17;
  state.registers["offenders"] = {{RegisterId{1}, "offenders", RegisterKind::offender, 900'000, 12}, "index bytes"};
  state.registers["oyls"] = {{RegisterId{2}, "oyls", RegisterKind::oyls, 5, 0}, std::string("\0\1", 2)};
  return state;
}

LoadInfo a_load() {
  LoadInfo load;
  load.batch = 3;
  load.generation.value = 9;
  load.register_name = "offenders";
  load.files = {{"a.csv", "00ff", 12, 3}, {"b.csv", "11ee", 0, 0}};
  load.rows = 3;
  load.added = 2;
  load.restored = 1;
  load.time = 1795000000;
  return load;
}

template <class Decode>
void check_that_damage_is_found(const std::string& bytes, Decode decode) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    REQUIRE_FALSE(decode(damaged));
    REQUIRE_FALSE(decode(std::string_view(bytes).substr(0, i)));
  }
}

TEST_CASE("a decoded published state is the encoded one, and damage is found", "[engine][store]") {
  const std::string bytes = encode(a_state());
  const auto decoded = decode_published_state(bytes);
  REQUIRE(decoded);
  CHECK(*decoded == a_state());
  check_that_damage_is_found(bytes, decode_published_state);
}

TEST_CASE("a decoded load is the encoded one, and damage is found", "[engine][store]") {
  const std::string bytes = encode(a_load());
  const auto decoded = decode_load_info(bytes);
  REQUIRE(decoded);
  CHECK(*decoded == a_load());
  check_that_damage_is_found(bytes, decode_load_info);
}

}  // namespace
}  // namespace semak
