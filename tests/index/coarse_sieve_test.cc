#include "index/coarse_sieve.h"

#include <map>
#include <random>
#include <vector>

#include "tests/catch.h"

namespace semak {
namespace {

constexpr std::uint8_t kLeft = 1;  // what terms say unmatched, and another thing that they say matched
constexpr std::uint8_t kGiven = 8;

struct Cell {
  std::uint32_t w = 0;
  std::uint8_t bits = 0;
};

// A search with a few cells over some terms' codes, and postings of rows of these terms.
class Search {
 public:
  explicit Search(std::uint32_t seed) : random_(seed) {
    for (int i = 0; i < 400; ++i) codes_.push_back(code_of(below(255) + 1, below(256)));
    std::array<std::uint8_t, kClusters> unmatched;
    unmatched.fill(kLeft);
    for (const std::uint16_t code : codes_) {
      if (below(3) == 0) says_nothing_[code] = true;
    }
    for (const std::uint16_t code : codes_) unmatched[cluster_of(code)] &= unmatched_bits(code);
    for (std::uint32_t cluster = 1; cluster < kClusters; ++cluster) {
      sieve_.set_unmatched(static_cast<std::uint8_t>(cluster), unmatched[cluster]);
    }
    for (std::uint32_t bits = 0; bits < 256; ++bits) {
      sieve_.set_cost(static_cast<std::uint8_t>(bits), cost(static_cast<std::uint8_t>(bits)));
    }
  }

  void add_cells(int cells) {
    for (int i = 0; i < cells; ++i) {
      const std::uint16_t code = codes_[below(codes_.size())];
      const std::uint32_t w = below(20) == 0 ? 8000 + below(2000) : 1 + below(4000);
      const auto bits =
          static_cast<std::uint8_t>((below(2) == 0 ? kGiven : 0) | CoarseSieve::query_bit(static_cast<int>(below(6))));
      sieve_.add(cluster_of(code), w, bits);
      Cell& cell = cells_[code];
      cell = {std::max(cell.w, w), static_cast<std::uint8_t>(cell.bits | bits)};
    }
  }
  void forget() {
    for (const auto& [code, cell] : cells_) sieve_.forget(cluster_of(code));
    cells_.clear();
  }

  std::vector<Posting> postings(std::size_t size) {
    std::vector<Posting> postings(size);
    for (Posting& posting : postings) {
      posting.row = static_cast<std::uint32_t>(random_());
      posting.person = static_cast<std::uint8_t>(random_());
      posting.more =
          static_cast<std::uint8_t>((below(2) == 0 ? Posting::kMykad : 0) | (below(10) == 0 ? below(20) : 0));
      const std::size_t others = below(Posting::kSlots + 1);
      for (std::size_t i = 0; i < others; ++i) {
        const bool matched = !cells_.empty() && below(3) == 0;
        posting.codes[i] =
            matched ? std::next(cells_.begin(), below(cells_.size()))->first : codes_[below(codes_.size())];
      }
    }
    return postings;
  }

  // What a row can score by its own terms, one by one.
  std::int64_t reaches(const Posting& posting, std::uint8_t known) const {
    std::int64_t sum = 0;
    std::uint8_t bits = known;
    for (const std::uint16_t code : posting.codes) {
      if (code == 0) continue;
      const auto cell = cells_.find(code);
      if (cell != cells_.end()) sum += cell->second.w;
      bits |= cell != cells_.end() ? cell->second.bits : unmatched_bits(code);
    }
    return sum - cost(bits);
  }

  const CoarseSieve& sieve() const { return sieve_; }
  std::uint32_t below(std::size_t end) { return static_cast<std::uint32_t>(random_() % end); }

 private:
  static std::int64_t cost(std::uint8_t bits) {
    std::int64_t cost = 0;
    if ((bits & kLeft) != 0) cost += 700;
    if ((bits & kGiven) == 0) cost += 450;
    if ((bits & CoarseSieve::query_bit(1)) == 0) cost += 1100;
    if ((bits & CoarseSieve::query_bit(3)) == 0) cost += 9000;
    return cost;
  }
  std::uint8_t unmatched_bits(std::uint16_t code) const {
    return says_nothing_.contains(code) ? std::uint8_t{0} : kLeft;
  }

  std::mt19937 random_;
  std::vector<std::uint16_t> codes_;
  std::map<std::uint16_t, bool> says_nothing_;
  std::map<std::uint16_t, Cell> cells_;
  CoarseSieve sieve_;
};

std::vector<std::uint32_t> sift(const Search& search, std::span<const Posting> block, std::uint8_t known,
                                std::int64_t needed, Instructions instructions) {
  std::vector<std::uint32_t> near(block.size() + CoarseSieve::kSpare);
  near.resize(search.sieve().sift(block, known, needed, near.data(), instructions));
  return near;
}

template <class Check>
void for_many_searches(Check check) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    Search search(seed);
    search.add_cells(static_cast<int>(search.below(200)));
    if (seed % 3 == 0) {
      search.forget();
      search.add_cells(static_cast<int>(search.below(100)));
    }
    for (int round = 0; round < 40; ++round) {
      const std::vector<Posting> block = search.postings(search.below(70));
      const auto known = static_cast<std::uint8_t>(CoarseSieve::query_bit(0) | (search.below(2) == 0 ? kGiven : 0));
      std::int64_t needed = static_cast<std::int64_t>(search.below(30'000)) - 10'000;
      if (round == 0) needed = -1'000'000'000'000;
      if (round == 1) needed = 1'000'000'000'000;
      // Just what some posting reaches: no weight may be rounded down.
      if (round % 2 == 0 && round > 0 && !block.empty()) {
        needed = search.reaches(block[search.below(block.size())], known);
      }
      CAPTURE(seed, round, block.size(), needed);
      check(search, block, known, needed);
    }
  }
}

}  // namespace

TEST_CASE("the coarse sieve passes whatever may reach the score, and what it cannot judge") {
  std::size_t passed = 0, all = 0;
  for_many_searches([&](const Search& search, std::span<const Posting> block, std::uint8_t known, std::int64_t needed) {
    const std::vector<std::uint32_t> near = sift(search, block, known, needed, Instructions::portable);
    REQUIRE(std::ranges::is_sorted(near));
    for (std::uint32_t i = 0; i < block.size(); ++i) {
      const bool must = block[i].unslotted() != 0 || search.reaches(block[i], known) >= needed;
      const bool passes = std::ranges::binary_search(near, i);
      if (must && !passes) FAIL("posting " << i << " was held back");
      passed += passes;
    }
    all += block.size();
  });
  CHECK(passed < all * 3 / 4);  // it does sift
}

TEST_CASE("the coarse sieve is the same with every set of instructions") {
  if (!can_run(Instructions::avx512)) {
    WARN("this processor has no AVX-512 with VBMI: nothing to compare");
    return;
  }
  for_many_searches([&](const Search& search, std::span<const Posting> block, std::uint8_t known, std::int64_t needed) {
    REQUIRE(sift(search, block, known, needed, Instructions::avx512) ==
            sift(search, block, known, needed, Instructions::portable));
  });
}

}  // namespace semak
