#include "engine/receipts/compact_receipt.h"

#include <random>

#include "tests/engine/receipts/sample_receipt.h"

namespace semak {

TEST_CASE("Base 45 writes the examples of RFC 9285") {
  CHECK(to_base45("AB") == "BB8");
  CHECK(to_base45("Hello!!") == "%69 VD92EX0");
  CHECK(to_base45("base-45") == "UJCLQE7W581");
  CHECK(from_base45("QED8WEX0").value() == "ietf!");
}

TEST_CASE("Base 45 refuses what no bytes are written as") {
  for (const char* text : {"GGW", ":::", "A", "ABCD", "abc", "::", "B!8"}) CHECK_FALSE(from_base45(text).ok());
}

TEST_CASE("Any bytes read back from base 45") {
  std::mt19937 random(45);
  for (int round = 0; round < 300; ++round) {
    std::string bytes(random() % 40, ' ');
    for (char& byte : bytes) byte = static_cast<char>(random());
    CHECK(from_base45(to_base45(bytes)).value() == bytes);
  }
}

TEST_CASE("Any receipt reads back from the text of its QR code") {
  std::mt19937 random(7);
  const auto text = [&](std::string_view alphabet) {
    std::string out(random() % 30, ' ');
    for (char& c : out) c = alphabet[random() % alphabet.size()];
    return out;
  };
  constexpr std::string_view kHex = "0123456789abcdef", kId = "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
                             kAny = "azAZ09 @/|\"<\xc3\xa9";
  for (int round = 0; round < 500; ++round) {
    HeldReceipt held;
    Receipt& receipt = held.receipt;
    receipt.id = text(kId);
    receipt.outcome = round % 3 == 0 ? text(kAny) : "no_record";
    receipt.reason = round % 4 == 0 ? "too_vague" : text(kHex);
    receipt.standing = round % 2 == 0 ? "fit" : text(kAny);
    receipt.purpose = "p" + text(kAny);
    receipt.policy_id = round % 2 == 0 ? receipt.purpose + "@" + text(kHex) : text(kAny);
    receipt.tenant = text(kAny);
    receipt.reference = text(kAny);
    receipt.commitment = text(kHex);
    receipt.generation = random();
    receipt.time_ms = random();
    receipt.valid_until_ms = random();
    receipt.audit_sequence = random();
    receipt.key_id = text(kHex);
    for (auto& byte : receipt.signature) byte = static_cast<std::uint8_t>(random());
    held.salt = text(kAny);
    const auto read = from_qr_text(to_qr_text(held));
    REQUIRE(read.ok());
    CHECK(*read == held);
  }
}

TEST_CASE("The text of a QR code is short enough to be printed readably") {
  const SampleKeys keys;
  Check check = sample_check(Outcome::no_record);
  check.salt.assign(32, 's');
  check.actor.tenant = "jabatan-kebajikan-masyarakat";
  CHECK(to_qr_text({make_receipt(check, *keys.ring), check.salt}).size() < 500);
  check.request.subject.reference.assign(500, 'r');
  CHECK(to_qr_text({make_receipt(check, *keys.ring), check.salt}).size() < 600);
}

}  // namespace semak
