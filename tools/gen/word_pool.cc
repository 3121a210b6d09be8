#include "tools/gen/word_pool.h"

#include <cmath>
#include <unordered_set>

#include "engine/check.h"

namespace semak {
namespace {

// What being of the other era does to a word's weight: names come into and go out of use, few vanish.
constexpr double kOwnEra = 1.6, kOtherEra = 0.15;

constexpr double kTailOffset = 12, kTailExponent = 1.0;  // fitted to vocabulary growth (bench/scale/README.md)

}  // namespace

WordPool::WordPool(std::vector<Weighted> words) : slots_(words.size()) {
  SEMAK_CHECK(!words.empty() && words.size() < 0x80000000u);
  double sum = 0;
  for (const Weighted& word : words) sum += word.weight;
  std::vector<double> scaled(words.size());
  std::vector<std::uint32_t> small, large;
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    words_.push_back(std::move(words[i].text));
    scaled[i] = words[i].weight * static_cast<double>(words.size()) / sum;
    (scaled[i] < 1 ? small : large).push_back(i);
  }
  for (std::uint32_t i = 0; i < slots_.size(); ++i) slots_[i] = {0xffffffffu, i};
  while (!small.empty() && !large.empty()) {
    const std::uint32_t low = small.back(), high = large.back();
    small.pop_back();
    slots_[low] = {static_cast<std::uint32_t>(scaled[low] * 4294967295.0), high};
    scaled[high] -= 1 - scaled[low];
    if (scaled[high] < 1) {
      large.pop_back();
      small.push_back(high);
    }
  }
}

std::vector<std::vector<std::string>> read_rows(const char* begin, const char* end) {
  std::vector<std::vector<std::string>> rows;
  std::string_view text(begin, static_cast<std::size_t>(end - begin));
  bool heading = true;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    std::vector<std::string> cells;
    for (std::size_t comma; (comma = line.find(',')) != std::string_view::npos; line.remove_prefix(comma + 1))
      cells.emplace_back(line.substr(0, comma));
    cells.emplace_back(line);
    if (!heading) rows.push_back(std::move(cells));
    heading = false;
  }
  return rows;
}

std::vector<PartRow> read_parts(const char* begin, const char* end) {
  std::vector<PartRow> parts;
  for (auto& row : read_rows(begin, end)) {
    SEMAK_CHECK(row.size() == 4);
    parts.push_back({row[0], row[1].empty() ? ' ' : row[1][0], std::stod(row[2])});
  }
  return parts;
}

std::vector<std::string> compose_words(const std::vector<std::vector<PartRow>>& syllables, std::size_t count,
                                       std::uint64_t seed) {
  std::vector<WordPool> pools;
  for (const auto& parts : syllables) pools.push_back(make_pool(parts, ' ', {}, 0));
  std::vector<std::string> words;
  std::unordered_set<std::string> seen;
  Random random(seed, 0, 0);
  for (std::size_t tries = 0; words.size() < count && tries < count * 30; ++tries) {
    std::string word;
    for (const WordPool& pool : pools) {
      const std::string_view part = pool.draw(random);
      if (part == "_") continue;
      // No letter three times and no doubled letter at a seam: "Syah" + "ham" is "Syaham".
      std::size_t skip = 0;
      while (skip < part.size() && !word.empty() && (word.back() | 0x20) == (part[skip] | 0x20)) ++skip;
      word += part.substr(skip);
    }
    if (word.size() >= 4 && word.size() <= 18 && seen.insert(word).second) words.push_back(std::move(word));
  }
  return words;
}

WordPool make_pool(const std::vector<PartRow>& parts, char era, const std::vector<std::string>& tail,
                   double tail_share) {
  std::vector<WordPool::Weighted> words;
  std::unordered_set<std::string> seen;
  double sum = 0;
  for (const PartRow& part : parts) {
    const double factor = era == ' ' || part.era == ' ' ? 1 : part.era == era ? kOwnEra : kOtherEra;
    words.push_back({part.text, part.weight * factor});
    seen.insert(part.text);
    sum += words.back().weight;
  }
  double tail_sum = 0;
  auto rank_weight = [](std::size_t rank) { return std::pow(static_cast<double>(rank) + kTailOffset, -kTailExponent); };
  for (std::size_t i = 0; i < tail.size(); ++i) tail_sum += rank_weight(i);
  const double unit = tail.empty() ? 0 : sum * tail_share / (1 - tail_share) / tail_sum;
  for (std::size_t i = 0; i < tail.size(); ++i)
    if (!seen.contains(tail[i])) words.push_back({tail[i], unit * rank_weight(i)});
  return WordPool(std::move(words));
}

}  // namespace semak
