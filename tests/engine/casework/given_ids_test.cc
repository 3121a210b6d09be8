#include <atomic>
#include <chrono>
#include <thread>

#include "tests/engine/casework/desk_room.h"

namespace semak {
namespace {

Check given(const std::string& id, const std::string& name) {
  Check check = test_check(test_subject(name, "900101-14-5678"), {});
  check.id = id;
  return check;
}

TEST_CASE("a check under a given id does not wait for another's way to the disk", "[casework]") {
  DeskRoom room;
  const Policy policy = test_policy();
  const std::thread::id other = std::this_thread::get_id();
  std::atomic<bool> writing = false, met = false, seen = false;
  room.fault = [&](std::string_view operation) -> Status {
    if (std::this_thread::get_id() == other) {
      if (operation == "get") met = true;  // the other one is being looked up while the first is written
      return {};
    }
    if (operation == "write" && !writing.exchange(true)) {
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
      while (!met && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      seen = met.load();
    }
    return {};
  };
  Check first = given("01M7WHQQZ2JGQXD6F88WKCNRC1", "Salmah binti Daud");
  std::thread writer([&] {
    const Status added = room.casework->add({&first, 1}, {&policy, 1});
    if (!added) writing = true;
  });
  while (!writing) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const Check second = room.add(given("01M7WHQQZ2JGQXD6F88WKCNRC2", "Wong Siew Lan"), policy);
  writer.join();
  room.fault = {};
  CHECK(seen);
  CHECK(room.read(first.id).audit_sequence != 0);
  CHECK(room.read(second.id).audit_sequence != 0);
}

TEST_CASE("a check made twice at once under one id is one check, and both are told where it stands", "[casework]") {
  DeskRoom room;
  const Policy policy = test_policy();
  for (int round = 0; round < 20; ++round) {
    const std::string id = "01M7WHQQZ2JGQXD6F88WKCNR" + std::to_string(10 + round);
    std::vector<Check> checks(4, given(id, "Salmah binti Daud"));
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (Check& check : checks) {
      threads.emplace_back([&] { good += room.casework->add({&check, 1}, {&policy, 1}).ok() ? 1 : 0; });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE(good == 4);
    for (const Check& check : checks) {
      CHECK(check.commitment == checks.front().commitment);
      CHECK(check.audit_sequence == checks.front().audit_sequence);
      CHECK(check.audit_sequence == static_cast<std::uint64_t>(round) + 1);
    }
  }
}

}  // namespace
}  // namespace semak
