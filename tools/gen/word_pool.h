// Words with weights, drawn in constant time (Walker's alias method).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/gen/random.h"

namespace semak {

class WordPool {
 public:
  WordPool() = default;
  struct Weighted {
    std::string text;
    double weight = 0;
  };
  explicit WordPool(std::vector<Weighted> words);

  // REQUIRES: not empty. The view lives as long as the pool.
  std::string_view draw(Random& random) const { return words_[draw_index(random)]; }
  std::size_t draw_index(Random& random) const {
    const std::uint64_t bits = random.next();
    const std::size_t slot = ((bits >> 32) * slots_.size()) >> 32;
    return static_cast<std::uint32_t>(bits) < slots_[slot].threshold ? slot : slots_[slot].other;
  }
  std::size_t size() const { return words_.size(); }

 private:
  struct Slot {
    std::uint32_t threshold = 0;  // of 2^32
    std::uint32_t other = 0;
  };
  std::vector<std::string> words_;
  std::vector<Slot> slots_;
};

// Words of a table `part,era,weight,source`; `era` o: rather people born before 1975, n: rather after.
struct PartRow {
  std::string text;
  char era = ' ';
  double weight = 0;
};
std::vector<PartRow> read_parts(const char* begin, const char* end);
// Cells of every line but the first of an embedded table without quotes.
std::vector<std::vector<std::string>> read_rows(const char* begin, const char* end);

// Up to `count` different words put together from one part of each row of `syllables` ("_" is an empty part), the
// likelier ones first. Deterministic.
std::vector<std::string> compose_words(const std::vector<std::vector<PartRow>>& syllables, std::size_t count,
                                       std::uint64_t seed);

// `parts` weighed for one era, with `tail` sharing `tail_share` of all draws in a Zipf-Mandelbrot tail.
WordPool make_pool(const std::vector<PartRow>& parts, char era, const std::vector<std::string>& tail,
                   double tail_share);

}  // namespace semak
