#include <filesystem>
#include <thread>

#include "tests/tools/semakd/running_service.h"

namespace semak {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

HttpAnswer finished(const HttpClient& client, const std::string& id) {
  HttpAnswer answer;
  for (int i = 0; i < 4800; ++i) {
    answer = client.get("/v1/backups/" + id);
    if (answer.text("state") != "running") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  return answer;
}

TEST_CASE("A service without a folder for backups makes none, and says what to do", "[semakd]") {
  const HttpClient admin = shared_service().as("admin");
  const HttpAnswer refused = admin.post("/v1/backups", "");
  CHECK(refused.status == 409);
  CHECK(refused.body.find("semakd.toml") != std::string::npos);
  CHECK(admin.get("/v1/backups").json().at("items").as_array().empty());
}

TEST_CASE("An admin has a backup made while the service goes on; it restores whole, without the keys in it",
          "[semakd]") {
  RunningService service("backups");
  const std::string screening = service.as("submitter")
                                    .post("/v1/screenings", R"({"purpose":"school_staff",
    "consent":true,"subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555"}})")
                                    .text("id");
  REQUIRE_FALSE(screening.empty());
  const HttpClient::Headers key = {{"Idempotency-Key", "tonight"}};
  const HttpAnswer begun = service.as("admin").post("/v1/backups", "", key);
  INFO(begun.body);
  REQUIRE(begun.status == 202);
  const std::string id = begun.text("id");
  CHECK(begun.header("location") == "/v1/backups/" + id);
  const HttpAnswer done = finished(service.as("admin"), id);
  INFO(done.body);
  REQUIRE(done.text("state") == "done");
  CHECK(done.text("key_id") == service.office().keys().id());
  CHECK(service.as("admin").post("/v1/backups", "", key).body == begun.body);
  CHECK(service.as("admin").get("/v1/backups").json().at("items").as_array().size() == 1);
  CHECK(service.as("registrar").get("/v1/backups/" + id).status == 403);

  const fs::path home = service.office().engine().folder().parent_path();
  const fs::path backup = home / "backups" / id;
  CHECK_FALSE(fs::exists(backup / "keys"));
  CHECK((fs::status(home / "backups").permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
        fs::perms::none);
  const TemporaryFolder elsewhere;
  OfficeOptions options;
  options.key_file = home / "keys" / "semak.key";
  const auto restored = Office::restore(backup, elsewhere / "database", options, {});
  INFO((restored ? std::string() : restored.error().message));
  REQUIRE(restored.ok());
  const auto office = Office::open(elsewhere / "database", options, {});
  REQUIRE(office.ok());
  const auto check = (*office)->casework().check(screening);
  REQUIRE(check.ok());
  CHECK(check->has_value());

  fs::create_directories(home / "backups" / "01KAVH9B7M4T2XQ8Z6N3RDCFGW.unfinished");
  fs::create_directories(home / "backups" / "of_somebody_else.unfinished");
  service.restart();
  CHECK_FALSE(fs::exists(home / "backups" / "01KAVH9B7M4T2XQ8Z6N3RDCFGW.unfinished"));
  CHECK(fs::exists(home / "backups" / "of_somebody_else.unfinished"));
  CHECK(service.as("admin").get("/v1/backups/" + id).body == done.body);
  CHECK(service.as("admin").get("/v1/backups/of_somebody_else").status == 404);
}

TEST_CASE("A backup that cannot be made says why and leaves nothing", "[semakd]") {
  RunningService service("keys/semak.key/backups");
  const HttpAnswer begun = service.as("admin").post("/v1/backups", "");
  REQUIRE(begun.status == 202);
  const HttpAnswer failed = finished(service.as("admin"), begun.text("id"));
  CHECK(failed.text("state") == "failed");
  CHECK_FALSE(failed.text("error").empty());
  CHECK(service.as("admin").get("/v1/backups").json().at("items").as_array().size() == 1);
}

}  // namespace
}  // namespace semak
