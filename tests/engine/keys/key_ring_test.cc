#include "engine/keys/key_ring.h"

#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void replace_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
}

unsigned mode_of(const std::filesystem::path& file) {
  struct stat state{};
  REQUIRE(::stat(file.c_str(), &state) == 0);
  return state.st_mode & 0777;
}

TEST_CASE("a key ring opened again signs, seals and marks as the one that was made", "[keys]") {
  const TemporaryFolder folder;
  const auto file = folder / "keys" / "semak.key";
  auto made = KeyRing::create(file, std::nullopt);
  REQUIRE(made.ok());
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(folder / "keys") == 0700);
  auto opened = KeyRing::open(file, std::nullopt);
  REQUIRE(opened.ok());
  const KeyRing& first = **made;
  const KeyRing& second = **opened;
  CHECK(first.id() == second.id());
  CHECK(first.id().size() == 16);
  CHECK(first.public_key() == second.public_key());
  CHECK(first.sign("text") == second.sign("text"));
  CHECK(first.mark("subject", "a") == second.mark("subject", "a"));
  const auto plain = second.open_sealed(first.seal("plain", "context"), "context");
  REQUIRE(plain.ok());
  CHECK(*plain == "plain");
}

TEST_CASE("two key rings have nothing in common", "[keys]") {
  const TemporaryFolder folder;
  auto a = KeyRing::create(folder / "a", std::nullopt);
  auto b = KeyRing::create(folder / "b", std::nullopt);
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  CHECK((*a)->id() != (*b)->id());
  CHECK((*a)->public_key() != (*b)->public_key());
  CHECK((*a)->mark("k", "v") != (*b)->mark("k", "v"));
  CHECK_FALSE((*b)->open_sealed((*a)->seal("x", "c"), "c").ok());
  CHECK_FALSE(signature_is_good("m", (*a)->sign("m"), (*b)->public_key()));
}

TEST_CASE("a key file is never replaced", "[keys]") {
  const TemporaryFolder folder;
  REQUIRE(KeyRing::create(folder / "k", std::nullopt).ok());
  const std::string before = text_of(folder / "k");
  const auto again = KeyRing::create(folder / "k", std::nullopt);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().code == ErrorCode::already_exists);
  CHECK(text_of(folder / "k") == before);
  // and nothing is left lying beside it
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a key file that others can read is refused", "[keys]") {
  const TemporaryFolder folder;
  REQUIRE(KeyRing::create(folder / "k", std::nullopt).ok());
  for (const unsigned mode : {0640u, 0604u, 0620u, 0610u, 0666u}) {
    REQUIRE(::chmod((folder / "k").c_str(), mode) == 0);
    const auto opened = KeyRing::open(folder / "k", std::nullopt);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::permission);
  }
  REQUIRE(::chmod((folder / "k").c_str(), 0400) == 0);
  CHECK(KeyRing::open(folder / "k", std::nullopt).ok());
}

TEST_CASE("a missing key file is not found", "[keys]") {
  const TemporaryFolder folder;
  const auto opened = KeyRing::open(folder / "none", std::nullopt);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == ErrorCode::not_found);
}

TEST_CASE("a wrapped key file opens with its passphrase only, and shows no secret", "[keys]") {
  const TemporaryFolder folder;
  auto made = KeyRing::create(folder / "k", "correct horse");
  REQUIRE(made.ok());
  auto opened = KeyRing::open(folder / "k", "correct horse");
  REQUIRE(opened.ok());
  CHECK((*opened)->sign("m") == (*made)->sign("m"));
  CHECK((*opened)->open_sealed((*made)->seal("x", "c"), "c").ok());
  for (const std::optional<std::string>& wrong : {std::optional<std::string>("wrong"), std::optional<std::string>()}) {
    const auto refused = KeyRing::open(folder / "k", wrong);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::invalid_input);
  }
  CHECK(text_of(folder / "k").find("argon2id") != std::string::npos);

  SECTION("names put over other keys do not pass") {
    std::string text = text_of(folder / "k");
    const auto at = text.find("\"id\": \"") + 7;
    text[at] = text[at] == '0' ? '1' : '0';
    replace_text(folder / "k", text);
    CHECK_FALSE(KeyRing::open(folder / "k", "correct horse").ok());
  }
}

TEST_CASE("a passphrase for a file that has none is refused, an empty one too", "[keys]") {
  const TemporaryFolder folder;
  REQUIRE(KeyRing::create(folder / "k", std::nullopt).ok());
  const auto opened = KeyRing::open(folder / "k", "secret");
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == ErrorCode::invalid_input);
  const auto empty = KeyRing::create(folder / "e", "");
  REQUIRE_FALSE(empty.ok());
  CHECK(empty.error().code == ErrorCode::invalid_input);
  CHECK_FALSE(std::filesystem::exists(folder / "e"));
}

TEST_CASE("no changed byte of a key file goes unnoticed", "[keys]") {
  const TemporaryFolder folder;
  auto made = KeyRing::create(folder / "k", std::nullopt);
  REQUIRE(made.ok());
  const std::string text = text_of(folder / "k");
  const auto created = text.find("\"created\"");
  const auto created_end = text.find('\n', created);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i >= created && i < created_end) continue;  // a date for people
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    replace_text(folder / "k", changed);
    const auto opened = KeyRing::open(folder / "k", std::nullopt);
    const bool harmless = opened.ok() && (*opened)->id() == (*made)->id();  // space to '!' is not, 'a' to 'A' would be
    INFO("byte " << i << ": " << text[i] << " -> " << changed[i]);
    CHECK((!opened.ok() || harmless));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, text.size() / 2, text.size() - 3}) {
    replace_text(folder / "k", text.substr(0, size));
    CHECK_FALSE(KeyRing::open(folder / "k", std::nullopt).ok());
  }
}

TEST_CASE("a copy for a backup holds the same keys behind its own passphrase", "[keys]") {
  const TemporaryFolder folder;
  auto ring = KeyRing::create(folder / "k", std::nullopt);
  REQUIRE(ring.ok());
  REQUIRE((*ring)->write_copy(folder / "copy", "of the backup").ok());
  CHECK(mode_of(folder / "copy") == 0600);
  CHECK_FALSE(KeyRing::open(folder / "copy", std::nullopt).ok());
  auto copy = KeyRing::open(folder / "copy", "of the backup");
  REQUIRE(copy.ok());
  CHECK((*copy)->id() == (*ring)->id());
  CHECK((*copy)->mark("a", "b") == (*ring)->mark("a", "b"));
  CHECK((*copy)->open_sealed((*ring)->seal("x", "c"), "c").ok());
  CHECK_FALSE((*ring)->write_copy(folder / "copy", "of the backup").ok());
  CHECK_FALSE((*ring)->write_copy(folder / "other", "").ok());
}

TEST_CASE("sealed data opens at its place only and not when changed", "[keys]") {
  const TemporaryFolder folder;
  auto ring = KeyRing::create(folder / "k", std::nullopt);
  REQUIRE(ring.ok());
  const std::string sealed = (*ring)->seal("Siti Aminah", "checks/1/subject");
  CHECK(sealed.find("Siti Aminah") == std::string::npos);
  CHECK((*ring)->seal("Siti Aminah", "checks/1/subject") != sealed);
  CHECK_FALSE((*ring)->open_sealed(sealed, "checks/2/subject").ok());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    const auto opened = (*ring)->open_sealed(changed, "checks/1/subject");
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::corruption);
    CHECK_FALSE((*ring)->open_sealed(sealed.substr(0, i), "checks/1/subject").ok());
  }
  const auto empty = (*ring)->open_sealed((*ring)->seal("", ""), "");
  REQUIRE(empty.ok());
  CHECK(empty->empty());
}

TEST_CASE("marks of different kinds never meet", "[keys]") {
  const TemporaryFolder folder;
  auto ring = KeyRing::create(folder / "k", std::nullopt);
  REQUIRE(ring.ok());
  CHECK((*ring)->mark("ab", "c") != (*ring)->mark("a", "bc"));
  CHECK((*ring)->mark("a", "x") != (*ring)->mark("b", "x"));
  CHECK((*ring)->mark("a", "x") == (*ring)->mark("a", "x"));
  CHECK((*ring)->mark("a", "x").size() == 32);
}

TEST_CASE("a signature is good for its text and key alone", "[keys]") {
  const TemporaryFolder folder;
  auto ring = KeyRing::create(folder / "k", std::nullopt);
  REQUIRE(ring.ok());
  Signature signature = (*ring)->sign("text");
  CHECK(signature_is_good("text", signature, (*ring)->public_key()));
  CHECK_FALSE(signature_is_good("texu", signature, (*ring)->public_key()));
  signature[5] ^= 1;
  CHECK_FALSE(signature_is_good("text", signature, (*ring)->public_key()));
}

TEST_CASE("hashes are those of the BLAKE2 specification", "[keys]") {
  // BLAKE2b-256 of "abc" and of nothing, as Python's hashlib.blake2b(digest_size=32) gives them.
  const auto text = [](const Hash256& hash) { return hex({reinterpret_cast<const char*>(hash.data()), hash.size()}); };
  CHECK(text(hash256("abc")) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(text(hash256("")) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

TEST_CASE("hex goes there and back, and refuses what it is not", "[keys]") {
  const std::string bytes("\x00\x7f\x80\xff", 4);
  CHECK(hex(bytes) == "007f80ff");
  CHECK(from_hex("007f80ff") == bytes);
  CHECK(from_hex("007F80FF") == bytes);
  CHECK(from_hex("") == std::string());
  CHECK_FALSE(from_hex("0").has_value());
  CHECK_FALSE(from_hex("0g").has_value());
  CHECK_FALSE(from_hex(" 0").has_value());
}

TEST_CASE("ids differ, ascend with time and spell in Crockford's alphabet", "[keys]") {
  std::set<std::string> seen;
  std::string before;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = new_id();
    REQUIRE(id.size() == 26);
    REQUIRE(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
    REQUIRE(seen.insert(id).second);
    if (!before.empty()) REQUIRE(id.substr(0, 10) >= before.substr(0, 10));
    before = id;
  }
  CHECK(before.front() == '0');  // 48 bits in 50
}

}  // namespace
}  // namespace semak
