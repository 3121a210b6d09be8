// semak: the command line. Finds the verb, hands it its words.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "tools/semak/nearest_word.h"
#include "tools/semak/session.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

Language language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value) return language_of_locale(value);
  return Language::english;
}

// Takes --lang X and --lang=X out of the words wherever they stand.
Status take_language(std::vector<const char*>& words) {
  for (std::size_t i = 0; i < words.size() && std::string_view(words[i]) != "--"; ++i) {
    std::string_view word = words[i];
    if (word != "--lang" && !word.starts_with("--lang=")) continue;
    const bool apart = word == "--lang";
    const std::string value = !apart ? std::string(word.substr(7)) : i + 1 < words.size() ? words[i + 1] : "";
    if (value != "en" && value != "ms") return Error{ErrorCode::invalid_input, say(Say::unknown_language, value)};
    set_language(value == "ms" ? Language::malay : Language::english);
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
    words.erase(first, first + (apart ? 2 : 1));
    --i;
  }
  return {};
}

std::string overview() {
  std::string text =
      say(Say::program_summary) + "\n\n" + say(Say::program_usage) + "\n\n" + say(Say::program_verbs) + "\n";
  for (const Verb* verb : all_verbs()) {
    const std::string summary = say(verb->summary);
    text += fmt::format("  {:<14} {}\n", verb->name, summary.substr(0, summary.find('\n')));
  }
  return text + "\n" + say(Say::program_more) + "\n";
}

// Registers hold personal data too: whoever is not of the database's group has no business in it.
void keep_out_others() { ::umask(::umask(077) | 007); }

int run(std::vector<const char*> words) {
  keep_out_others();
  set_language(language_of_environment());
  if (Status status = take_language(words); !status) {
    const int wrong = fail(status.error());
    std::fprintf(stderr, "%s\n", say(Say::see_overview).c_str());
    return wrong;
  }
  install_signal_handlers();
  const std::string_view first = words.empty() ? "" : words.front();
  if (first == "--version") return print("semak " SEMAK_VERSION "\n"), kDone;
  if (first.empty() || first == "--help" || first == "-h" || first == "help") {
    print(overview());
    return first.empty() ? kWrongUse : kDone;
  }
  std::string names;
  std::vector<std::string_view> known;
  for (const Verb* verb : all_verbs()) {
    if (verb->name == first) {
      words.erase(words.begin());
      const bool help =
          std::any_of(words.begin(), words.end(), [](std::string_view w) { return w == "--help" || w == "-h"; });
      if (help) return print(help_of(*verb)), kDone;
      auto arguments = Arguments::parse(*verb, words);
      if (!arguments) {
        fail(arguments.error());
        std::fprintf(stderr, "%s\n", say(Say::see_help, verb->name).c_str());
        return kWrongUse;
      }
      return verb->run(*arguments);
    }
    if (!names.empty()) names += ", ";
    names += verb->name;
    known.push_back(verb->name);
  }
  fail(Error{ErrorCode::invalid_input, say(Say::unknown_verb, first, names)});
  const std::string_view meant = nearest_word(first, known);
  if (!meant.empty()) std::fprintf(stderr, "%s\n", say(Say::did_you_mean, fmt::format("semak {}", meant)).c_str());
  std::fprintf(stderr, "%s\n", say(Say::see_overview).c_str());
  return kWrongUse;
}

}  // namespace
}  // namespace semak

int main(int count, char** words) { return semak::run({words + 1, words + count}); }
