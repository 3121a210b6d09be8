// The words after a verb, checked against what the verb knows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "tools/semak/messages.h"

namespace semak {

struct Option {
  std::string_view name;   // "db" for --db
  std::string_view value;  // "DIR"; empty: a switch
  Say help;
  bool required = false;
};

struct Verb {
  std::string_view name;
  Say summary;
  std::span<const Option> options;
  std::string_view positional;  // "FILE..."; empty: none allowed
  std::string_view example;
  int (*run)(const class Arguments&);
};

class Arguments {
 public:
  // --name VALUE and --name=VALUE; "--" ends options. Errors: invalid_input, ready to print.
  static Result<Arguments> parse(const Verb& verb, std::span<const char* const> words);

  bool has(std::string_view name) const { return values_.contains(name); }
  std::string text(std::string_view name, std::string_view otherwise = "") const;
  // Whole number in lowest..highest; "10_000", "10,000", "10k" and "2M" are understood.
  Result<std::uint64_t> number(std::string_view name, std::uint64_t otherwise, std::uint64_t lowest,
                               std::uint64_t highest) const;
  Result<double> decimal(std::string_view name, double otherwise, double lowest, double highest) const;
  // One of `choices`, else an error that lists them.
  Result<std::string> choice(std::string_view name, std::span<const std::string_view> choices) const;
  const std::vector<std::string>& positional() const { return positional_; }
  std::string_view verb() const { return verb_; }

 private:
  std::string_view verb_;
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> positional_;
};

std::string help_of(const Verb& verb);

}  // namespace semak
