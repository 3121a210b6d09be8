// SEMAK_TEST_KILLS=N: so many kills, else 8. A monitor that is killed (SIGKILL) at any moment and started again tells
// the same as one that never was. The process that is killed is this program itself, run again with one hidden test
// case.
#include <chrono>
#include <cstdlib>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

#include "tests/engine/monitor/watch_world.h"

extern char** environ;

namespace semak {
namespace {

constexpr const char* kFolderVariable = "SEMAK_TEST_WATCH";

// What the process that is killed does: opens everything as any process would and catches up.
TEST_CASE("Catching up, to be killed from outside", "[.killed]") {
  const char* const folder = std::getenv(kFolderVariable);
  REQUIRE(folder != nullptr);
  const std::filesystem::path root(folder);
  const auto engine = Engine::open(root / "db", OpenMode::read_only, {});
  REQUIRE(engine);
  const auto keys = KeyRing::open(root / "semak.key", {});
  REQUIRE(keys);
  const auto desk = Desk::open(root / "counter", false, **keys);
  REQUIRE(desk);
  Monitor monitor(**engine, **desk, watch_policy_of);
  const auto report = monitor.catch_up({});
  REQUIRE(report);
}

// Starts it, and kills it after `wait` (0: lets it end). True if it was killed before its end.
bool run_and_kill(const std::filesystem::path& root, std::chrono::microseconds wait) {
  REQUIRE(setenv(kFolderVariable, root.c_str(), 1) == 0);
  const char* words[] = {"engine_monitor_tests", "[.killed]", nullptr};
  pid_t child = 0;
  REQUIRE(posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, const_cast<char* const*>(words), environ) == 0);
  std::this_thread::sleep_for(wait);
  if (wait.count() > 0) kill(child, SIGKILL);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) REQUIRE(WEXITSTATUS(status) == 0);
  return WIFSIGNALED(status);
}

TEST_CASE("Killed many times while catching up, the monitor misses nothing and tells nothing twice") {
  const char* const more = std::getenv("SEMAK_TEST_KILLS");
  const int kills_wanted = more != nullptr ? std::atoi(more) : 8;
  const DatabaseFolder folder;
  WatchRoom room(folder);
  RandomRegister records(4242, 60);
  auto engine = folder.open();
  const auto load = [&] {
    IngestRequest request = folder.request(records.csv());
    request.replace = true;
    folder.load(*engine, request);
  };
  load();
  WatchTwin twin(*engine);
  {
    REQUIRE(room.open());
    Monitor monitor(*engine, room.desk(), watch_policy_of);
    std::vector<Enrolment> people;
    for (int i = 0; i < 30; ++i) people.push_back(enrolment_of(records.subject(), "plain"));
    REQUIRE(monitor.enrol(people, {}));
    for (const Enrolment& person : people) {
      if (!person.id.empty()) twin.enrol(person);
    }
  }
  int kills = 0, ends = 0;
  std::chrono::microseconds whole{0};  // what a run takes: the first one is not killed
  for (int round = 0; kills < kills_wanted; ++round) {
    REQUIRE(round < 40 * kills_wanted);
    const RevisionId before = engine->store().published()->revision;
    records.change(8);
    load();
    twin.catch_up(before);
    room.close();
    // One load, killed once or more on its way through the monitor: by a run after the other.
    for (int tries = 1 + records.below(3); tries > 0; --tries) {
      const auto begun = std::chrono::steady_clock::now();
      const bool killed = run_and_kill(folder / "", whole * (20 + records.below(100)) / 100);
      if (!killed) {
        whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
      }
      kills += killed;
      ends += !killed;
    }
    REQUIRE(room.open());
    Monitor monitor(*engine, room.desk(), watch_policy_of);
    REQUIRE(monitor.catch_up({}));
    REQUIRE(to_text(all_alerts(monitor)) == to_text(twin.expected));
  }
  REQUIRE(room.open());
  Monitor monitor(*engine, room.desk(), watch_policy_of);
  REQUIRE(monitor.catch_up({}));
  CHECK(to_text(all_alerts(monitor)) == to_text(twin.expected));
  const auto verified = room.desk().audit().verify({}, room.keys().public_key(), {});
  REQUIRE(verified);
  CHECK(verified->clean());
  INFO("killed " << kills << " times; " << ends << " runs ended first");
  CHECK(kills >= kills_wanted);
}

}  // namespace
}  // namespace semak
