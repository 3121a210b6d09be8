#include "engine/receipts/receipt.h"

#include <set>

#include "tests/engine/receipts/sample_receipt.h"

namespace semak {
namespace {

constexpr std::int64_t kDay = 86'400'000;

ReceiptState state_of(const HeldReceipt& held, const KeyRing& keys) {
  return verify_receipt(held.receipt, keys.public_key(), kSampleTime, sample_subject(), held.salt);
}

}  // namespace

TEST_CASE("A receipt says what the check answered as a submitter reads it") {
  const SampleKeys keys;
  const Receipt receipt = make_receipt(sample_check(Outcome::refer), *keys.ring);
  CHECK(receipt.outcome == "under_verification");
  CHECK(receipt.purpose == "school_staff");
  CHECK(receipt.reference == "HR-17/2026");
  CHECK(receipt.tenant == "sk-seri-mawar");
  CHECK(receipt.generation == 412);
  CHECK(receipt.audit_sequence == 90'211);
  CHECK(receipt.key_id == keys.ring->id());
  CHECK(make_receipt(sample_check(Outcome::no_record), *keys.ring).outcome == "no_record");
  CHECK(make_receipt(sample_check(Outcome::record), *keys.ring).outcome == "record");
  const Receipt incomplete = make_receipt(sample_check(Outcome::incomplete), *keys.ring);
  CHECK(incomplete.outcome == "incomplete");
  CHECK(incomplete.reason == "too_vague");
  CHECK(incomplete.valid_until_ms == 0);
}

TEST_CASE("A receipt names nobody") {
  const SampleKeys keys;
  const std::string json = to_json(make_receipt(sample_check(Outcome::no_record), *keys.ring));
  // Ten signs or more of numbers and dates: a few digits stand in random hexadecimal digits now and then.
  for (const char* personal :
       {"Siti", "Aminah", "Hassan", "850311-03-", "311-03-5228", "8503110352", "0311035228", "1985-03-11"})
    CHECK(json.find(personal) == std::string::npos);
}

TEST_CASE("The JSON of a receipt is canonical and reads back as it was") {
  const SampleKeys keys;
  const Receipt receipt = make_receipt(sample_check(Outcome::no_record), *keys.ring);
  const std::string json = to_json(receipt);
  CHECK(json.starts_with(R"({"audit_sequence":90211,"commitment":")"));
  CHECK(json.find('\n') == std::string::npos);
  const auto read = parse_receipt(json);
  REQUIRE(read.ok());
  CHECK(*read == receipt);
  CHECK(to_json(*read) == json);
  CHECK(verify_receipt(*read, keys.ring->public_key(), kSampleTime) == ReceiptState::good);
}

TEST_CASE("A receipt is read inside an answer, alone, spaced out or as the text of its QR code") {
  const SampleKeys keys;
  const Check check = sample_check(Outcome::no_record);
  const HeldReceipt held{make_receipt(check, *keys.ring), check.salt};
  CHECK(parse_held_receipt(to_json(held)).value() == held);
  CHECK(parse_held_receipt("\n " + to_json(held) + "\r\n").value() == held);
  CHECK(parse_held_receipt(to_qr_text(held)).value() == held);
  CHECK(parse_held_receipt(to_json(held.receipt)).value().receipt == held.receipt);
  const std::string answer = R"({"id":"x", "outcome":"no_record", "receipt": )" + to_json(held.receipt) + "}";
  CHECK(parse_held_receipt(answer).value().receipt == held.receipt);
  for (const char* other :
       {"", "  ", "{}", "[]", "{", "SEMAK1:", "SEMAK1:AB C", "SEMAK2:00", R"({"receipt":{}})", "null"})
    CHECK(parse_held_receipt(other).error().code == ErrorCode::invalid_input);
}

TEST_CASE("A receipt with a missing, foreign or mistyped member is refused") {
  const SampleKeys keys;
  const std::string json = to_json(make_receipt(sample_check(Outcome::no_record), *keys.ring));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = json;
    const std::size_t at = changed.find(from);
    REQUIRE(at != std::string::npos);
    return changed.replace(at, from.size(), to);
  };
  CHECK_FALSE(parse_receipt(with(R"("reason":"",)", "")).ok());
  CHECK_FALSE(parse_receipt(with(R"("reason":"",)", R"("reason":"","verified":true,)")).ok());
  CHECK_FALSE(parse_receipt(with(R"("generation":412)", R"("generation":"412")")).ok());
  CHECK_FALSE(parse_receipt(with(R"("generation":412)", R"("generation":412.0)")).ok());
  CHECK_FALSE(parse_receipt(with(R"("generation":412)", R"("generation":-412)")).ok());
  CHECK_FALSE(parse_receipt(with(R"("version":1)", R"("version":2)")).ok());
}

TEST_CASE("A receipt that says something twice is refused, however the name is written and wherever it stands") {
  const SampleKeys keys;
  const std::string json = to_json(make_receipt(sample_check(Outcome::no_record), *keys.ring));
  const auto refused = [](const std::string& text) {
    const auto read = parse_held_receipt(text);
    return !read.ok() && read.error().code == ErrorCode::invalid_input;
  };
  const std::string rest = json.substr(1);
  REQUIRE_FALSE(refused(json));
  CHECK(refused(R"({"outcome":"no_record",)" + rest));
  CHECK(refused(R"({"outcom\u0065":"no_record",)" + rest));
  CHECK_FALSE(parse_receipt(R"({"outcome":"no_record",)" + rest).ok());
  CHECK_FALSE(refused(R"({"receipt":)" + json + R"(,"id":"elsewhere"})"));
  CHECK(refused(R"({"receipt":)" + json + R"(,"receipt":)" + json + "}"));
  CHECK(refused(R"({"receipt":{"outcome":"no_record",)" + rest + "}"));
  CHECK(refused(R"({"salt":"00","receipt":)" + json + R"(,"salt":"01"})"));
}

TEST_CASE("A receipt with any one byte changed is never good, in JSON") {
  const SampleKeys keys;
  const Check check = sample_check(Outcome::no_record);
  const HeldReceipt held{make_receipt(check, *keys.ring), check.salt};
  const std::string json = to_json(held);
  REQUIRE(state_of(parse_held_receipt(json).value(), *keys.ring) == ReceiptState::good);
  for (std::size_t i = 0; i < json.size(); ++i) {
    for (const int change : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80}) {
      std::string changed = json;
      changed[i] = static_cast<char>(changed[i] ^ change);
      const auto read = parse_held_receipt(changed);
      if (!read) continue;
      // The salt is the requester's: its spelling in hex may be any, and the name of its member may be lost.
      if (*read == held) continue;
      INFO("byte " << i << " of " << changed);
      CHECK(state_of(*read, *keys.ring) != ReceiptState::good);
    }
  }
}

TEST_CASE("A receipt with any one byte changed is never good, in the text of its QR code") {
  const SampleKeys keys;
  const Check check = sample_check(Outcome::no_record);
  const HeldReceipt held{make_receipt(check, *keys.ring), check.salt};
  const std::string text = to_qr_text(held);
  const std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:a\n";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::size_t step = i % 5; step < alphabet.size(); step += 5) {
      if (text[i] == alphabet[step]) continue;
      std::string changed = text;
      changed[i] = alphabet[step];
      const auto read = parse_held_receipt(changed);
      if (!read) continue;
      INFO("character " << i << " of " << changed);
      CHECK(state_of(*read, *keys.ring) != ReceiptState::good);
    }
  }
}

TEST_CASE("A receipt that is cut off, or has more behind it, is refused") {
  const SampleKeys keys;
  const Check check = sample_check(Outcome::record);
  const HeldReceipt held{make_receipt(check, *keys.ring), check.salt};
  for (const std::string& text : {to_json(held), to_qr_text(held)}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      const auto read = parse_held_receipt(std::string_view(text).substr(0, size));
      if (read) CHECK(state_of(*read, *keys.ring) != ReceiptState::good);
    }
    CHECK_FALSE(parse_held_receipt(text + "00").ok());
  }
}

TEST_CASE("A receipt of another key is forged") {
  const SampleKeys keys, others;
  const Receipt receipt = make_receipt(sample_check(Outcome::no_record), *keys.ring);
  CHECK(verify_receipt(receipt, others.ring->public_key(), kSampleTime) == ReceiptState::forged);
  Receipt relabelled = receipt;
  relabelled.key_id = others.ring->id();
  CHECK(verify_receipt(relabelled, others.ring->public_key(), kSampleTime) == ReceiptState::forged);
  CHECK(verify_receipt(relabelled, keys.ring->public_key(), kSampleTime) == ReceiptState::forged);
}

TEST_CASE("A receipt holds until the millisecond it names; an incomplete one has nothing that could run out") {
  const SampleKeys keys;
  const Receipt receipt = make_receipt(sample_check(Outcome::no_record), *keys.ring);
  const PublicKey& key = keys.ring->public_key();
  CHECK(verify_receipt(receipt, key, receipt.valid_until_ms) == ReceiptState::good);
  CHECK(verify_receipt(receipt, key, receipt.valid_until_ms + 1) == ReceiptState::expired);
  Receipt longer = receipt;
  longer.valid_until_ms += kDay;
  CHECK(verify_receipt(longer, key, receipt.valid_until_ms + 1) == ReceiptState::forged);
  const Receipt incomplete = make_receipt(sample_check(Outcome::incomplete), *keys.ring);
  CHECK(verify_receipt(incomplete, key, kSampleTime + 1000 * kDay) == ReceiptState::good);
}

TEST_CASE("A receipt is shown to be about this person, and about nobody else, by its salt") {
  const SampleKeys keys;
  const Check check = sample_check(Outcome::no_record);
  const Receipt receipt = make_receipt(check, *keys.ring);
  const PublicKey& key = keys.ring->public_key();
  CHECK(verify_receipt(receipt, key, kSampleTime, sample_subject(), check.salt) == ReceiptState::good);
  Subject other = sample_subject();
  other.names.front().text = "Siti Aminah binti Hussin";
  CHECK(verify_receipt(receipt, key, kSampleTime, other, check.salt) == ReceiptState::of_another_subject);
  other = sample_subject();
  other.numbers.front().text = "850311-03-5226";
  CHECK(verify_receipt(receipt, key, kSampleTime, other, check.salt) == ReceiptState::of_another_subject);
  CHECK(verify_receipt(receipt, key, kSampleTime, sample_subject(), "other salt") == ReceiptState::of_another_subject);
  CHECK(verify_receipt(receipt, key, kSampleTime, sample_subject()) == ReceiptState::of_another_subject);
  // Purpose, reference and consent are the requester's, not the person's.
  Subject asked_again = sample_subject();
  asked_again.purpose = "employment_with_children";
  asked_again.reference = "";
  asked_again.consent = false;
  CHECK(verify_receipt(receipt, key, kSampleTime, asked_again, check.salt) == ReceiptState::good);
}

TEST_CASE("A long or broken reference is shortened and mended before it is signed") {
  const SampleKeys keys;
  Check check = sample_check(Outcome::no_record);
  std::string& reference = check.request.subject.reference;
  for (const std::string& text : {std::string(500, 'x'), std::string("\xff\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80"),
                                  std::string("\"\\\n\x01 </script>"), std::string(79, 'a') + "\xe9\xa6\x96",
                                  std::string("Ruj. \xe9\xa6\x96 \xf0\x9f\x98\x80")}) {
    reference = text;
    const HeldReceipt held{make_receipt(check, *keys.ring), check.salt};
    CHECK(held.receipt.reference.size() <= Receipt::kReferenceMax);
    for (const std::string& written : {to_json(held), to_qr_text(held)}) {
      const auto read = parse_held_receipt(written);
      REQUIRE(read.ok());
      CHECK(*read == held);
      CHECK(state_of(*read, *keys.ring) == ReceiptState::good);
    }
  }
}

TEST_CASE("A receipt of an erased check can still be made; its purpose is its policy's") {
  const SampleKeys keys;
  Check check = sample_check(Outcome::no_record);
  check.request = {};
  check.erased = true;
  check.salt.clear();
  const Receipt receipt = make_receipt(check, *keys.ring);
  CHECK(receipt.purpose == "school_staff");
  CHECK(receipt.reference.empty());
  CHECK(verify_receipt(receipt, keys.ring->public_key(), kSampleTime) == ReceiptState::good);
}

}  // namespace semak
