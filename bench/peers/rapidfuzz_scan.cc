// rapidfuzz-scan scalar|simd NAMES QUERIES: the best five of all NAMES for each of QUERIES (one a line, words sorted)
// by rapidfuzz-cpp's indel ratio, scanning everything on one thread. Prints for each query its processor and wall
// microseconds and the line numbers (from 0) of the five.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <rapidfuzz/fuzz.hpp>
#include <string>
#include <vector>

namespace {

std::vector<std::string> read(const char* path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

double processor() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) / 1e3;
}

struct Best {
  std::vector<std::pair<double, int>> five;
  double worst() const { return five.size() < 5 ? 0 : five.back().first; }
  void offer(double score, int line) {
    if (five.size() == 5 && score <= five.back().first) return;
    if (five.size() == 5) five.pop_back();
    five.insert(std::upper_bound(five.begin(), five.end(), std::pair(score, line),
                                 [](const auto& a, const auto& b) { return a.first > b.first; }),
                {score, line});
  }
};

#ifdef RAPIDFUZZ_SIMD
// Names of up to `Length` letters, compared side by side.
template <int Length>
struct Lanes {
  std::vector<int> lines;
  std::vector<double> scores;
  rapidfuzz::fuzz::experimental::MultiRatio<Length> scorer;
  Lanes(const std::vector<std::string>& names, std::vector<int> taken) : lines(std::move(taken)), scorer(lines.size()) {
    for (const int line : lines) scorer.insert(std::string(names[std::size_t(line)], 0, Length));
    scores.resize(scorer.result_count());
  }
  void scan(const std::string& query, Best& best) {
    if (lines.empty()) return;
    scorer.similarity(scores.data(), scores.size(), query);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (scores[i] > best.worst()) best.offer(scores[i], lines[i]);
  }
};
#endif

template <class Scan>
void answer(const std::vector<std::string>& queries, Scan scan) {
  for (int pass = 0; pass < 2; ++pass) {  // the first warms, on a tenth
    const std::size_t count = pass == 0 ? std::max<std::size_t>(1, queries.size() / 10) : queries.size();
    for (std::size_t i = 0; i < count; ++i) {
      Best best;
      const auto wall = std::chrono::steady_clock::now();
      const double begun = processor();
      scan(queries[i], best);
      const double took = processor() - begun;
      if (pass == 0) continue;
      std::printf("%.1f %.1f", took,
                  std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - wall).count());
      for (const auto& [score, line] : best.five) std::printf(" %d", line);
      std::printf("\n");
    }
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  const std::vector<std::string> names = read(words[2]), queries = read(words[3]);
  if (std::string(words[1]) == "scalar") {
    answer(queries, [&](const std::string& query, Best& best) {
      const rapidfuzz::fuzz::CachedRatio<char> scorer(query);
      for (std::size_t i = 0; i < names.size(); ++i) best.offer(scorer.similarity(names[i], best.worst()), int(i));
    });
    return 0;
  }
#ifdef RAPIDFUZZ_SIMD
  std::vector<int> brief, long_ones;
  for (std::size_t i = 0; i < names.size(); ++i) (names[i].size() <= 32 ? brief : long_ones).push_back(int(i));
  Lanes<32> narrow(names, brief);
  Lanes<64> wide(names, long_ones);
  answer(queries, [&](const std::string& query, Best& best) {
    narrow.scan(query, best);
    wide.scan(query, best);
  });
  return 0;
#else
  std::cerr << "built without SIMD\n";
  return 3;
#endif
}
