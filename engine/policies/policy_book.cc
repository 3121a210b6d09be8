#include "engine/policies/policy_book.h"

#include <fmt/format.h>
#include <utility>

#include "engine/check.h"

#define SEMAK_BUILT_IN(stem)                         \
  extern const char semak_policies_##stem##_begin[]; \
  extern const char semak_policies_##stem##_end[];
SEMAK_BUILT_IN(default)
SEMAK_BUILT_IN(employment_with_children)
SEMAK_BUILT_IN(school_staff)
SEMAK_BUILT_IN(oyls_carer)
SEMAK_BUILT_IN(adoption_foster)
SEMAK_BUILT_IN(batch_vetting)
#undef SEMAK_BUILT_IN

namespace semak {
namespace {

struct Embedded {
  const char* origin;
  const char* begin;
  const char* end;
};

#define SEMAK_BUILT_IN(stem) {#stem ".toml", semak_policies_##stem##_begin, semak_policies_##stem##_end}
const Embedded kEmbedded[] = {SEMAK_BUILT_IN(default),         SEMAK_BUILT_IN(employment_with_children),
                              SEMAK_BUILT_IN(school_staff),    SEMAK_BUILT_IN(oyls_carer),
                              SEMAK_BUILT_IN(adoption_foster), SEMAK_BUILT_IN(batch_vetting)};
#undef SEMAK_BUILT_IN

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
  PolicyBook book = *this;
  std::string name = policy.name;
  book.entries_.insert_or_assign(std::move(name), Entry{std::move(policy), std::move(toml)});
  return book;
}

Result<Policy> PolicyBook::find(std::string_view purpose) const {
  if (const auto found = entries_.find(purpose); found != entries_.end()) return found->second.policy;
  std::string known;
  for (const auto& [name, entry] : entries_) known += (known.empty() ? "" : ", ") + name;
  return Error{ErrorCode::invalid_input, fmt::format("unknown policy \"{}\"; known are {}", purpose, known)};
}

}  // namespace semak
