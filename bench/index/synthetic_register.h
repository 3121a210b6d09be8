// A register for benchmarks: names of composed syllables with the frequencies of names (a few very common parts, a
// long tail), MyKads, birth dates. Fixed seeds: the same people on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "index/people.h"
#include "normalize/normalizer.h"
#include "normalize/profile.h"

namespace semak {

class SyntheticRegister {
 public:
  explicit SyntheticRegister(std::uint64_t seed) : random_(seed) {
    static const char* const kFirst[] = {"a", "ba", "da", "fa", "ha", "ja", "ka",  "la",   "ma", "na", "ra", "sa", "za",
                                         "i", "zu", "su", "nu", "mu", "ro", "shi", "khai", "wa", "yu", "ai", "no"};
    static const char* const kRest[] = {"man", "lah", "din", "mi",  "nah", "ril", "sha", "fi",
                                        "tin", "zam", "ri",  "ya",  "li",  "na",  "kim", "sul",
                                        "dah", "wi",  "fah", "har", "mat", "lin", "su"};
    for (int i = 0; i < kWords; ++i) {
      std::string word = kFirst[below(std::size(kFirst))];
      const std::size_t more = 1 + below(2) + (i > 200 ? below(2) : 0);
      for (std::size_t k = 0; k < more; ++k) word += kRest[below(std::size(kRest))];
      words_.push_back(std::move(word));
    }
  }

  Record person() {
    Record record;
    const bool male = below(2) == 0;
    std::string name = word();
    if (below(3) > 0) name += " " + word();
    if (below(10) < 7) name += male ? " bin" : " binti";
    name += " " + word();
    if (below(4) == 0) name += " " + word();
    record.names.push_back({NameType::registered, std::move(name)});
    record.dob = {static_cast<std::int16_t>(1940 + below(70)), static_cast<std::uint8_t>(1 + below(12)),
                  static_cast<std::uint8_t>(1 + below(28))};
    record.sex = male ? Sex::male : Sex::female;
    char number[16];
    std::snprintf(number, sizeof number, "%02d%02d%02d%02d%03d%d", record.dob.year % 100, record.dob.month,
                  record.dob.day, static_cast<int>(1 + below(16)), static_cast<int>(below(1000)),
                  static_cast<int>(below(5)) * 2 + (male ? 1 : 0));
    record.numbers.push_back({NumberKind::mykad, number, "", "", ""});
    return record;
  }

  // Somebody asked for: half of the time of `people` with a letter wrong, else a stranger.
  Subject subject(const std::vector<Record>& people, bool number) {
    const Record record = below(2) == 0 ? people[below(people.size())] : person();
    Subject subject;
    subject.names = record.names;
    if (number) subject.numbers = record.numbers;
    std::string& name = subject.names[0].text;
    if (below(2) == 0) name[below(name.size())] = static_cast<char>('a' + below(26));
    return subject;
  }

  std::size_t below(std::size_t n) { return random_() % n; }

 private:
  static constexpr int kWords = 20000;

  // Share of the word of rank r about 1 / (r + 4).
  const std::string& word() {
    const double u = static_cast<double>(random_() >> 11) * 0x1p-53;
    const double rank = 4 * std::pow((kWords + 4) / 4.0, u) - 4;
    return words_[std::min<std::size_t>(static_cast<std::size_t>(rank), kWords - 1)];
  }

  std::mt19937_64 random_;
  std::vector<std::string> words_;
};

}  // namespace semak
