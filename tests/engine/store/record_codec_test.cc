#include "engine/store/record_codec.h"

#include <limits>
#include <random>
#include <string>

#include "engine/store/bytes.h"
#include "tests/catch.h"

namespace semak {
namespace {

std::string random_text(std::mt19937_64& random) {
  std::string text(random() % 40, ' ');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

Record random_record(std::mt19937_64& random) {
  Record record;
  record.id = "r" + random_text(random);
  for (std::uint64_t n = random() % 4; n-- > 0;) {
    record.names.push_back({static_cast<NameType>(random() % 7), random_text(random)});
  }
  for (std::uint64_t n = random() % 3; n-- > 0;) {
    record.numbers.push_back({static_cast<NumberKind>(random() % 9), random_text(random), random_text(random),
                              random_text(random), random_text(random)});
  }
  record.dob = PartialDate{static_cast<std::int16_t>(random() % 10000), static_cast<std::uint8_t>(random() % 13),
                           static_cast<std::uint8_t>(random() % 32)};
  record.sex = static_cast<Sex>(random() % 3);
  record.nationality = random_text(random);
  record.state = random_text(random);
  for (std::uint64_t n = random() % 5; n-- > 0;) record.fields.emplace_back(random_text(random), random_text(random));
  return record;
}

StoredRevision random_revision(std::mt19937_64& random) {
  const auto number = [&] { return random() >> (random() % 64); };
  StoredRevision revision;
  revision.header.revision.value = number();
  revision.header.register_id.value = static_cast<std::uint32_t>(number());
  revision.header.previous.value = number();
  revision.header.kind = static_cast<ChangeKind>(1 + random() % 4);
  revision.header.generation.value = number();
  revision.header.batch = number();
  revision.header.file = static_cast<std::uint32_t>(number());
  revision.header.line = number();
  revision.record = random_record(random);
  return revision;
}

std::string encoded(const StoredRevision& revision) {
  std::string content, bytes;
  encode_content(revision.record, content);
  encode_revision(revision.header, content, bytes);
  return bytes;
}

TEST_CASE("a decoded revision is the encoded one", "[engine][store]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const StoredRevision revision = random_revision(random);
    const auto decoded = decode_revision(revision.header.revision, encoded(revision));
    REQUIRE(decoded);
    REQUIRE(*decoded == revision);
  }
}

TEST_CASE("a view of a revision has its header, its content and its record's id", "[engine][store]") {
  std::mt19937_64 random(2);
  const StoredRevision revision = random_revision(random);
  const std::string bytes = encoded(revision);
  const auto view = view_revision(revision.header.revision, bytes);
  REQUIRE(view);
  CHECK(view->header == revision.header);
  CHECK(view->record_id == revision.record.id);
  std::string content;
  encode_content(revision.record, content);
  CHECK(view->content == content);
}

TEST_CASE("every flipped bit and every cut of a revision is corruption", "[engine][store]") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 5; ++round) {
    const StoredRevision revision = random_revision(random);
    const std::string bytes = encoded(revision);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
        const auto decoded = decode_revision(revision.header.revision, damaged);
        REQUIRE_FALSE(decoded);
        REQUIRE(decoded.error().code == ErrorCode::corruption);
      }
      REQUIRE_FALSE(decode_revision(revision.header.revision, std::string_view(bytes).substr(0, i)));
    }
  }
}

TEST_CASE("a revision under the number of another is corruption", "[engine][store]") {
  std::mt19937_64 random(4);
  StoredRevision revision = random_revision(random);
  revision.header.revision.value = 7;
  CHECK_FALSE(decode_revision(RevisionId{8}, encoded(revision)));
}

TEST_CASE("random bytes with a right checksum are refused or decoded, never a crash", "[engine][store]") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string content;
    for (std::uint64_t n = random() % 60; n-- > 0;)
      content += static_cast<char>(random() % 4 == 0 ? random() : random() % 5);
    std::string bytes;
    RevisionHeader header;
    header.revision.value = 1;
    encode_revision(header, content, bytes);
    const auto decoded = decode_revision(RevisionId{1}, bytes);
    if (!decoded) REQUIRE(decoded.error().code == ErrorCode::corruption);
  }
}

TEST_CASE("contents that differ anywhere have different hashes", "[engine][store]") {
  std::mt19937_64 random(6);
  std::string content;
  encode_content(random_record(random), content);
  const std::uint64_t hash = content_hash(content);
  for (std::size_t i = 0; i < content.size(); ++i) {
    std::string other = content;
    other[i] = static_cast<char>(other[i] + 1);
    REQUIRE(content_hash(other) != hash);
    REQUIRE(content_hash(std::string_view(content).substr(0, i)) != hash);
  }
}

TEST_CASE("the hash of stored contents never changes", "[engine][store]") {
  CHECK(hash_bytes("", 1) == hash_bytes("", 1));
  CHECK(hash_bytes("semak", 1) == 0x9e9afee8bb7d20d5);
  CHECK(hash_bytes("a record of more than sixteen bytes", 2) == 0xe4409fe93e9e9077);
}

TEST_CASE("varints have one form only", "[engine][store]") {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{1} << 63,
                                    std::numeric_limits<std::uint64_t>::max()}) {
    std::string bytes;
    append_varint(bytes, value);
    ByteReader in(bytes);
    CHECK(in.varint() == value);
    CHECK(in.at_end());
  }
  for (const std::string& bad : {std::string("\x80\x00", 2), std::string("\x80", 1), std::string(10, '\xff')}) {
    ByteReader in(bad);
    in.varint();
    CHECK_FALSE(in.ok());
  }
}

}  // namespace
}  // namespace semak
