#include "engine/policies/policy_content.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <vector>

#include "engine/keys/key_ring.h"

namespace semak {
namespace {

constexpr std::size_t kIdBytes = 8;

// Lengths stand before texts, so that no two contents can be spelt alike.
void add(std::string& content, std::string_view key, std::string_view text) {
  content += fmt::format("{} {} {}\n", key, text.size(), text);
}

std::vector<std::string> needs_lines(const Policy& policy) {
  std::vector<std::string> lines;
  for (std::vector<SubjectField> line : policy.needs) {
    std::sort(line.begin(), line.end());
    std::string& text = lines.emplace_back();
    for (const SubjectField field : line) text += fmt::format("{}{}", text.empty() ? "" : "+", to_string(field));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

// A key that is added later goes in only where it differs from its default: the ids of policies that were written
// before stay as they are.
std::string policy_content(const Policy& policy) {
  std::string content = "semak policy 1\n";
  add(content, "name", policy.name);
  add(content, "title.ms", policy.title_ms);
  add(content, "title.en", policy.title_en);
  std::vector<std::string> registers = policy.registers;
  std::sort(registers.begin(), registers.end());
  for (const std::string& name : registers) add(content, "register", name);
  std::vector<RegisterKind> kinds = policy.kinds;
  std::sort(kinds.begin(), kinds.end());
  for (const RegisterKind kind : kinds) add(content, "kind", to_string(kind));
  add(content, "standing", policy.standing ? "true" : "false");
  add(content, "register_days_max", std::to_string(policy.register_days_max));
  for (const std::string& line : needs_lines(policy)) add(content, "needs", line);
  add(content, "consent", policy.consent ? "true" : "false");
  add(content, "top", std::to_string(policy.top));
  add(content, "score_min", std::to_string(policy.score_min.raw));
  add(content, "score_min_with_number", std::to_string(policy.score_min_with_number.raw));
  add(content, "work_max", std::to_string(policy.work_max));
  // The shortest spelling that reads back as the same number.
  add(content, "probability", fmt::format("{}", policy.refer_probability));
  add(content, "base_rate", fmt::format("{}", policy.base_rate));
  add(content, "valid_days", std::to_string(policy.valid_days));
  add(content, "retain_days", std::to_string(policy.retain_days));
  add(content, "case_days", std::to_string(policy.case_days));
  for (const Role role : {Role::submitter, Role::caseworker, Role::registrar, Role::auditor, Role::admin}) {
    add(content, to_string(role), to_string(policy.sees[static_cast<std::size_t>(role)]));
  }
  return content;
}

std::string policy_id(const Policy& policy) {
  const Hash256 hash = hash256(policy_content(policy));
  return policy.name + '@' + hex({reinterpret_cast<const char*>(hash.data()), kIdBytes});
}

}  // namespace semak
