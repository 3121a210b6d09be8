#include "engine/policies/policy_book.h"

#include <fmt/format.h>
#include <utility>

#include "engine/check.h"

extern const char semak_policies_default_begin[], semak_policies_default_end[];
extern const char semak_policies_employment_with_children_begin[], semak_policies_employment_with_children_end[];
extern const char semak_policies_school_staff_begin[], semak_policies_school_staff_end[];
extern const char semak_policies_oyls_carer_begin[], semak_policies_oyls_carer_end[];
extern const char semak_policies_adoption_foster_begin[], semak_policies_adoption_foster_end[];
extern const char semak_policies_batch_vetting_begin[], semak_policies_batch_vetting_end[];

namespace semak {
namespace {

struct Embedded {
  const char* origin;
  const char* begin;
  const char* end;
};

const Embedded kEmbedded[] = {
    {"default.toml", semak_policies_default_begin, semak_policies_default_end},
    {"employment_with_children.toml", semak_policies_employment_with_children_begin,
     semak_policies_employment_with_children_end},
    {"school_staff.toml", semak_policies_school_staff_begin, semak_policies_school_staff_end},
    {"oyls_carer.toml", semak_policies_oyls_carer_begin, semak_policies_oyls_carer_end},
    {"adoption_foster.toml", semak_policies_adoption_foster_begin, semak_policies_adoption_foster_end},
    {"batch_vetting.toml", semak_policies_batch_vetting_begin, semak_policies_batch_vetting_end},
};

PolicyBook read_built_in() {
  PolicyBook book;
  for (const Embedded& file : kEmbedded) {
    std::string text(file.begin, file.end);
    Result<Policy> policy = parse_policy(text, file.origin);
    SEMAK_CHECK(policy.ok());
    book = book.with(std::move(policy).value(), std::move(text));
  }
  return book;
}

}  // namespace

const PolicyBook& PolicyBook::built_in() {
  static const PolicyBook book = read_built_in();
  return book;
}

PolicyBook PolicyBook::with(Policy policy, std::string toml) const {
  auto entries = std::make_shared<Entries>(*entries_);
  std::string name = policy.name;
  entries->insert_or_assign(std::move(name), Entry{std::move(policy), std::move(toml)});
  PolicyBook book;
  book.entries_ = std::move(entries);
  return book;
}

Result<Policy> PolicyBook::find(std::string_view purpose) const {
  if (const auto found = entries_->find(purpose); found != entries_->end()) return found->second.policy;
  std::string known;
  for (const auto& [name, entry] : *entries_) known += (known.empty() ? "" : ", ") + name;
  return Error{ErrorCode::invalid_input, fmt::format("unknown policy \"{}\"; known are {}", purpose, known)};
}

}  // namespace semak
