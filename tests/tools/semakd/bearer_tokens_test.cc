// People's tokens, with keys made here: what is taken, and everything that must not be.
#include "tools/semakd/bearer_tokens.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tests/tools/semakd/signing_key.h"

using namespace semak;

namespace {

constexpr std::int64_t kNow = 1'790'000'000;  // seconds since 1970

const SigningKey& rsa() {
  static const SigningKey kKey("rsa-1", false);
  return kKey;
}
const SigningKey& elliptic() {
  static const SigningKey kKey("ec-1", true);
  return kKey;
}

std::string claims(const std::string& more = {}, const std::string& subject = "00u1ab2cd3",
                   const std::string& issuer = "https://id.example", const std::string& audience = "\"semak\"",
                   std::int64_t begin = kNow - 60, std::int64_t end = kNow + 600) {
  return R"({"iss":")" + issuer + R"(","aud":)" + audience + R"(,"sub":")" + subject + R"(","nbf":)" +
         std::to_string(begin) + R"(,"exp":)" + std::to_string(end) +
         (more.empty() ? R"(,"semak_role":"submitter","semak_tenant":"school-a")" : more) + "}";
}

// The tokens of an issuer with one RSA and one elliptic key, at a time that stands still.
struct World {
  World() {
    keys = KeyRing::create(folder / "key", std::nullopt).value();
    options.issuer = "https://id.example";
    options.audience = "semak";
    options.keys_file = folder / "jwks.json";
    options.role_claim = "semak_role";
    options.tenant_claim = "semak_tenant";
    write("{\"keys\":[" + rsa().json() + "," + elliptic().json() + "]}");
  }
  void write(const std::string& jwks) const { std::ofstream(options.keys_file) << jwks; }
  Status open() {
    auto opened = BearerTokens::open(options, *keys, [this] { return now * 1000; });
    if (!opened) return opened.error();
    tokens = std::move(*opened);
    return {};
  }
  // "" if it is taken, else why not.
  std::string refusal(const std::string& token) const {
    const BearerTokens::Checked checked = tokens->verify(token);
    return checked.person ? "" : to_string(checked.refusal);
  }
  std::string refusal_of(const std::string& text) const {
    return refusal(signed_by(elliptic().key, "ES256", "ec-1", text));
  }

  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys;
  TokenOptions options;
  std::int64_t now = kNow;
  std::unique_ptr<BearerTokens> tokens;
};

}  // namespace

TEST_CASE("A good token is a person with role and tenant; it is known at once the second time", "[tokens]") {
  World world;
  REQUIRE(world.open());
  for (const SigningKey* key : {&rsa(), &elliptic()}) {
    const std::string token = signed_by(key->key, key->algorithm, key->kid, claims());
    CHECK(BearerTokens::is_token(token));
    CHECK_FALSE(world.tokens->verify_quickly(token));
    const auto checked = world.tokens->verify(token);
    REQUIRE(checked.person);
    CHECK(checked.person->id == "jwt:00u1ab2cd3");
    CHECK(checked.person->tenant == "school-a");
    CHECK(checked.person->role == Role::submitter);
    REQUIRE(world.tokens->verify_quickly(token));
    CHECK(world.tokens->verify_quickly(token)->actor().id == "jwt:00u1ab2cd3");
    world.now = kNow + 629;
    CHECK(world.tokens->verify_quickly(token));
    world.now = kNow + 630;  // exp and the leeway
    CHECK_FALSE(world.tokens->verify_quickly(token));
    world.now = kNow;
  }
  CHECK_FALSE(BearerTokens::is_token("semak_0123456789ab_x.y.z"));
}

TEST_CASE("What was not signed by the issuer, as its key signs, is refused", "[tokens]") {
  World world;
  REQUIRE(world.open());
  const std::string good = signed_by(rsa().key, "RS256", "rsa-1", claims());
  REQUIRE(world.refusal(good).empty());
  const std::string body = good.substr(0, good.rfind('.'));

  SECTION("no algorithm") {
    for (const char* none : {"none", "None", "NONE", ""}) {
      const std::string head = base64url(std::string(R"({"alg":")") + none + R"(","kid":"rsa-1"})");
      CHECK(world.refusal(head + "." + base64url(claims()) + ".") == "algorithm");
    }
    CHECK(world.refusal(base64url(R"({"kid":"rsa-1"})") + "." + base64url(claims()) + ".") == "algorithm");
  }
  SECTION("HS256 with the public key as secret") {
    cjose_err error{};
    for (const std::string& secret : {rsa().json(), elliptic().json()}) {
      cjose_jwk_t* oct =
          cjose_jwk_create_oct_spec(reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size(), &error);
      CHECK(world.refusal(signed_by(oct, "HS256", "rsa-1", claims())) == "algorithm");
      cjose_jwk_release(oct);
    }
  }
  SECTION("another algorithm than the key's, and others of the same key") {
    CHECK(world.refusal(signed_by(elliptic().key, "ES256", "rsa-1", claims())) == "algorithm");
    CHECK(world.refusal(signed_by(rsa().key, "RS256", "ec-1", claims())) == "algorithm");
    CHECK(world.refusal(signed_by(rsa().key, "RS512", "rsa-1", claims())) == "algorithm");
    CHECK(world.refusal(signed_by(rsa().key, "PS256", "rsa-1", claims())) == "algorithm");
  }
  SECTION("a wrong key, none, or somebody else's under the same name") {
    CHECK(world.refusal(signed_by(rsa().key, "RS256", "rsa-2", claims())) == "key");
    CHECK(world.refusal(signed_by(rsa().key, "RS256", "", claims())) == "key");
    const SigningKey other("ec-1", true);
    CHECK(world.refusal(signed_by(other.key, "ES256", "ec-1", claims())) == "signature");
  }
  SECTION("changed, cut or not a token at all") {
    const std::string changed =
        body.substr(0, body.find('.') + 1) + base64url(claims({}, "00u9")) + good.substr(body.size());
    CHECK(world.refusal(changed) == "signature");
    for (const std::string& cut : {body + ".", good.substr(0, good.size() - 8)}) {
      INFO(cut);
      CHECK_FALSE(world.refusal(cut).empty());
    }
    for (const char* nonsense : {"", ".", "..", "a.b.c", "a.b", "a.b.c.d", "eyJhbGciOiJSUzI1NiJ9.e30.$$"}) {
      INFO(nonsense);
      CHECK_FALSE(world.refusal(nonsense).empty());
    }
  }
  SECTION("too large") {
    const std::string large = signed_by(rsa().key, "RS256", "rsa-1",
                                        claims(R"(,"semak_role":"admin","x":")" + std::string(9000, 'x') + "\""));
    CHECK(world.refusal(large) == "malformed");
  }
  SECTION("critical headers, headers twice, tokens for something else") {
    CHECK(world.refusal(signed_by(rsa().key, "RS256", "rsa-1", claims(), {{"crit", R"(["b64"])"}, {"b64", "x"}})) ==
          "malformed");
    CHECK(world.refusal(signed_by(rsa().key, "RS256", "rsa-1", claims(), {{"typ", "logout+jwt"}})) == "malformed");
    CHECK(world.refusal(signed_by(rsa().key, "RS256", "rsa-1", claims(), {{"typ", "at+JWT"}})).empty());
    const std::string twice = base64url(R"({"alg":"none","alg":"RS256","kid":"rsa-1"})");
    CHECK(world.refusal(twice + good.substr(good.find('.'))) == "malformed");
  }
}

TEST_CASE("A token must be for us, now, and not for long", "[tokens]") {
  World world;
  REQUIRE(world.open());
  const std::string issuer = "https://id.example", subject = "00u1";
  const auto with = [&](std::int64_t begin, std::int64_t end) {
    return world.refusal_of(claims({}, subject, issuer, "\"semak\"", kNow + begin, kNow + end));
  };
  CHECK(world.refusal_of(claims({}, subject, "https://id.example/")) == "issuer");
  CHECK(world.refusal_of(claims({}, subject, issuer, "\"payroll\"")) == "audience");
  CHECK(world.refusal_of(claims({}, subject, issuer, "[]")) == "audience");
  CHECK(world.refusal_of(claims({}, subject, issuer, R"(["payroll","semak"])")).empty());
  CHECK(with(-600, -29).empty());  // within the leeway
  CHECK(with(-600, -30) == "expired");
  CHECK(with(30, 600).empty());
  CHECK(with(31, 600) == "early");
  CHECK(with(0, 24 * 3600).empty());
  CHECK(with(0, 24 * 3600 + 1) == "lifetime");
  const std::string rest =
      R"("iss":"https://id.example","aud":"semak","sub":"00u1","semak_role":"admin","semak_tenant":"a")";
  CHECK(world.refusal_of("{" + rest + R"(,"nbf":)" + std::to_string(kNow) + "}") == "lifetime");
  CHECK(world.refusal_of("{" + rest + R"(,"exp":)" + std::to_string(kNow + 60) + "}") == "lifetime");
  CHECK(world.refusal_of("{" + rest + R"(,"nbf":0,"exp":"never"})") == "lifetime");
  CHECK(world.refusal_of("{" + rest + R"(,"nbf":-1e300,"exp":1e300})") == "lifetime");
  CHECK(world.refusal_of("[]") == "malformed");
  CHECK(world.refusal_of(R"({"sub":"a","sub":"b"})") == "malformed");
  CHECK(world.refusal_of(claims({}, "")) == "subject");
  CHECK(world.refusal_of(claims({}, std::string(256, 'x'))) == "subject");
}

TEST_CASE("Claims become role and tenant as the configuration says, and nothing else does", "[tokens]") {
  World world;
  const auto person = [&](const std::string& more) {
    const auto checked = world.tokens->verify(signed_by(elliptic().key, "ES256", "ec-1", claims(more)));
    return checked.person ? std::string(to_string(checked.person->role)) + " of " + checked.person->tenant
                          : to_string(checked.refusal);
  };
  SECTION("by default their own names") {
    REQUIRE(world.open());
    CHECK(person(R"(,"semak_role":"auditor","semak_tenant":"agency")") == "auditor of agency");
    CHECK(person(R"(,"semak_role":["x","auditor"],"semak_tenant":"agency")") == "auditor of agency");
    CHECK(person(R"(,"semak_role":"superuser","semak_tenant":"agency")") == "role");
    CHECK(person(R"(,"semak_role":true,"semak_tenant":"agency")") == "role");
    CHECK(person(R"(,"semak_tenant":"agency")") == "role");
    CHECK(person(R"(,"semak_role":"auditor")") == "tenant");
    CHECK(person(R"(,"semak_role":"auditor","semak_tenant":"Not A Tenant")") == "tenant");
    CHECK(person(R"(,"semak_role":["admin","submitter"],"semak_tenant":"a")") == "submitter of a");
  }
  SECTION("mapped, from within a claim") {
    world.options.role_claim = "realm_access.roles";
    world.options.roles = {"semak-admin=admin", "hr=clerk=submitter"};
    world.options.tenant_claim = "groups";
    world.options.tenants = {"/Schools/A=school-a", "/Schools/B=school-b"};
    REQUIRE(world.open());
    CHECK(person(R"(,"realm_access":{"roles":["offline_access","hr=clerk"]},"groups":["/Schools/B"])") ==
          "submitter of school-b");
    CHECK(person(R"(,"realm_access":{"roles":["admin"]},"groups":["/Schools/B"])") == "role");
    CHECK(person(R"(,"realm_access":{"roles":["semak-admin"]},"groups":["school-a"])") == "tenant");
  }
  SECTION("one tenant for all") {
    world.options.tenant = "agency";
    REQUIRE(world.open());
    CHECK(person(R"(,"semak_role":"registrar","semak_tenant":"school-a")") == "registrar of agency");
  }
  SECTION("what makes no sense does not start") {
    const auto message = [&] {
      const Status opened = world.open();
      return opened ? std::string() : opened.error().message;
    };
    world.options.roles = {"hr=boss"};
    CHECK(message().find("tokens.roles") != std::string::npos);
    world.options.roles = {};
    world.options.tenants = {"x=Not A Tenant"};
    CHECK(message().find("tokens.tenants") != std::string::npos);
    world.options.tenants = {};
    world.options.audience = "";
    CHECK(message().find("tokens.audience") != std::string::npos);
  }
}

TEST_CASE("Who a token is about stands under an id that names nobody", "[tokens]") {
  World world;
  REQUIRE(world.open());
  const auto id = [&](const std::string& subject) {
    return world.tokens->verify(signed_by(elliptic().key, "ES256", "ec-1", claims({}, subject))).person->id;
  };
  CHECK(id("248289761001b") == "jwt:~" + world.keys->mark("token_subject", "248289761001b"));
  CHECK(id("5be86359-073c-434b-ad2d-a3932222dabe") == "jwt:5be86359-073c-434b-ad2d-a3932222dabe");
  for (const char* telling :
       {"siti@sekolah.example", "850311-03-5228", "850311035228", "siti.aminah", "siti", "Siti A"}) {
    CHECK(id(telling) == "jwt:~" + world.keys->mark("token_subject", telling));
  }
}

TEST_CASE("Keys are taken anew, and with a key goes whoever was known by it; a wrong file changes nothing",
          "[tokens]") {
  World world;
  REQUIRE(world.open());
  const std::string token = signed_by(rsa().key, "RS256", "rsa-1", claims());
  REQUIRE(world.tokens->verify(token).person);
  for (const std::string& wrong :
       {std::string("nonsense"), std::string("{\"keys\":[]}"), "{\"keys\":[" + elliptic().json(true) + "]}",
        std::string(R"({"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]})"),
        "{\"keys\":[" + elliptic().json() + "," + elliptic().json() + "]}",
        "{\"keys\":[" + SigningKey("small", false, 1024).json() + "]}"}) {
    world.write(wrong);
    const Status reloaded = world.tokens->reload();
    REQUIRE_FALSE(reloaded);
    CHECK(reloaded.error().code == ErrorCode::invalid_input);
    CHECK(world.tokens->verify_quickly(token));
  }
  world.write("{\"keys\":[" + elliptic().json() + R"(,{"kty":"OKP","crv":"Ed25519","kid":"x","x":"AA"}]})");
  REQUIRE(world.tokens->reload());
  CHECK_FALSE(world.tokens->verify_quickly(token));
  CHECK(world.refusal(token) == "key");
  std::filesystem::remove(world.options.keys_file);
  CHECK(world.open().error().code == ErrorCode::not_found);
}
