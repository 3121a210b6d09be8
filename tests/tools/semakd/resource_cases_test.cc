#include "tests/tools/semakd/running_service.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

// A new referral of an offender's namesake with the same number; the check's id and the case's.
struct Referral {
  std::string check, item;
};

Referral refer(RunningService& service, const std::string& name, const std::string& number,
               const std::string& reference) {
  const HttpAnswer made =
      service.as("submitter")
          .post("/v1/screenings", R"({"purpose":"school_staff","consent":true,"reference":")" + reference +
                                      R"(","subject":{"name":")" + name + R"(","id_number":")" + number + "\"}}");
  REQUIRE(made.status == 201);
  const HttpAnswer seen = service.as("caseworker").get("/v1/screenings/" + made.text("id"));
  REQUIRE(!seen.text("case_id").empty());
  return {made.text("id"), seen.text("case_id")};
}

HttpClient::Headers match(const HttpAnswer& answer) { return {{"If-Match", answer.header("etag")}}; }

TEST_CASE("A record needs two people, and only then the submitter reads it", "[semakd]") {
  RunningService service;
  const Referral referral = refer(service, "Ahmad bin Kassim", "700101-01-5555", "DUA");
  const HttpClient first = service.as("caseworker"), second = service.as("second");
  const std::string path = "/v1/cases/" + referral.item;

  const HttpAnswer queue = first.get("/v1/cases?q=DUA");
  REQUIRE(queue.json().at("items").as_array().size() == 1);
  CHECK(queue.text("items/0/id") == referral.item);
  CHECK(queue.text("counts/open") == "1");
  CHECK(first.get("/v1/cases?q=TIADA").json().at("items").as_array().empty());

  HttpAnswer seen = first.get(path);
  REQUIRE(seen.status == 200);
  CHECK(seen.text("subject/name") == "Ahmad bin Kassim");
  CHECK(seen.text("candidates/0/hit/person/names/0/text") == "Ahmad bin Kassim");
  const std::string same = R"({"candidate":0,"verdict":"same_person","reason":"nombor dan gambar sama"})";
  CHECK(first.post(path + "/decision", same).status == 428);
  CHECK(first.post(path + "/decision", same, {{"If-Match", "\"99\""}}).status == 412);
  CHECK(first.post(path + "/decision", same, {{"If-Match", "3"}}).status == 400);
  CHECK(first.post(path + "/decision", R"({"candidate":0,"verdict":"same_person"})", match(seen)).status == 422);
  CHECK(first.post(path + "/decision", R"({"candidate":7,"verdict":"not_same","reason":"x"})", match(seen)).status ==
        422);

  const HttpAnswer mine = first.post(path + "/assign", R"({"assignee":"me"})", match(seen));
  REQUIRE(mine.status == 200);
  CHECK(!mine.text("assignee").empty());
  CHECK(first.post(path + "/notes", R"({"text":"stale"})", match(seen)).status == 412);
  const HttpAnswer noted = first.post(path + "/notes", R"({"text":"Telefon sekolah."})", match(mine));
  REQUIRE(noted.status == 200);
  CHECK(first.get("/v1/cases?assignee=me").json().at("items").as_array().size() == 1);

  const HttpAnswer proposed = first.post(path + "/decision", same, match(noted));
  INFO(proposed.body);
  REQUIRE(proposed.status == 200);
  CHECK(proposed.text("state") == "awaiting_second");
  CHECK(service.as("submitter").get("/v1/screenings/" + referral.check).text("outcome") == "under_verification");
  CHECK(first.post(path + "/decision", same, match(proposed)).status == 403);
  const HttpAnswer confirmed = second.post(path + "/decision", same, match(proposed));
  INFO(confirmed.body);
  REQUIRE(confirmed.status == 200);
  CHECK(confirmed.text("state") == "closed_record");
  const HttpAnswer told = service.as("submitter").get("/v1/screenings/" + referral.check);
  CHECK(told.text("outcome") == "record");
  CHECK(told.body.find("KPK-1") == std::string::npos);
  CHECK(first.get("/v1/cases?state=closed").json().at("items").as_array().size() == 1);

  // The same subject again is answered by the decision.
  const HttpAnswer again =
      service.as("submitter")
          .post(
              "/v1/screenings",
              R"({"purpose":"school_staff","consent":true,"subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555"}})");
  CHECK(again.text("outcome") == "record");

  const HttpAnswer reopened = first.post(path + "/reopen", R"({"reason":"rayuan"})", match(confirmed));
  INFO(reopened.body);
  CHECK(reopened.status == 200);
  CHECK(reopened.text("state") == "open");
}

TEST_CASE("Records are corrected and withdrawn under the revision that was seen", "[semakd]") {
  RunningService service;
  const HttpClient client = service.as("registrar");
  const std::string records = "/v1/registers/offenders/records";
  const std::string body =
      R"({"record":{"id":"KPK/9 a","names":[{"text":"Zainal bin Omar"}],"numbers":[{"kind":"mykad","text":"750505-08-5113"}],)"
      R"("date_of_birth":"1975-05-05","sex":"M","fields":{"act_section":"Akta 792 s.5"}},"reason":"surat mahkamah"})";
  const HttpAnswer made = client.post(records, body, {{"Idempotency-Key", "r1"}});
  INFO(made.body);
  REQUIRE(made.status == 201);
  CHECK(made.header("location") == records + "/KPK%2F9%20a");
  CHECK(client.post(records, body, {{"Idempotency-Key", "r1"}}).body == made.body);
  CHECK(client.post(records, body).status == 409);
  const std::string path = made.header("location");
  CHECK(client.get(path).header("etag") == made.header("etag"));

  // It is found at once.
  const HttpAnswer found =
      client.post("/v1/lookups", R"({"subject":{"name":"Zainal bin Omar","id_number":"750505-08-5113"}})");
  INFO(found.body);
  CHECK(found.text("hits/0/record_id") == "KPK/9 a");
  CHECK(found.text("hits/0/fields/act_section") == "Akta 792 s.5");
  CHECK(service.as("caseworker")
            .post("/v1/lookups", R"({"subject":{"name":"Zainal bin Omar"},"registers":["nosuch"]})")
            .status == 422);

  const std::string corrected =
      R"({"record":{"names":[{"text":"Zainal Abidin bin Omar"}],"numbers":[{"kind":"mykad","text":"750505-08-5113"}]},"reason":"ejaan"})";
  CHECK(client.send("PUT", path, corrected, "application/json").status == 428);
  const HttpAnswer after = client.send("PUT", path, corrected, "application/json", match(made));
  INFO(after.body);
  REQUIRE(after.status == 200);
  CHECK(client.send("PUT", path, corrected, "application/json", match(made)).status == 412);
  CHECK(after.text("record/names/0/text") == "Zainal Abidin bin Omar");
  const std::string why = R"({"reason":"rayuan dibenarkan"})";
  CHECK(client.post(path + "/withdraw", why, match(made)).status == 412);
  const HttpAnswer withdrawn = client.post(path + "/withdraw", why, match(after));
  INFO(withdrawn.body);
  REQUIRE(withdrawn.status == 200);
  CHECK(withdrawn.text("state") == "withdrawn");
  CHECK(client.post(path + "/withdraw", why, match(withdrawn)).status == 409);
  const HttpAnswer history = client.get(path + "/history");
  CHECK(history.json().at("items").as_array().size() == 3);
  CHECK(history.text("items/2/revision") == made.text("revision"));

  const HttpAnswer changes = service.as("auditor").get("/v1/registers/offenders/changes?limit=200");
  const json::value log = changes.json();
  const auto& items = log.at("items").as_array();
  REQUIRE(items.size() == 6);
  CHECK(std::string(items[3].at("kind").as_string()) == "added");
  CHECK(std::string(items[4].at("kind").as_string()) == "changed");
  CHECK(std::string(items[5].at("kind").as_string()) == "withdrawn");
  CHECK(service.as("auditor")
            .get("/v1/registers/offenders/changes?cursor=" + changes.text("next_cursor"))
            .json()
            .at("items")
            .as_array()
            .empty());
  const HttpAnswer newest = client.get(records + "?limit=2");
  CHECK(newest.text("items/0/id") == "KPK/9 a");
  CHECK(client.get(records + "?limit=2&cursor=" + newest.text("next_cursor")).json().at("items").as_array().size() ==
        2);
  CHECK(service.as("auditor").get("/v1/registers").json().at("items").as_array().size() == 2);
  CHECK(!client.get("/v1/registers/offenders").json().at("columns").as_array().empty());
}

TEST_CASE("A register kept record by record is confirmed as complete by a registrar; that alone makes it newer",
          "[semakd]") {
  RunningService service;
  const std::string path = "/v1/registers/offenders";
  const HttpClient client = service.as("registrar");
  const std::string loaded = client.get(path).text("complete_at");
  CHECK(loaded.ends_with("Z"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // times are in seconds
  REQUIRE(client
              .post(path + "/records",
                    R"({"record":{"id":"KPK-77","names":[{"text":"Zainal bin Omar"}]},"reason":"surat"})")
              .status == 201);
  const HttpAnswer kept = client.get(path);
  CHECK(kept.text("complete_at") == loaded);
  CHECK(kept.text("updated") > loaded);
  CHECK(service.as("caseworker").post(path + "/complete", "").status == 403);
  CHECK(client.post("/v1/registers/nosuch/complete", "").status == 404);
  const HttpAnswer confirmed = client.post(path + "/complete", "");
  INFO(confirmed.body);
  REQUIRE(confirmed.status == 200);
  CHECK(confirmed.text("complete_at") > loaded);
  CHECK(confirmed.json().at("loads") == kept.json().at("loads"));
  CHECK(client.get("/v1/registers").body.find(confirmed.text("complete_at")) != std::string::npos);
  const HttpAnswer logged = service.as("auditor").get("/v1/audit?kind=load&limit=1");
  CHECK(logged.text("items/0/details/event") == "confirmed complete");
}

TEST_CASE("A withdrawn record turns back what rested on it", "[semakd]") {
  RunningService service;
  const Referral referral = refer(service, "Lim Chong Wei", "790506-07-5123", "TARIK");
  const std::string path = "/v1/registers/offenders/records/KPK-3";
  const HttpAnswer record = service.as("registrar").get(path);
  const HttpAnswer done =
      service.as("registrar").post(path + "/withdraw", R"({"reason":"sabitan diketepikan"})", match(record));
  REQUIRE(done.status == 200);
  CHECK(service.as("submitter").get("/v1/screenings/" + referral.check).text("outcome") == "no_record");
}

TEST_CASE("The audit log tells who did what, names nobody, and verifies", "[semakd]") {
  RunningService service;
  refer(service, "Ahmad bin Kassim", "700101-01-5555", "AUDIT");
  const HttpClient client = service.as("auditor");
  const HttpAnswer page = client.get("/v1/audit?limit=200");
  REQUIRE(page.status == 200);
  CHECK(page.json().at("items").as_array().size() > 5);
  for (const char* secret : {"Ahmad", "Kassim", "700101-01-5555", "700101015555"})
    CHECK(page.body.find(secret) == std::string::npos);
  const HttpAnswer checks = client.get("/v1/audit?kind=check");
  CHECK(checks.json().at("items").as_array().size() == 1);
  CHECK(checks.text("items/0/details/outcome") == "refer");
  const HttpAnswer report = client.post("/v1/audit/verify", "");
  CHECK(report.text("clean") == "true");
  const HttpAnswer exported = client.get("/v1/audit/export");
  CHECK(exported.status == 200);
  CHECK(exported.body.find("\"sequence\"") != std::string::npos);
  CHECK(client.get("/v1/audit/checkpoint").text("public_key").size() == 64);
}

TEST_CASE("The overview counts each day's answers, a tenant's own only", "[semakd]") {
  HttpAnswer week, of_another, own, day;
  for (std::int64_t today = -1; today != malaysian_day_number(now_ms());) {  // anew where midnight came in between
    RunningService service;
    today = malaysian_day_number(now_ms());
    refer(service, "Ahmad bin Kassim", "700101-01-5555", "FIRST");
    week = service.as("admin").get("/v1/overview?days=7");
    of_another = service.as("other").get("/v1/overview");
    own = service.as("submitter").get("/v1/overview");
    refer(service, "Rosmah binti Dollah", "810214-03-5228", "SECOND");
    day = service.as("admin").get("/v1/overview?days=1");
  }
  INFO(week.body);
  CHECK(week.json().at("days").as_array().size() == 7);
  CHECK(week.text("days/6/under_verification") == "1");
  CHECK(week.text("cases/open") == "1");
  CHECK(week.text("referral_ages/0/cases") == "1");
  CHECK(of_another.text("outcomes/under_verification") == "0");
  CHECK(own.text("outcomes/under_verification") == "1");
  CHECK(day.text("outcomes/under_verification") == "2");
}

TEST_CASE("Keys are made, shown once and revoked at once", "[semakd]") {
  RunningService service;
  const HttpClient admin = service.as("admin");
  const HttpAnswer made =
      admin.post("/v1/keys", R"({"label":"Taska Bunga","role":"submitter","tenant":"taska-bunga"})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  const std::string secret = made.text("secret");
  const HttpClient taska(service.daemon().port(), secret);
  CHECK(taska.get("/v1/me").text("tenant") == "taska-bunga");
  CHECK(admin.get("/v1/keys").body.find(secret) == std::string::npos);
  CHECK(admin.post("/v1/keys", R"({"label":"x","role":"submitter","tenant":"Has Blanks"})").status == 422);
  CHECK(admin.post("/v1/keys", R"({"label":"x","role":"submitter","tenant":"t","expires":"2001-01-01"})").status ==
        422);
  CHECK(admin.post("/v1/keys/" + made.text("id") + "/revoke", "").text("revoked") == "true");
  CHECK(taska.get("/v1/me").status == 401);
  CHECK(admin.post("/v1/keys/" + made.text("id") + "/revoke", "").status == 409);
}

TEST_CASE("Policies are read, tried and put in force; answers before keep theirs", "[semakd]") {
  RunningService service;
  const HttpClient admin = service.as("admin");
  const HttpAnswer before = admin.get("/v1/policies/school_staff");
  REQUIRE(before.status == 200);
  std::string toml = before.text("toml");
  const auto body = [](const std::string& text) { return json::serialize(json::object{{"toml", text}}); };
  CHECK(admin.post("/v1/policies/check", body("nonsense = ")).text("good") == "false");
  CHECK(admin.post("/v1/policies/check", body(toml)).text("policy/id") == before.text("id"));
  toml += "\n# from now on\n";
  const std::string wanted = "valid_days = 180";
  toml.replace(toml.find(wanted), wanted.size(), "valid_days = 60");
  const auto put = [&](const std::string& name) {
    return admin.send("PUT", "/v1/policies/" + name, body(toml), "application/json");
  };
  CHECK(put("another").status == 422);
  const HttpAnswer after = put("school_staff");
  INFO(after.body);
  REQUIRE(after.status == 200);
  CHECK(after.text("valid_days") == "60");
  CHECK(after.text("id") != before.text("id"));
  const HttpAnswer old = service.as("auditor").get("/v1/policies/" + before.text("id"));
  CHECK(old.status == 200);
  CHECK(old.text("in_force") == "false");
  CHECK(service.as("submitter").get("/v1/policies/school_staff").text("toml").empty());
  CHECK(service.as("submitter").get("/v1/policies/nosuch").status == 404);
}

}  // namespace
}  // namespace semak
