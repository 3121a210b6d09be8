// A check of an invented person, and what receipts are made with.
#pragma once

#include <string>

#include "engine/casework/check.h"
#include "engine/receipts/receipt.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {

inline Subject sample_subject() {
  Subject subject;
  subject.names = {{NameType::registered, "Siti Aminah binti Hassan"}};
  subject.numbers = {{NumberKind::mykad, "850311-03-5228", "", "", ""}};
  subject.dob = {1985, 3, 11};
  subject.sex = Sex::female;
  subject.purpose = "school_staff";
  subject.reference = "HR-17/2026";
  subject.consent = true;
  return subject;
}

// 2026-11-20 03:00 UTC; 11 in the morning in Malaysia.
inline constexpr std::int64_t kSampleTime = 1'795'143'600'000;

inline Check sample_check(Outcome outcome) {
  Check check;
  check.id = "01KAVH9B7M4T2XQ8Z6N3RDCFGW";
  check.actor = {"key-7", "sk-seri-mawar", Role::submitter};
  check.time_ms = kSampleTime;
  check.policy_id = "school_staff@6f1c2ab39d80e417";
  check.request.subject = sample_subject();
  check.answer.generation.value = 412;
  check.outcome = check.answer.outcome = outcome;
  if (outcome == Outcome::incomplete) check.answer.reason = IncompleteReason::too_vague;
  if (outcome != Outcome::incomplete) check.valid_until_ms = kSampleTime + std::int64_t{30} * 86'400'000;
  check.salt = std::string("\x01salt of sixteen", 16);
  check.commitment = subject_commitment(check.request.subject, check.salt);
  check.audit_sequence = 90'211;
  return check;
}

struct SampleKeys {
  SampleKeys() : ring(std::move(KeyRing::create(folder / "semak.key", {})).value()) {}
  TemporaryFolder folder;
  std::unique_ptr<KeyRing> ring;
};

}  // namespace semak
