// What a requester takes home: what was asked (a salted hash of the subject), when, at which generation and policy, the
// outcome, until when it holds. Signed with Ed25519 and checkable offline. As JSON and as a one-page letter in Malay or
// English with a QR code of the signed content. A no-record receipt says that it is no clearance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/casework/check.h"
#include "engine/keys/key_ring.h"
#include "engine/result.h"

namespace semak {

struct Receipt {
  std::string id;        // of the check
  std::string outcome;   // as a submitter reads it: "no_record", "under_verification", "record", "incomplete"
  std::string reason;    // of incomplete
  std::string standing;  // "", or a StandingState
  std::string purpose, policy_id, tenant, reference;
  std::string commitment;  // hex: hash of salt + subject
  std::uint64_t generation = 0;
  std::int64_t time_ms = 0, valid_until_ms = 0;
  std::uint64_t audit_sequence = 0;
  std::string key_id;
  Signature signature{};
};

// `check.salt` goes to the requester beside the receipt, so that who knows the subject can show whom it is about.
Receipt make_receipt(const Check& check, const KeyRing& keys);
std::string to_json(const Receipt& receipt);  // canonical: sorted keys; one line
Result<Receipt> parse_receipt(std::string_view json);

enum class ReceiptState { good, expired, forged, of_another_subject };
// `subject` and `salt` (may be absent): also whether it is about this person.
ReceiptState verify_receipt(const Receipt& receipt, const PublicKey& key, std::int64_t now_ms,
                            const std::optional<Subject>& subject = {}, std::string_view salt = {});

// A complete HTML page, A4, no outside files. `subject`: printed on it if known (the requester's own data).
std::string receipt_letter(const Receipt& receipt, const std::optional<Subject>& subject, std::string_view language,
                           std::string_view verify_url);

}  // namespace semak
