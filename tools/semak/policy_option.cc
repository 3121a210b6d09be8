#include "tools/semak/policy_option.h"

#include <string>

#include "tools/semak/policy_file.h"

namespace semak {
namespace {

Result<Policy> named_policy(const std::string& name, const PolicyBook& book) {
  if (name.ends_with(".toml")) {
    SEMAK_TRY(PolicyFile file, read_policy_file(name));
    return std::move(file.policy);
  }
  return book.find(name);
}

}  // namespace

Result<Policy> policy_option(const Arguments& arguments, const PolicyBook& book) {
  SEMAK_TRY(Policy policy, named_policy(arguments.text("policy", "default"), book));
  SEMAK_TRY(const std::uint64_t top, arguments.number("top", static_cast<std::uint64_t>(policy.top), 1, 1000));
  SEMAK_TRY(const double min_bits, arguments.decimal("min-bits", policy.score_min.value(), -1000, 1000));
  policy.top = static_cast<int>(top);
  if (arguments.has("min-bits")) policy.score_min = policy.score_min_with_number = Bits::from(min_bits);
  return policy;
}

void ask_only(Policy& policy, const World& world, const std::string& name) {
  const auto found = world.registers.find(name);
  if (found == world.registers.end()) return;
  policy.registers = {name};
  policy.kinds.clear();
  policy.standing &= found->second.info.kind == RegisterKind::oyls;
}

}  // namespace semak
