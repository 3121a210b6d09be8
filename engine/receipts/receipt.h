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
  std::string purpose, policy_id, tenant;
  std::string reference;   // the requester's own; shortened to kReferenceMax bytes so that the QR code stays readable
  std::string commitment;  // hex: hash of salt + subject
  std::uint64_t generation = 0;
  std::int64_t time_ms = 0, valid_until_ms = 0;  // valid_until 0: nothing that could run out (incomplete)
  std::uint64_t audit_sequence = 0;
  std::string key_id;
  Signature signature{};

  static constexpr std::size_t kReferenceMax = 80;
  bool operator==(const Receipt&) const = default;
};

// `check.salt` goes to the requester beside the receipt, so that who knows the subject can show whom it is about.
Receipt make_receipt(const Check& check, const KeyRing& keys);
std::string to_json(const Receipt& receipt);  // canonical: sorted keys; one line
// Errors: invalid_input. Blanks and the order of members do not matter; unknown or missing members do.
Result<Receipt> parse_receipt(std::string_view json);

// What a requester holds: the receipt and, unless it was withheld or erased, the salt.
struct HeldReceipt {
  Receipt receipt;
  std::string salt;
  bool operator==(const HeldReceipt&) const = default;
};

// {"receipt":{...},"salt":"<hex>"}, one line.
std::string to_json(const HeldReceipt& held);
// The same in some 350 characters of a QR code's alphanumeric mode: "SEMAK1:" and base 45 (compact_receipt.cc).
std::string to_qr_text(const HeldReceipt& held);
// Any of: the JSON of a held receipt, an object with a member "receipt" (and "salt" or "receipt_salt"), the JSON of a
// bare receipt, the text of a QR code. Errors: invalid_input.
Result<HeldReceipt> parse_held_receipt(std::string_view text);

enum class ReceiptState { good, expired, forged, of_another_subject };
const char* to_string(ReceiptState state);

// `subject` and `salt` (may be absent): also whether it is about this person. A subject without its salt cannot be
// shown to be this one and is of_another_subject. Forged goes before the others, of_another_subject before expired.
ReceiptState verify_receipt(const Receipt& receipt, const PublicKey& key, std::int64_t now_ms,
                            const std::optional<Subject>& subject = {}, std::string_view salt = {});

// A complete HTML page, A4, no outside files or scripts. `language`: "ms" or "en". `subject`: printed on it if known
// (the requester's own data). `salt`: goes into the QR code, so that a changed name on the paper is found. `verify_url`
// (may be empty): where to verify online. `issuer`: who answers for the letter, its letterhead; empty: Semak.
// `purpose_title`: what the policy calls the purpose in `language`; empty: as the built-in ones do, or its name.
std::string receipt_letter(const Receipt& receipt, const std::optional<Subject>& subject, std::string_view language,
                           std::string_view verify_url, std::string_view salt = {}, std::string_view issuer = {},
                           std::string_view purpose_title = {});

// Hex of BLAKE2b-256 of salt + fingerprint: Check::commitment.
std::string subject_commitment(const Subject& subject, std::string_view salt);

}  // namespace semak
