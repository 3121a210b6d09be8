#include "engine/match/evidence_text.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>

#include "engine/check.h"

extern const char semak_match_evidence_messages_begin[];
extern const char semak_match_evidence_messages_end[];

namespace semak {
namespace {

using Key = std::pair<std::string_view, std::string_view>;  // aspect, agreement
using Sentences = std::array<std::string_view, 2>;          // by Language

// Part of `text` before `separator`, which is taken off with it.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::map<Key, Sentences> read_messages() {
  std::map<Key, Sentences> messages;
  std::string_view rest(
      semak_match_evidence_messages_begin,
      static_cast<std::size_t>(semak_match_evidence_messages_end - semak_match_evidence_messages_begin));
  take(rest, '\n');  // headings
  while (!rest.empty()) {
    std::string_view line = take(rest, '\n');
    const std::string_view aspect = take(line, ',');
    const std::string_view agreement = take(line, ',');
    const std::string_view malay = take(line, ',');
    SEMAK_CHECK(!malay.empty() && !line.empty() && line.find(',') == std::string_view::npos);
    messages[{aspect, agreement}] = {malay, line};
  }
  return messages;
}

std::string fill(std::string_view sentence, std::string_view subject, std::string_view record) {
  std::string text;
  while (!sentence.empty()) {
    const std::size_t brace = std::min(sentence.find('{'), sentence.size());
    text += sentence.substr(0, brace);
    sentence.remove_prefix(brace);
    if (sentence.empty()) break;
    const std::string_view slot = take(sentence, '}');
    text += slot == "{subject" ? subject : record;
  }
  return text;
}

std::string_view value_text(Aspect aspect, std::string_view value, Language language) {
  if (aspect != Aspect::sex) return value;
  if (value == "M") return language == Language::ms ? "lelaki" : "male";
  if (value == "F") return language == Language::ms ? "perempuan" : "female";
  return value;
}

}  // namespace

std::string weight_text(Bits weight, Language language) {
  double bits = std::round(weight.value() * 10) / 10;
  if (bits == 0) bits = 0;  // no negative nought
  const bool plural = language == Language::en && std::abs(bits) != 1;
  return fmt::format("{:+.1f} {}", bits, plural ? "bits" : "bit");
}

std::string evidence_text(const Evidence& evidence, Language language) {
  static const std::map<Key, Sentences> messages = read_messages();
  const std::string_view subject = value_text(evidence.aspect, evidence.subject_value, language);
  const std::string_view record = value_text(evidence.aspect, evidence.record_value, language);
  const auto found = messages.find({to_string(evidence.aspect), to_string(evidence.agreement)});
  const std::string sentence =
      found != messages.end()
          ? fill(found->second[static_cast<std::size_t>(language)], subject, record)
          : fmt::format("{} {}: {} / {}", to_string(evidence.aspect), to_string(evidence.agreement), subject, record);
  return fmt::format("{} ({})", sentence, weight_text(evidence.weight, language));
}

}  // namespace semak
