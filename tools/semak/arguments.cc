#include "tools/semak/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/check.h"
#include "tools/semak/nearest_word.h"

namespace semak {
namespace {

Error wrong(std::string message) { return Error{ErrorCode::invalid_input, std::move(message)}; }

const Option* find(const Verb& verb, std::string_view name) {
  const auto found =
      std::find_if(verb.options.begin(), verb.options.end(), [&](const Option& o) { return o.name == name; });
  return found == verb.options.end() ? nullptr : &*found;
}

// ". Did you mean --register?", or nothing.
std::string suggestion(const Verb& verb, std::string_view typed) {
  std::vector<std::string_view> names = {"help", "lang"};
  for (const Option& option : verb.options) names.push_back(option.name);
  const std::string_view meant = nearest_word(typed, names);
  return meant.empty() ? "" : ". " + say(Say::did_you_mean, fmt::format("--{}", meant));
}

}  // namespace

Result<Arguments> Arguments::parse(const Verb& verb, std::span<const char* const> words) {
  Arguments arguments;
  arguments.verb_ = verb.name;
  bool only_positional = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (only_positional || !word.starts_with("-") || word == "-") {
      arguments.positional_.emplace_back(word);
      continue;
    }
    if (word == "--") {
      only_positional = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name =
        word.starts_with("--") ? word.substr(2, equals == word.npos ? word.npos : equals - 2) : "";
    const Option* option = find(verb, name);
    if (!option) return wrong(say(Say::unknown_option, word, verb.name) + suggestion(verb, name));
    if (arguments.has(name)) return wrong(say(Say::option_twice, name));
    std::string value;
    if (equals != word.npos) {
      if (option->value.empty()) return wrong(say(Say::option_without_value, name));
      value = word.substr(equals + 1);
    } else if (!option->value.empty()) {
      if (i + 1 == words.size()) return wrong(say(Say::option_needs_value, name, option->value));
      value = words[++i];
    }
    arguments.values_.emplace(name, std::move(value));
  }
  for (const Option& option : verb.options)
    if (option.required && arguments.text(option.name).empty())
      return wrong(say(Say::option_missing, option.name, option.value));
  if (verb.positional.empty() && !arguments.positional_.empty())
    return wrong(say(Say::unexpected_word, arguments.positional_.front(), verb.name));
  return arguments;
}

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second;
}

Result<std::uint64_t> Arguments::number(std::string_view name, std::uint64_t otherwise, std::uint64_t lowest,
                                        std::uint64_t highest) const {
  if (!has(name)) return otherwise;
  std::string digits = text(name);
  std::erase_if(digits, [](char c) { return c == '_' || c == ','; });
  std::uint64_t unit = 1;
  if (!digits.empty() && (digits.back() == 'k' || digits.back() == 'K')) unit = 1000;
  if (!digits.empty() && digits.back() == 'M') unit = 1'000'000;
  if (unit > 1) digits.pop_back();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool good = error == std::errc() && end == digits.data() + digits.size() && !digits.empty();
  if (!good || value > highest / unit || value * unit < lowest)
    return wrong(say(Say::not_a_number, name, text(name), lowest, highest));
  return value * unit;
}

Result<double> Arguments::decimal(std::string_view name, double otherwise, double lowest, double highest) const {
  if (!has(name)) return otherwise;
  const std::string word = text(name);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !(value >= lowest && value <= highest))
    return wrong(say(Say::not_a_number, name, word, lowest, highest));
  return value;
}

Result<std::string> Arguments::choice(std::string_view name, std::span<const std::string_view> choices) const {
  SEMAK_CHECK(!choices.empty());
  const std::string word = text(name, choices.front());
  std::string list;
  for (const std::string_view one : choices) {
    if (one == word) return word;
    if (!list.empty()) list += ", ";
    list += one;
  }
  return wrong(say(Say::not_a_choice, name, word, list));
}

std::string help_of(const Verb& verb) {
  std::string usage = fmt::format("semak {}", verb.name), details;
  std::size_t widest = std::string_view("--lang en|ms").size();
  auto spelled = [](const Option& option) {
    return fmt::format("--{}{}{}", option.name, option.value.empty() ? "" : " ", option.value);
  };
  for (const Option& option : verb.options) widest = std::max(widest, spelled(option).size());
  for (const Option& option : verb.options) {
    usage += option.required ? fmt::format(" {}", spelled(option)) : fmt::format(" [{}]", spelled(option));
    details += fmt::format("  {:<{}}  {}\n", spelled(option), widest, say(option.help));
  }
  details += fmt::format("  {:<{}}  {}\n", "--lang en|ms", widest, say(Say::option_lang));
  if (!verb.positional.empty()) usage += fmt::format(" {}", verb.positional);
  // Folded at 100 columns between options.
  std::string folded;
  std::size_t column = 0;
  for (std::size_t at = 0; at < usage.size();) {
    std::size_t next = std::min(usage.find(" [--", at + 1), usage.find(" --", at + 1));
    if (next == std::string::npos) next = usage.size();
    if (column > 0 && column + (next - at) > 100) {
      folded += "\n     ";
      column = 5;
    }
    folded.append(usage, at, next - at);
    column += next - at;
    at = next;
  }
  return fmt::format("{}\n\n{}\n  {}\n\n{}\n{}\n{}\n  {}\n", say(verb.summary), say(Say::help_usage), folded,
                     say(Say::help_options), details, say(Say::help_example), verb.example);
}

}  // namespace semak
