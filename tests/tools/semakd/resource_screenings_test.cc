#include <chrono>
#include <set>
#include <thread>

#include "tests/tools/semakd/running_service.h"

namespace semak {
namespace {

namespace json = boost::json;

// The smallest exchange, as it is promised.
constexpr const char* kExample =
    R"({"purpose":"school_staff","reference":"HR-17","consent":true,
 "subject":{"name":"Siti Aminah binti Hassan","id_number":"850311-03-5228","date_of_birth":"1985-03-11","sex":"F"}})";
constexpr const char* kOffender =
    R"({"purpose":"school_staff","reference":"HR-18","consent":true,
 "subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555","date_of_birth":"1970-01-01","sex":"M"}})";

std::set<std::string> names_of(const json::value& object) {
  std::set<std::string> names;
  for (const auto& member : object.as_object()) names.insert(std::string(member.key()));
  return names;
}

TEST_CASE("The smallest exchange works as it is promised", "[semakd]") {
  const HttpAnswer answer = shared_service().as("submitter").post("/v1/screenings", kExample);
  INFO(answer.body);
  REQUIRE(answer.status == 201);
  CHECK(answer.text("outcome") == "no_record");
  CHECK(answer.text("policy").find("school_staff@") == 0);
  CHECK(answer.json().at("as_of").at("generation").as_int64() > 0);
  CHECK(answer.text("as_of/time").back() == 'Z');
  CHECK(answer.text("valid_until").size() == 20);
  CHECK(answer.text("reference") == "HR-17");
  CHECK(answer.text("receipt/outcome") == "no_record");
  CHECK(answer.text("receipt/id") == answer.text("id"));
  CHECK(answer.header("location") == "/v1/screenings/" + answer.text("id"));
  const HttpAnswer again = shared_service().as("submitter").get(answer.header("location"));
  CHECK(again.status == 200);
  CHECK(again.text("outcome") == "no_record");
  CHECK(again.text("subject/name") == "Siti Aminah binti Hassan");
}

TEST_CASE("A submitter reads that somebody must look, and never what was found", "[semakd]") {
  const HttpAnswer answer = shared_service().as("submitter").post("/v1/screenings", kOffender);
  REQUIRE(answer.status == 201);
  CHECK(answer.text("outcome") == "under_verification");
  CHECK(answer.text("receipt/outcome") == "under_verification");
  for (const char* secret : {"hits", "case_id", "offenders", "KPK-1", "Akta 792", "score", "probability", "refer\""})
    CHECK(answer.body.find(secret) == std::string::npos);
  CHECK(names_of(answer.json()).count("hits") == 0);
  const HttpAnswer listed = shared_service().as("submitter").get("/v1/screenings?limit=200");
  CHECK(listed.body.find("KPK-1") == std::string::npos);
  CHECK(listed.body.find("Ahmad") == std::string::npos);
}

TEST_CASE("Found or not, a submitter's answer has the same members", "[semakd]") {
  const HttpClient client = shared_service().as("submitter");
  const auto clear = names_of(client.post("/v1/screenings", kExample).json());
  const auto found = names_of(client.post("/v1/screenings", kOffender).json());
  CHECK(clear == found);
}

TEST_CASE("A caseworker sees the comparison, and no offence", "[semakd]") {
  const HttpAnswer answer = shared_service().as("caseworker").post("/v1/screenings", kOffender);
  INFO(answer.body);
  REQUIRE(answer.status == 201);
  CHECK(answer.text("outcome") == "refer");
  CHECK(!answer.text("case_id").empty());
  CHECK(answer.text("hits/0/record_id") == "KPK-1");
  CHECK(answer.text("hits/0/register") == "offenders");
  CHECK(answer.text("hits/0/person/names/0/text") == "Ahmad bin Kassim");
  CHECK(answer.json().at("hits").at(0).at("score_centibits").is_int64());
  CHECK(answer.json().at("hits").at(0).at("probability_bp").as_int64() > 9000);
  CHECK(!answer.text("hits/0/evidence/0/text").empty());
  CHECK(answer.body.find("Akta 792") == std::string::npos);
}

TEST_CASE("Whom the purpose does not know enough of is not screened", "[semakd]") {
  const HttpAnswer answer =
      shared_service()
          .as("submitter")
          .post("/v1/screenings", R"({"purpose":"school_staff","consent":true,"subject":{"name":"Ahmad bin Kassim"}})");
  REQUIRE(answer.status == 201);
  CHECK(answer.text("outcome") == "incomplete");
  CHECK(answer.text("reason") == "too_little_data");
  CHECK(answer.text("valid_until").empty());
  const HttpAnswer without_consent =
      shared_service()
          .as("submitter")
          .post("/v1/screenings",
                R"({"purpose":"school_staff","subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555"}})");
  CHECK(without_consent.text("reason") == "no_consent");
}

TEST_CASE("What cannot be read is refused with its place", "[semakd]") {
  const HttpClient client = shared_service().as("submitter");
  const auto pointer = [&](const std::string& body) {
    return client.post("/v1/screenings", body).text("errors/0/pointer");
  };
  CHECK(client.post("/v1/screenings", "{").status == 400);
  CHECK(client.post("/v1/screenings", R"({"purpose":"school_staff","purpose":"x","subject":{}})").status == 400);
  CHECK(pointer(R"({"purpose":"nosuch","subject":{"name":"A B"}})") == "/purpose");
  CHECK(pointer(R"({"purpose":"school_staff","subject":{"nmae":"A B"}})") == "/subject/nmae");
  CHECK(pointer(R"({"purpose":"school_staff","subject":{"name":"A","sex":"X"}})") == "/subject/sex");
  CHECK(pointer(R"({"purpose":"school_staff","subject":{"name":"A","names":[{"text":1}]}})") ==
        "/subject/names/0/text");
  CHECK(pointer(R"({"purpose":"school_staff","subject":{"name":"A"},"as_of":"2026"})") == "/as_of");
  CHECK(client.send("POST", "/v1/screenings", kExample, "text/plain").status == 415);
}

TEST_CASE("What belongs to another tenant is not there", "[semakd]") {
  RunningService& service = shared_service();
  const std::string id = service.as("submitter").post("/v1/screenings", kOffender).text("id");
  const std::string batch =
      service.as("submitter")
          .post("/v1/batches",
                R"({"purpose":"school_staff","consent":true,"rows":[{"subject":{"name":"Ali bin Abu"}}]})")
          .text("id");
  const std::string watched =
      service.as("submitter")
          .post("/v1/enrolments", R"({"screening_id":")" + id + R"(","consent":true,"until":"2099-01-01"})")
          .text("id");
  const std::string hook =
      service.as("submitter").post("/v1/webhooks", R"({"url":"http://127.0.0.1:9/x","events":["alert"]})").text("id");
  REQUIRE(!id.empty());
  REQUIRE(!batch.empty());
  REQUIRE(!watched.empty());
  REQUIRE(!hook.empty());
  const std::string reason = R"({"reason":"x"})";
  const auto tried = [&](const std::string& who) {
    const HttpClient client = service.as(who);
    std::map<std::string, int> statuses;
    for (const std::string& target :
         {"/v1/screenings/" + id, "/v1/screenings/" + id + "/receipt", "/v1/receipts/" + id + "/verify",
          "/v1/batches/" + batch, "/v1/batches/" + batch + "/results", "/v1/batches/" + batch + "/events",
          "/v1/enrolments/" + watched})
      statuses[target] = client.get(target).status;
    for (const std::string& target :
         {"/v1/batches/" + batch + "/cancel", "/v1/enrolments/" + watched + "/end", "/v1/webhooks/" + hook + "/test"})
      statuses[target] = client.post(target, "").status;
    statuses["erase"] = client.post("/v1/screenings/" + id + "/erase", reason).status;
    statuses["delete"] = client.send("DELETE", "/v1/webhooks/" + hook, "", "").status;
    statuses["enrol"] =
        client.post("/v1/enrolments", R"({"screening_id":")" + id + R"(","consent":true,"until":"2099-01-01"})").status;
    return statuses;
  };
  for (const char* stranger : {"other", "other_caseworker"})
    for (const auto& [what, status] : tried(stranger)) {
      INFO(stranger << ' ' << what);
      const bool by_role = what == "erase" && std::string(stranger) == "other";
      CHECK(status == (what == "enrol" ? 422 : by_role ? 403 : 404));
    }
  CHECK(service.as("other").get("/v1/screenings").json().at("items").as_array().empty());
  CHECK(service.as("other").get("/v1/batches").json().at("items").as_array().empty());
  CHECK(service.as("other").get("/v1/enrolments").json().at("items").as_array().empty());
  CHECK(service.as("other").get("/v1/webhooks").json().at("items").as_array().empty());
  // The agency's caseworkers see everybody's checks and their referrals, other tenants' do not.
  const HttpAnswer seen = service.as("caseworker").get("/v1/screenings/" + id);
  REQUIRE(seen.status == 200);
  const std::string item = seen.text("case_id");
  CHECK(service.as("caseworker").get("/v1/cases/" + item).status == 200);
  CHECK(service.as("other_caseworker").get("/v1/cases/" + item).status == 404);
  CHECK(service.as("other_caseworker").get("/v1/cases").json().at("items").as_array().empty());
}

TEST_CASE("Own checks are listed newest first, a page at a time", "[semakd]") {
  RunningService& service = shared_service();
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    made.push_back(
        service.as("submitter")
            .post(
                "/v1/screenings",
                R"({"purpose":"school_staff","reference":"PAGE","consent":true,"subject":{"name":"Ali bin Abu","date_of_birth":"1990-01-0)" +
                    std::to_string(i + 1) + "\"}}")
            .text("id"));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // ids order what was made in different milliseconds
  }
  std::vector<std::string> listed;
  std::string cursor;
  int pages = 0;
  do {
    const HttpAnswer page =
        service.as("submitter")
            .get("/v1/screenings?reference=PAGE&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    REQUIRE(page.status == 200);
    const json::value said = page.json();
    for (const json::value& item : said.at("items").as_array()) listed.emplace_back(item.at("id").as_string());
    cursor = page.text("next_cursor");
    ++pages;
  } while (!cursor.empty() && pages < 10);
  CHECK(pages == 3);
  CHECK(listed == std::vector<std::string>(made.rbegin(), made.rend()));
}

TEST_CASE("A household is answered person by person, and as its gravest answer", "[semakd]") {
  const HttpAnswer answer = shared_service().as("caseworker").post("/v1/screenings/household", R"({
    "purpose":"adoption_foster","consent":true,"reference":"RUMAH-9","adults":[
      {"subject":{"name":"Siti Aminah binti Hassan","id_number":"850311-03-5228"},"relationship":"isteri"},
      {"subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555"}}]})");
  INFO(answer.body);
  REQUIRE(answer.status == 201);
  CHECK(answer.text("outcome") == "refer");
  CHECK(answer.json().at("screenings").as_array().size() == 2);
  CHECK(answer.text("screenings/1/hits/0/fields/act_section") == "Akta 792 s.14");
  CHECK(shared_service()
            .as("caseworker")
            .post("/v1/screenings/household", R"({"purpose":"adoption_foster","adults":[]})")
            .status == 422);
}

TEST_CASE("A carer's standing is told for the child and the day", "[semakd]") {
  const HttpClient client = shared_service().as("caseworker");
  const auto state = [&](const std::string& child, const std::string& day) {
    return client
        .post(
            "/v1/standings",
            R"({"subject":{"name":"Siti Aminah binti Hassan","id_number":"850311-03-5228","date_of_birth":"1985-03-11"},)"
            R"("child":{"reference":")" +
                child + R"("},"as_of":")" + day + "\"}")
        .text("standing/state");
  };
  CHECK(state("KNK-7", "2026-11-20") == "fit");
  CHECK(state("KNK-7", "2028-06-01") == "expired");
  CHECK(state("KNK-8", "2026-11-20") == "not_fit");
}

TEST_CASE("A receipt can be had again, printed and verified, by whoever brings it", "[semakd]") {
  RunningService& service = shared_service();
  const HttpAnswer made = service.as("submitter").post("/v1/screenings", kExample);
  const std::string path = "/v1/screenings/" + made.text("id") + "/receipt";
  const HttpAnswer receipt = service.as("submitter").get(path);
  REQUIRE(receipt.status == 200);
  CHECK(receipt.header("content-type") == "application/json");
  CHECK(receipt.json() == made.json().at("receipt"));
  for (const HttpAnswer& letter : {service.as("submitter").get(path + "?format=html&lang=ms"),
                                   service.as("submitter").get(path + "?lang=ms", {{"Accept", "text/html"}})}) {
    CHECK(letter.status == 200);
    CHECK(letter.header("content-type").find("text/html") == 0);
    CHECK(letter.body.find("Siti Aminah binti Hassan") != std::string::npos);
    CHECK(letter.header("content-security-policy").find("default-src 'none'") == 0);
  }
  CHECK(service.as("submitter").get(path, {{"Accept", "image/png"}}).status == 406);

  const std::string brought = json::serialize(made.json().at("receipt"));
  const std::string subject = json::serialize(made.json().at("subject"));
  const std::string salt = made.text("receipt_salt");
  const HttpClient elsewhere = service.as("other");
  const HttpAnswer good = elsewhere.post("/v1/receipts/verify", "{\"receipt\":" + brought + "}");
  CHECK(good.text("state") == "good");
  // Of another tenant's check nothing more is told than the receipt says itself.
  CHECK(good.text("current_outcome").empty());
  CHECK(service.as("submitter").post("/v1/receipts/verify", "{\"receipt\":" + brought + "}").text("current_outcome") ==
        "no_record");
  const std::string with_subject =
      "{\"receipt\":" + brought + ",\"subject\":" + subject + ",\"salt\":\"" + salt + "\"}";
  CHECK(elsewhere.post("/v1/receipts/verify", with_subject).text("state") == "good");
  std::string of_another = with_subject;
  of_another.replace(of_another.find("Siti Aminah"), 11, "Siti Aishah");
  CHECK(elsewhere.post("/v1/receipts/verify", of_another).text("state") == "of_another_subject");
  std::string forged = "{\"receipt\":" + brought + "}";
  forged.replace(forged.find("no_record"), 9, "record\",\"x\":\"");
  CHECK(elsewhere.post("/v1/receipts/verify", forged).status == 422);
  forged = "{\"receipt\":" + brought + "}";
  forged.replace(forged.find("HR-17"), 5, "HR-99");
  CHECK(elsewhere.post("/v1/receipts/verify", forged).text("state") == "forged");
}

TEST_CASE("The same thing asked for twice is done once", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient::Headers key = {{"Idempotency-Key", "order-66"}};
  const HttpAnswer first = service.as("submitter").post("/v1/screenings", kExample, key);
  const HttpAnswer second = service.as("submitter").post("/v1/screenings", kExample, key);
  REQUIRE(first.status == 201);
  CHECK(second.status == 201);
  CHECK(second.body == first.body);
  CHECK(second.header("location") == first.header("location"));
  CHECK(second.header("idempotency-replayed") == "true");
  CHECK(service.as("submitter").post("/v1/screenings", kOffender, key).status == 422);
  // A key is a tenant's.
  const HttpAnswer elsewhere = service.as("other").post("/v1/screenings", kExample, key);
  CHECK(elsewhere.status == 201);
  CHECK(elsewhere.text("id") != first.text("id"));
  CHECK(service.as("submitter").post("/v1/screenings", kExample, {{"Idempotency-Key", "a b"}}).status == 400);
  // A refused request leaves its key free for the mended one.
  const HttpClient::Headers mended = {{"Idempotency-Key", "order-67"}};
  CHECK(service.as("submitter").post("/v1/screenings", R"({"purpose":"no","subject":{}})", mended).status == 422);
  CHECK(service.as("submitter").post("/v1/screenings", kExample, mended).status == 201);
}

TEST_CASE("A repeated request is known after a restart", "[semakd]") {
  RunningService service;
  const HttpClient::Headers key = {{"Idempotency-Key", "over-night"}};
  const HttpAnswer first = service.as("submitter").post("/v1/screenings", kExample, key);
  REQUIRE(first.status == 201);
  service.restart();
  const HttpAnswer second = service.as("submitter").post("/v1/screenings", kExample, key);
  CHECK(second.body == first.body);
  CHECK(service.as("submitter").get("/v1/screenings?reference=HR-17").json().at("items").as_array().size() == 1);
}

TEST_CASE("A person's data are erased on request; the answer stays", "[semakd]") {
  RunningService& service = shared_service();
  const std::string id = service.as("submitter").post("/v1/screenings", kExample).text("id");
  CHECK(service.as("caseworker").post("/v1/screenings/" + id + "/erase", R"({"reason":"asked for"})").status == 204);
  const HttpAnswer after = service.as("submitter").get("/v1/screenings/" + id);
  REQUIRE(after.status == 200);
  CHECK(after.text("outcome") == "no_record");
  CHECK(after.text("erased") == "true");
  CHECK(after.body.find("Siti") == std::string::npos);
  CHECK(after.text("purpose") == "school_staff");
  const std::string open = service.as("submitter").post("/v1/screenings", kOffender).text("id");
  CHECK(service.as("caseworker").post("/v1/screenings/" + open + "/erase", R"({"reason":"x"})").status >= 400);
}

}  // namespace
}  // namespace semak
