#include "engine/receipts/receipt.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "engine/casework/casework.h"
#include "engine/receipts/compact_receipt.h"
#include "engine/receipts/doubled_member.h"

namespace semak {
namespace {

constexpr std::int64_t kVersion = 1;  // of the signed content

// Length of the well-formed UTF-8 character at the front of `text`, 0 if there is none.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool beyond = first == 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : size;
}

// What is signed must be read again as it was: bytes that are no UTF-8 become '?', and what is too long ends in "...".
std::string signable(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view kCut = "...";
  std::string out;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    out += size == 0 ? "?" : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  if (out.size() <= bytes_max) return out;
  std::size_t end = bytes_max - kCut.size();
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
  return out.substr(0, end) + std::string(kCut);
}

std::string_view as_submitter_reads(Outcome outcome) {
  return outcome == Outcome::refer ? "under_verification" : to_string(outcome);
}

// The members in the order of their names, with the signature or, for signing, without.
std::string canonical(const Receipt& receipt, bool signed_too) {
  std::string out = "{";
  const auto member = [&out](std::string_view name, const std::string& value) {
    if (out.size() > 1) out += ',';
    out.append("\"").append(name).append("\":").append(value);
  };
  const auto text = [&member](std::string_view name, std::string_view value) {
    member(name, boost::json::serialize(boost::json::string_view(value.data(), value.size())));
  };
  member("audit_sequence", std::to_string(receipt.audit_sequence));
  text("commitment", receipt.commitment);
  member("generation", std::to_string(receipt.generation));
  text("id", receipt.id);
  text("key_id", receipt.key_id);
  text("outcome", receipt.outcome);
  text("policy_id", receipt.policy_id);
  text("purpose", receipt.purpose);
  text("reason", receipt.reason);
  text("reference", receipt.reference);
  if (signed_too) {
    const auto* bytes = reinterpret_cast<const char*>(receipt.signature.data());
    text("signature", hex({bytes, receipt.signature.size()}));
  }
  text("standing", receipt.standing);
  text("tenant", receipt.tenant);
  member("time_ms", std::to_string(receipt.time_ms));
  member("valid_until_ms", std::to_string(receipt.valid_until_ms));
  member("version", std::to_string(kVersion));
  return out + "}";
}

Error not_a_receipt(std::string_view why) {
  return {ErrorCode::invalid_input, fmt::format("this is no receipt of Semak: {}", why)};
}

// Takes the members of a receipt out of a JSON object; each must be there once, and nothing else.
class MemberReader {
 public:
  explicit MemberReader(const boost::json::object& object) : object_(object) {}

  void read(const char* name, std::string& text) {
    if (const auto* value = take(name, boost::json::kind::string)) text = std::string(value->get_string());
  }
  template <class Integer>
  void read(const char* name, Integer& number) {
    const auto* value = object_.if_contains(name);
    boost::system::error_code failed;
    if (value == nullptr || value->is_double()) return fail(name);
    number = value->to_number<Integer>(failed);
    if (failed) return fail(name);
    ++read_;
  }
  Status done() const {
    if (!missing_.empty()) return not_a_receipt(fmt::format("its \"{}\" is missing or not what it must be", missing_));
    if (read_ != object_.size()) return not_a_receipt("it has members that no receipt has");
    return {};
  }
  void fail(const char* name) {
    if (missing_.empty()) missing_ = name;
  }

 private:
  const boost::json::value* take(const char* name, boost::json::kind kind) {
    const auto* value = object_.if_contains(name);
    if (value == nullptr || value->kind() != kind) {
      fail(name);
      return nullptr;
    }
    ++read_;
    return value;
  }

  const boost::json::object& object_;
  std::size_t read_ = 0;
  std::string missing_;
};

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos && text.size() % 2 == 0;
}

Result<Receipt> receipt_from(const boost::json::object& object) {
  Receipt receipt;
  std::int64_t version = 0;
  std::string signature;
  MemberReader reader(object);
  reader.read("audit_sequence", receipt.audit_sequence);
  reader.read("commitment", receipt.commitment);
  reader.read("generation", receipt.generation);
  reader.read("id", receipt.id);
  reader.read("key_id", receipt.key_id);
  reader.read("outcome", receipt.outcome);
  reader.read("policy_id", receipt.policy_id);
  reader.read("purpose", receipt.purpose);
  reader.read("reason", receipt.reason);
  reader.read("reference", receipt.reference);
  reader.read("signature", signature);
  reader.read("standing", receipt.standing);
  reader.read("tenant", receipt.tenant);
  reader.read("time_ms", receipt.time_ms);
  reader.read("valid_until_ms", receipt.valid_until_ms);
  reader.read("version", version);
  const auto bytes = is_lower_hex(signature) ? from_hex(signature) : std::nullopt;
  if (!bytes || bytes->size() != receipt.signature.size()) reader.fail("signature");
  SEMAK_TRY_STATUS(reader.done());
  if (version != kVersion) return not_a_receipt(fmt::format("version {} is not known here", version));
  std::copy(bytes->begin(), bytes->end(), receipt.signature.begin());
  return receipt;
}

Result<boost::json::object> object_from(std::string_view json) {
  constexpr std::size_t kBytesMax = std::size_t{1} << 20;
  if (json.size() > kBytesMax) return not_a_receipt("it is far too long");
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse(boost::json::string_view(json.data(), json.size()), failed);
  if (failed) return not_a_receipt(fmt::format("not JSON ({})", failed.message()));
  if (!value.is_object()) return not_a_receipt("not a JSON object");
  if (const auto twice = doubled_member(json)) return not_a_receipt(fmt::format("it says \"{}\" twice", *twice));
  return std::move(value.get_object());
}

}  // namespace

std::string subject_commitment(const Subject& subject, std::string_view salt) {
  const Hash256 hash = hash256(std::string(salt) + subject_fingerprint(subject));
  return hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Receipt make_receipt(const Check& check, const KeyRing& keys) {
  constexpr std::size_t kNameMax = 64;
  const Subject& subject = check.request.subject;
  Receipt receipt;
  receipt.id = check.id;
  receipt.outcome = as_submitter_reads(check.outcome);
  if (check.outcome == Outcome::incomplete) receipt.reason = to_string(check.answer.reason);
  if (check.answer.standing) receipt.standing = to_string(check.answer.standing->state);
  // The subject may have been erased, its purpose with it; the policy bears the purpose's name.
  const std::string_view purpose = subject.purpose.empty()
                                       ? std::string_view(check.policy_id).substr(0, check.policy_id.find('@'))
                                       : subject.purpose;
  receipt.purpose = signable(purpose, kNameMax);
  receipt.policy_id = signable(check.policy_id, 2 * kNameMax);
  receipt.tenant = signable(check.actor.tenant, kNameMax);
  receipt.reference = signable(subject.reference, Receipt::kReferenceMax);
  receipt.commitment = check.commitment;
  receipt.generation = check.answer.generation.value;
  receipt.time_ms = check.time_ms;
  receipt.valid_until_ms = check.outcome == Outcome::incomplete ? 0 : check.valid_until_ms;
  receipt.audit_sequence = check.audit_sequence;
  receipt.key_id = keys.id();
  receipt.signature = keys.sign(canonical(receipt, false));
  return receipt;
}

std::string to_json(const Receipt& receipt) { return canonical(receipt, true); }

Result<Receipt> parse_receipt(std::string_view json) {
  SEMAK_TRY(const boost::json::object object, object_from(json));
  return receipt_from(object);
}

std::string to_json(const HeldReceipt& held) {
  return fmt::format(R"({{"receipt":{},"salt":"{}"}})", to_json(held.receipt), hex(held.salt));
}

Result<HeldReceipt> parse_held_receipt(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return not_a_receipt("it is empty");
  text = text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
  if (!text.starts_with('{')) return from_qr_text(text);
  SEMAK_TRY(const boost::json::object object, object_from(text));
  const auto* inner = object.if_contains("receipt");
  HeldReceipt held;
  if (inner == nullptr || !inner->is_object()) {
    SEMAK_TRY(held.receipt, receipt_from(object));
    return held;
  }
  SEMAK_TRY(held.receipt, receipt_from(inner->get_object()));
  const auto* salt = object.if_contains("salt");
  if (salt == nullptr) salt = object.if_contains("receipt_salt");  // as the answer of a check names it
  if (salt != nullptr && salt->is_string()) {
    const auto bytes = from_hex(std::string_view(salt->get_string()));
    if (!bytes) return not_a_receipt("its salt is not hex");
    held.salt = *bytes;
  }
  return held;
}

ReceiptState verify_receipt(const Receipt& receipt, const PublicKey& key, std::int64_t now_ms,
                            const std::optional<Subject>& subject, std::string_view salt) {
  if (!signature_is_good(canonical(receipt, false), receipt.signature, key)) return ReceiptState::forged;
  if (subject && (salt.empty() || subject_commitment(*subject, salt) != receipt.commitment))
    return ReceiptState::of_another_subject;
  return receipt.valid_until_ms != 0 && now_ms > receipt.valid_until_ms ? ReceiptState::expired : ReceiptState::good;
}

const char* to_string(ReceiptState state) {
  switch (state) {
    case ReceiptState::good: return "good";
    case ReceiptState::expired: return "expired";
    case ReceiptState::forged: return "forged";
    case ReceiptState::of_another_subject: return "of_another_subject";
  }
  return "forged";
}

}  // namespace semak
