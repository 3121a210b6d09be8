#include "tools/semakd/config.h"

#include <fstream>
#include <sys/stat.h>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tools/semakd/certificate.h"

using namespace semak;

namespace {

std::string error_of(std::string_view toml) {
  const auto config = parse_config(toml, "/x/semakd.toml");
  return config ? "" : config.error().message;
}

}  // namespace

TEST_CASE("The written configuration is the default one, and reads back as it was") {
  Config config;
  CHECK(error_of(config_text(config)).empty());
  CHECK(config_text(config).find("\nport = ") == std::string::npos);  // defaults are commented
  config.port = 9000;
  config.hosts = {"semak.example", "a\"b"};
  const auto read = parse_config(config_text(config), "/x/semakd.toml");
  REQUIRE(read);
  CHECK(read->port == 9000);
  CHECK(read->hosts == config.hosts);
  CHECK(read->path("keys/k") == "/x/keys/k");
}

TEST_CASE("What is wrong with a configuration is told with file, line, key and cure") {
  CHECK(error_of("[listen]\nport = 70000\n") == "/x/semakd.toml:2: listen.port must be a whole number from 0 to 65535");
  CHECK(error_of("[listen]\ntls = \"yes\"\n") == "/x/semakd.toml:2: listen.tls must be true or false");
  CHECK(error_of("[log]\nlevel = \"loud\"\n").find("must be one of: debug info") != std::string::npos);
  CHECK(error_of("[listen]\nprot = 1\n").find(":2: [listen] has no key prot; it has: address, port") !=
        std::string::npos);
  CHECK(error_of("[lisen]\n").find("there is no section [lisen]; there are: listen, data") != std::string::npos);
  CHECK(error_of("[listen\n").find("semakd.toml:1: is not TOML") != std::string::npos);
  CHECK(read_config("/nowhere/semakd.toml").error().message.find("semakd init --dir /nowhere") != std::string::npos);
}

TEST_CASE("--listen takes an address and a port, nothing else") {
  Config config;
  CHECK(set_listen(config, "[::1]:80"));
  CHECK(config.address == "::1");
  CHECK(config.port == 80);
  for (const char* bad : {"", "1.2.3.4", ":80", "1.2.3.4:", "1.2.3.4:99999", "1.2.3.4:8o"})
    CHECK_FALSE(set_listen(config, bad));
}

TEST_CASE("Unsafe configurations are refused") {
  const TemporaryFolder folder;
  Config config;
  config.folder = folder.path();
  for (const char* name : {"keys", "tls", "database"}) std::filesystem::create_directory(folder / name);
  for (const std::string& file : {config.key_file, config.certificate_key}) {
    std::ofstream(folder / file) << "x";
    ::chmod((folder / file).c_str(), 0600);
  }
  REQUIRE(check_safe(config));
  SECTION("plain HTTP beyond this machine") {
    config.tls = false;
    CHECK(check_safe(config));
    config.address = "0.0.0.0";
    CHECK(check_safe(config).error().message.find("plain HTTP") != std::string::npos);
  }
  SECTION("secrets that others can read") {
    for (const std::string& file : {config.key_file, config.certificate_key}) {
      ::chmod((folder / file).c_str(), 0640);
      CHECK(check_safe(config).error().message.find("chmod 600") != std::string::npos);
      ::chmod((folder / file).c_str(), 0600);
    }
  }
  SECTION("a folder that everybody can change") {
    ::chmod(folder.path().c_str(), 0777);
    CHECK(check_safe(config).error().code == ErrorCode::permission);
  }
  SECTION("measuring for everybody") {
    config.echo = true;
    config.address = "192.0.2.1";
    CHECK_FALSE(check_safe(config));
  }
}

TEST_CASE("Loopback is 127.0.0.0/8 and ::1") {
  CHECK(is_loopback("127.0.0.1"));
  CHECK(is_loopback("127.9.9.9"));
  CHECK(is_loopback("::1"));
  for (const char* other : {"0.0.0.0", "::", "10.0.0.1", "localhost", ""}) CHECK_FALSE(is_loopback(other));
}

TEST_CASE("A self-signed certificate ends when it says") {
  const TemporaryFolder folder;
  const auto made = make_self_signed({"localhost", "127.0.0.1", "::1"}, 30);
  REQUIRE(made);
  std::ofstream(folder / "c.pem") << made->certificate;
  const std::int64_t days = (certificate_end(folder / "c.pem") - std::time(nullptr)) / 86400;
  CHECK(days >= 29);
  CHECK(days <= 30);
  CHECK(certificate_end(folder / "none.pem") == 0);
}
