#include "tools/words/translation.h"

#include <optional>
#include <vector>

namespace semak {
namespace {

constexpr Translation kTranslations[] = {
#define SEMAK_TRANSLATION(english, malay) {english, malay},
#include "tools/words/translations.inc"
#undef SEMAK_TRANSLATION
};

constexpr std::string_view kBlank = "{}";
constexpr int kNested = 4;  // messages in messages

constexpr int blanks(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) count += text.substr(i, 2) == kBlank;
  return count;
}

constexpr bool complete() {
  for (const Translation& one : kTranslations)
    if (one.malay.empty() || blanks(one.english) == 0 ? one.malay.empty() : blanks(one.english) != blanks(one.malay))
      return false;
  return true;
}
static_assert(complete(), "a translation is missing, or has other blanks than its text");

// What stands for the blanks of `pattern` in `text`, each as short as can be; nothing if it does not fit.
std::optional<std::vector<std::string_view>> fit(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> values;
  std::size_t blank = pattern.find(kBlank);
  if (!text.starts_with(pattern.substr(0, blank))) return std::nullopt;
  text.remove_prefix(pattern.substr(0, blank).size());
  while (blank != std::string_view::npos) {
    pattern.remove_prefix(blank + kBlank.size());
    blank = pattern.find(kBlank);
    const std::string_view literal = pattern.substr(0, blank);
    const bool last = blank == std::string_view::npos;
    if (last && !text.ends_with(literal)) return std::nullopt;
    const std::size_t end = last ? text.size() - literal.size() : text.find(literal);
    if (end == std::string_view::npos) return std::nullopt;
    values.push_back(text.substr(0, end));
    text.remove_prefix(end + literal.size());
  }
  return text.empty() ? std::optional(std::move(values)) : std::nullopt;
}

std::string filled(std::string_view pattern, const std::vector<std::string>& values) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = pattern.find(kBlank); at != std::string_view::npos; at = pattern.find(kBlank)) {
    out.append(pattern.substr(0, at)).append(values[next++]);
    pattern.remove_prefix(at + kBlank.size());
  }
  return out.append(pattern);
}

std::optional<std::string> translated(std::string_view english, int nested) {
  if (nested == 0) return std::nullopt;
  for (const Translation& one : kTranslations) {
    const auto found = fit(one.english, english);
    if (!found) continue;
    std::vector<std::string> values;
    for (const std::string_view value : *found) {
      values.push_back(translated(value, nested - 1).value_or(std::string(value)));
    }
    return filled(one.malay, values);
  }
  // "a: b" and "a; b" of messages that are known.
  for (const std::string_view between : {"; ", ": "}) {
    for (std::size_t at = english.find(between); at != std::string_view::npos; at = english.find(between, at + 1)) {
      const auto front = translated(english.substr(0, at), nested - 1);
      const auto back = translated(english.substr(at + between.size()), nested - 1);
      if (!front && !back) continue;
      return front.value_or(std::string(english.substr(0, at))) + std::string(between) +
             back.value_or(std::string(english.substr(at + between.size())));
    }
  }
  return std::nullopt;
}

}  // namespace

std::span<const Translation> translations() { return kTranslations; }

std::string in_malay(std::string_view english) { return translated(english, kNested).value_or(std::string(english)); }

}  // namespace semak
