// Chunks taken in order, worked on by several threads, handed on in order; never more than a few at a time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/result.h"

namespace semak {

// `take()` gives the next chunk or nothing at the end; `give(done)` gets what the workers made. Neither runs twice at
// the same time, both in the order of the chunks. `make_worker()` is called on each thread and returns
// Result<Done>(Chunk&&). The first error ends all.
template <class Chunk, class Done, class MakeWorker>
Status run_ordered(unsigned threads, const std::function<Result<std::optional<Chunk>>()>& take, MakeWorker make_worker,
                   const std::function<Status(Done&&)>& give) {
  std::mutex taking, giving;
  std::condition_variable room;
  std::map<std::uint64_t, Done> waiting;
  std::uint64_t taken = 0, given = 0;
  std::optional<Error> failure;
  bool ended = false;
  const std::uint64_t window = threads * 4;

  auto fail = [&](Error error) {
    const std::lock_guard lock(giving);
    if (!failure) failure = std::move(error);
    room.notify_all();
  };
  auto work = [&] {
    auto worker = make_worker();
    while (true) {
      std::optional<Chunk> chunk;
      std::uint64_t number = 0;
      {
        const std::lock_guard turn(taking);
        {
          std::unique_lock lock(giving);
          room.wait(lock, [&] { return failure || ended || taken < given + window; });
          if (failure || ended) return;
        }
        auto next = take();
        if (!next) return fail(next.error());
        chunk = std::move(next).value();
        const std::lock_guard lock(giving);
        if (!chunk) {
          ended = true;
          room.notify_all();
          return;
        }
        number = taken++;
      }
      auto done = worker(std::move(*chunk));
      if (!done) return fail(done.error());
      const std::lock_guard lock(giving);
      waiting.emplace(number, std::move(done).value());
      while (!failure && !waiting.empty() && waiting.begin()->first == given) {
        Status status = give(std::move(waiting.begin()->second));
        if (!status && !failure) failure = status.error();
        waiting.erase(waiting.begin());
        ++given;
      }
      room.notify_all();
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
    work();
  }
  return failure ? Status(*failure) : Status();
}

}  // namespace semak
