#include "tools/semak/policies.h"

#include "tools/semak/messages.h"

namespace semak {
namespace {

// name, hits of each register, probability from which a hit is referred, share of subjects expected in a register.
struct Named {
  std::string_view name;
  int top;
  double refer_probability;
  double base_rate;
};
constexpr Named kPolicies[] = {
    {"default", 5, 0.01, 1.0 / 5000},
    // People who will live with or look after a child: refer sooner, show more.
    {"carer", 10, 0.003, 1.0 / 3000},
    // Staff and volunteers of schools, nurseries, transport.
    {"school_staff", 5, 0.01, 1.0 / 5000},
    // Bulk checks of whole work forces: refer what a person is likely to confirm.
    {"workforce", 3, 0.05, 1.0 / 10000},
};

}  // namespace

Result<Policy> find_policy(std::string_view name) {
  std::string names;
  for (const Named& named : kPolicies) {
    if (named.name == name) {
      Policy policy;
      policy.name = named.name;
      policy.top = named.top;
      policy.refer_probability = named.refer_probability;
      policy.base_rate = named.base_rate;
      return policy;
    }
    if (!names.empty()) names += ", ";
    names += named.name;
  }
  return Error{ErrorCode::invalid_input, say(Say::unknown_policy, name, names)};
}

}  // namespace semak
