#include "engine/audit/audit_entry.h"

#include "tests/catch.h"
#include "tests/engine/audit/sample_log.h"

namespace semak {
namespace {

AuditEntry sample_entry() {
  AuditEntry entry;
  entry.sequence = 300;
  entry.time_ms = 1'790'000'000'123;
  entry.event.kind = AuditKind::decision;
  entry.event.actor = {"key-1", "agency", Role::caseworker};
  entry.event.object = "case-9";
  entry.event.details = R"({"verdict":"not_same"})";
  entry.event.token = "t-1";
  for (std::size_t i = 0; i < entry.previous.size(); ++i) entry.previous[i] = static_cast<std::uint8_t>(i);
  entry.hash = hash_of(entry);
  return entry;
}

TEST_CASE("the encoding of an entry is the one that auditors were promised", "[audit]") {
  // Computed with Python from the description at the top of audit_entry.cc:
  //   hashlib.blake2b(b"\x01" + b"\xac\x02" + (1790000000123).to_bytes(8, "little") + b"\x03" + b"\x05key-1" +
  //     b"\x06agency" + b"\x02" + b"\x06case-9" + b"\x16{\"verdict\":\"not_same\"}" + b"\x03t-1" + bytes(range(32)),
  //     digest_size=32).hexdigest()
  const AuditEntry entry = sample_entry();
  CHECK(hex(view(entry.hash)) == "269b547592ca60b021b9681b4fc09db9f93f6f69105e24889d25aa0c4dcea85f");
}

TEST_CASE("an entry comes back from its bytes, and no changed byte of it passes", "[audit]") {
  const AuditEntry entry = sample_entry();
  const std::string bytes = encode_entry(entry);
  const auto back = decode_entry(bytes);
  REQUIRE(back.ok());
  CHECK(encode_entry(*back) == bytes);
  CHECK(back->event.actor.tenant == "agency");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const auto read = decode_entry(changed);
      CHECK((!read.ok() || hash_of(*read) != read->hash));
    }
    CHECK_FALSE(decode_entry(bytes.substr(0, i)).ok());
  }
  CHECK_FALSE(decode_entry(bytes + "x").ok());
}

TEST_CASE("an event comes back from its bytes", "[audit]") {
  const AuditEvent event = sample_event(5, "token");
  const auto back = decode_event(encode_event(event));
  REQUIRE(back.ok());
  CHECK(encode_event(*back) == encode_event(event));
  CHECK(back->token == "token");
  CHECK_FALSE(decode_event(encode_event(event) + "x").ok());
  CHECK_FALSE(decode_event("").ok());
}

TEST_CASE("a checkpoint comes back from its bytes, and every field of it is signed", "[audit]") {
  AuditCheckpoint checkpoint{{7, hash256("x")}, 1'790'000'000'123, "0123456789abcdef", 3, {}};
  checkpoint.signature.fill(9);
  const std::string bytes = encode_checkpoint(checkpoint);
  const auto back = decode_checkpoint(bytes);
  REQUIRE(back.ok());
  CHECK(encode_checkpoint(*back) == bytes);
  const std::string text = signed_text(checkpoint);
  CHECK(text == "semak-audit-checkpoint-1\n7\n" + hex(view(hash256("x"))) + "\n1790000000123\n0123456789abcdef\n3\n");
  AuditCheckpoint other = checkpoint;
  other.previous = 4;
  CHECK(signed_text(other) != text);
  for (std::size_t i = 0; i < bytes.size(); ++i) CHECK_FALSE(decode_checkpoint(bytes.substr(0, i)).ok());
}

}  // namespace
}  // namespace semak
