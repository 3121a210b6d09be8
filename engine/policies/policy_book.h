// Policies as people write them: one TOML file a purpose. The ones that come with Semak are compiled in
// (engine/policies/*.toml); an agency adds its own. A policy's id is the hash of its content, so an answer's policy can
// always be shown as it was. The keys of a file, with what each one is if it is left out:
//
//   name = "school_staff"              # the purpose that asks for it: a to z, 0 to 9 and _; required
//   title = { ms = "...", en = "..." } # as letters and screens call it; required
//
//   [asks]
//   registers = ["jkm"]                # by name; []
//   kinds = ["offender", "oyls"]       # all registers of the kind; []. Both empty: all but reference ones
//   standing = false                   # say what the oyls registers say of the subject's standing
//   register_days_max = 0              # days since a register's newest load before it is stale; 0: any. Changes of
//                                      # single records do not count; semak load --complete does
//
//   [subject]
//   needs = [["name", "id_number"], ["name", "birth_date"]]  # one whole line of fields; []: anything searchable.
//                                      # name, id_number, birth_date (to the day), birth_year, sex, child
//   consent = false                    # the requester must say that the subject consented
//
//   [search]
//   top = 5                            # hits of each register
//   score_min = -8.0                   # bits: floor of the look-up
//   score_min_with_number = 0.0        # bits: the same for a subject with an identity number
//   work_max = 8000000                 # postings examined before a look-up counts as too vague
//
//   [referral]
//   probability = 0.01                 # 0 to 1: a hit at least this likely must be looked at by a person
//   base_rate = 0.0002                 # 0 to 1: share of the subjects expected to be in a register
//
//   [keeping]
//   valid_days = 30                    # days that an answer holds
//   retain_days = 365                  # days that the subject's data are kept
//   case_days = 5                      # days in which a referral should be decided
//
//   [sees]                             # nothing, outcome, comparison (hits with evidence) or record
//   submitter = "outcome"              # never more: an employer learns whether, not what
//   caseworker = "comparison"          # never less: nobody decides about what they cannot see
//   registrar = "record"
//   auditor = "nothing"
//   admin = "nothing"
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/policy.h"
#include "engine/result.h"

namespace semak {

// `origin`: what to call the text in messages, e.g. its file name. The id comes from the values in force
// (policy_content.h): comments, order, blanks and keys that say what holds anyway do not change it; a title does.
// Errors: invalid_input, naming line, key and cure; unknown keys, wrong types, values out of range and values that
// contradict each other are refused.
Result<Policy> parse_policy(std::string_view toml, std::string_view origin);

// The policies in force, by name. Immutable: a change makes a new book. A copy costs nothing: it shares the contents.
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
  const std::map<std::string, Entry, std::less<>>& all() const { return *entries_; }

 private:
  using Entries = std::map<std::string, Entry, std::less<>>;
  std::shared_ptr<const Entries> entries_ = std::make_shared<const Entries>();
};

}  // namespace semak
