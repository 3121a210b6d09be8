#include "engine/match/rarity.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <unordered_map>

#include "engine/check.h"

extern const char semak_match_name_frequencies_begin[];
extern const char semak_match_name_frequencies_end[];

namespace semak {
namespace {

// A token that the table does not have: about as frequent as one seen once among 30,000 people.
constexpr double kUnseenPerMillion = 30;
// A Han character is one of some 3,000 in use for names.
constexpr double kUnseenHanPerMillion = 300;

using Frequencies = std::unordered_map<std::string_view, double>;

Frequencies read_table() {
  Frequencies frequencies;
  std::string_view rest(
      semak_match_name_frequencies_begin,
      static_cast<std::size_t>(semak_match_name_frequencies_end - semak_match_name_frequencies_begin));
  bool heading = true;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line[0] == '#') continue;
    if (std::exchange(heading, false)) continue;
    const std::size_t comma = line.find(',');
    SEMAK_CHECK(comma != std::string_view::npos);
    double value = 0;
    const auto read = std::from_chars(line.data() + comma + 1, line.data() + line.size(), value);
    SEMAK_CHECK(read.ec == std::errc{} && value > 0);
    frequencies.emplace(line.substr(0, comma), value);
  }
  return frequencies;
}

}  // namespace

double national_per_million(std::string_view text, Script script) {
  static const Frequencies frequencies = read_table();
  const auto found = frequencies.find(text);
  if (found != frequencies.end()) return found->second;
  return script == Script::han ? kUnseenHanPerMillion : kUnseenPerMillion;
}

Bits rarity(const Model& model, std::uint64_t count, std::uint64_t people, double per_million) {
  const double with = static_cast<double>(count) + model.national_people * per_million * 1e-6;
  const double all = static_cast<double>(std::max(people, count)) + model.national_people;
  const Bits bits = Bits::from(-std::log2(with / all));
  return std::clamp(bits, Bits{}, model.rarity_max);
}

}  // namespace semak
