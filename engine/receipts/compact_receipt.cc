// The bytes: packed id; a code each for outcome, reason and standing; packed policy, purpose (empty: as the policy is
// named), tenant, reference, commitment; varints generation, time, valid until, audit sequence; packed key id; 64 bytes
// of signature; packed salt. Packed text is a varint (size << 2 | alphabet) and the text in that alphabet's bits.
#include "engine/receipts/compact_receipt.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::string_view kBase45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

// Texts with a code in the compact form; 255: written out. Appended to, never reordered.
constexpr std::string_view kOutcomes[] = {"no_record", "under_verification", "record", "incomplete"};
constexpr std::string_view kReasons[] = {
    "", "too_little_data", "too_vague", "cut_short", "stale_index", "missing_register", "stale_register", "no_consent"};
constexpr std::string_view kStandings[] = {"",        "unknown", "fit",       "not_fit",
                                           "expired", "revoked", "suspended", "pending"};
constexpr std::uint8_t kWrittenOut = 255;

// Alphabets that pack: number of bits a character, and the characters.
struct Alphabet {
  unsigned bits;
  std::string_view characters;
};
constexpr std::array<Alphabet, 3> kAlphabets = {
    {{8, {}}, {4, "0123456789abcdef"}, {5, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"}}};

std::size_t alphabet_of(std::string_view text) {
  for (std::size_t i = 1; i < kAlphabets.size(); ++i)
    if (text.find_first_not_of(kAlphabets[i].characters) == std::string_view::npos) return i;
  return 0;
}

void append_packed(std::string& out, std::string_view text) {
  const std::size_t alphabet = alphabet_of(text);
  append_varint(out, text.size() << 2 | alphabet);
  if (alphabet == 0) {
    out += text;
    return;
  }
  const auto& [bits, characters] = kAlphabets[alphabet];
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char c : text) {
    held = held << bits | static_cast<std::uint32_t>(characters.find(c));
    for (count += bits; count >= 8; count -= 8) out += static_cast<char>(held >> (count - 8));
  }
  if (count > 0) out += static_cast<char>(held << (8 - count));
}

// Takes bytes off the front of what ByteReader leaves.
std::string_view take(ByteReader& reader, std::size_t size) {
  if (size > reader.rest().size()) {
    reader.fail();
    return {};
  }
  const std::string_view bytes = reader.rest().substr(0, size);
  reader = ByteReader(reader.rest().substr(size));
  return bytes;
}

std::string read_packed(ByteReader& reader) {
  const std::uint64_t head = reader.varint();
  const std::size_t alphabet = head & 3, size = head >> 2;
  constexpr std::size_t kSizeMax = 4096;
  if (!reader.ok() || alphabet >= kAlphabets.size() || size > kSizeMax) {
    reader.fail();
    return {};
  }
  const auto& [bits, characters] = kAlphabets[alphabet];
  const std::string_view bytes = take(reader, (size * bits + 7) / 8);
  if (!reader.ok() || alphabet == 0) return std::string(bytes);
  std::string text;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char byte : bytes) {
    held = held << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= bits && text.size() < size; count -= bits)
      text += characters[held >> (count - bits) & ((1U << bits) - 1)];
  }
  return text;
}

void append_code(std::string& out, std::string_view text, std::span<const std::string_view> known) {
  const auto at = std::find(known.begin(), known.end(), text);
  out += at == known.end() ? static_cast<char>(kWrittenOut) : static_cast<char>(at - known.begin());
  if (at == known.end()) append_packed(out, text);
}

std::string read_code(ByteReader& reader, std::span<const std::string_view> known) {
  const std::uint8_t code = reader.byte();
  if (code == kWrittenOut) return read_packed(reader);
  if (code < known.size()) return std::string(known[code]);
  reader.fail();
  return {};
}

std::string_view name_in(std::string_view policy_id) { return policy_id.substr(0, policy_id.find('@')); }

Error not_a_code() { return {ErrorCode::invalid_input, "this is not the text of a receipt's QR code"}; }

}  // namespace

std::string to_base45(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const bool pair = i + 1 < bytes.size();
    unsigned value = static_cast<unsigned char>(bytes[i]);
    if (pair) value = value << 8 | static_cast<unsigned char>(bytes[i + 1]);
    for (int digit = 0; digit < (pair ? 3 : 2); ++digit, value /= 45) out += kBase45[value % 45];
  }
  return out;
}

Result<std::string> from_base45(std::string_view text) {
  if (text.size() % 3 == 1) return not_a_code();
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::string_view group = text.substr(i, 3);
    unsigned value = 0;
    for (std::size_t digit = group.size(); digit-- > 0;) {
      const std::size_t at = kBase45.find(group[digit]);
      if (at == std::string_view::npos) return not_a_code();
      value = value * 45 + static_cast<unsigned>(at);
    }
    if (value > (group.size() == 3 ? 0xffffU : 0xffU)) return not_a_code();
    if (group.size() == 3) out += static_cast<char>(value >> 8);
    out += static_cast<char>(value);
  }
  return out;
}

std::string to_qr_text(const HeldReceipt& held) {
  const Receipt& receipt = held.receipt;
  std::string out;
  append_packed(out, receipt.id);
  append_code(out, receipt.outcome, kOutcomes);
  append_code(out, receipt.reason, kReasons);
  append_code(out, receipt.standing, kStandings);
  append_packed(out, receipt.policy_id);
  append_packed(out, receipt.purpose == name_in(receipt.policy_id) ? "" : receipt.purpose);
  append_packed(out, receipt.tenant);
  append_packed(out, receipt.reference);
  append_packed(out, receipt.commitment);
  append_varint(out, receipt.generation);
  append_varint(out, static_cast<std::uint64_t>(receipt.time_ms));
  append_varint(out, static_cast<std::uint64_t>(receipt.valid_until_ms));
  append_varint(out, receipt.audit_sequence);
  append_packed(out, receipt.key_id);
  out.append(reinterpret_cast<const char*>(receipt.signature.data()), receipt.signature.size());
  append_packed(out, held.salt);
  return std::string(kQrPrefix) + to_base45(out);
}

Result<HeldReceipt> from_qr_text(std::string_view text) {
  if (!text.starts_with(kQrPrefix)) return not_a_code();
  SEMAK_TRY(const std::string bytes, from_base45(text.substr(kQrPrefix.size())));
  ByteReader reader(bytes);
  HeldReceipt held;
  Receipt& receipt = held.receipt;
  receipt.id = read_packed(reader);
  receipt.outcome = read_code(reader, kOutcomes);
  receipt.reason = read_code(reader, kReasons);
  receipt.standing = read_code(reader, kStandings);
  receipt.policy_id = read_packed(reader);
  receipt.purpose = read_packed(reader);
  if (receipt.purpose.empty()) receipt.purpose = name_in(receipt.policy_id);
  receipt.tenant = read_packed(reader);
  receipt.reference = read_packed(reader);
  receipt.commitment = read_packed(reader);
  receipt.generation = reader.varint();
  receipt.time_ms = static_cast<std::int64_t>(reader.varint());
  receipt.valid_until_ms = static_cast<std::int64_t>(reader.varint());
  receipt.audit_sequence = reader.varint();
  receipt.key_id = read_packed(reader);
  const std::string_view signature = take(reader, receipt.signature.size());
  std::copy(signature.begin(), signature.end(), receipt.signature.begin());
  held.salt = read_packed(reader);
  // One receipt has one text: no other spelling of it is taken.
  if (!reader.at_end() || to_qr_text(held) != text) return not_a_code();
  return held;
}

}  // namespace semak
