// A parallel loop with a race, or without: what the thread sanitizer is tried on before it is believed.
#include <atomic>
#include <string_view>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>
#include <vector>

int main(int argc, char** argv) {
  const bool racy = argc > 1 && std::string_view(argv[1]) == "racy";
  std::vector<int> items(200000);
  std::atomic<long> counted = 0;
  long raced = 0;
  tbb::parallel_for(std::size_t{0}, items.size(), [&](std::size_t i) {
    items[i] = static_cast<int>(i * 7919 % 100003);
    counted.fetch_add(1, std::memory_order_relaxed);
    if (racy) ++raced;
  });
  tbb::parallel_sort(items.begin(), items.end());
  return counted == static_cast<long>(items.size()) && raced >= 0 ? 0 : 1;
}
