// Policies as people write them: one TOML file a purpose. The ones that come with Semak are compiled in
// (engine/policies/*.toml); an agency adds its own. A policy's id is the hash of its content, so an answer's policy can
// always be shown as it was.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy.h"
#include "engine/result.h"

namespace semak {

// `origin`: what to call the text in messages, e.g. its file name. Errors: invalid_input, naming line, key and cure;
// unknown keys are refused.
Result<Policy> parse_policy(std::string_view toml, std::string_view origin);

// The policies in force, by name. Immutable: a change makes a new book.
class PolicyBook {
 public:
  static const PolicyBook& built_in();

  // A book with `policy` in force under its name.
  PolicyBook with(Policy policy, std::string toml) const;
  // Errors: invalid_input, naming the purposes there are.
  Result<Policy> find(std::string_view purpose) const;
  struct Entry {
    Policy policy;
    std::string toml;  // as written
  };
  const std::map<std::string, Entry, std::less<>>& all() const { return entries_; }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace semak
