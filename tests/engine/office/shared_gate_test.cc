#include "engine/office/shared_gate.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "tests/catch.h"

using namespace semak;

TEST_CASE("who is alone behind the gate is alone, and many others are there together", "[office]") {
  SharedGate gate;
  int guarded = 0;  // changed by who is alone
  std::atomic<int> inside = 0, wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        if (t == 0) {
          const std::unique_lock alone(gate);
          wrong += inside != 0;
          ++guarded;
        } else {
          const std::shared_lock shared(gate);
          ++inside;
          wrong += guarded < 0;
          --inside;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(guarded == 500);
}

TEST_CASE("who entered the gate may leave it on another thread, and nobody overtakes who waits to be alone",
          "[office]") {
  SharedGate gate;
  auto first = std::make_unique<std::shared_lock<SharedGate>>(gate);
  std::atomic<int> order = 0;
  int alone_at = 0, second_at = 0;
  std::thread alone([&] {
    const std::unique_lock lock(gate);
    alone_at = ++order;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // it waits by then, or the order says nothing
  std::thread second([&] {
    const std::shared_lock lock(gate);
    second_at = ++order;
  });
  std::thread([&] { first.reset(); }).join();
  alone.join();
  second.join();
  CHECK(alone_at + second_at == 3);
}
