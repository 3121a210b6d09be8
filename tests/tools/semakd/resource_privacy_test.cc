// Names and numbers of people stay out of what is written down about requests.
#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/tools/semakd/running_service.h"

namespace semak {
namespace {

const std::string kName = "Zulkarnain bin Pelangi", kNumber = "910307-11-5437", kDigits = "910307115437";

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// How often a text names the person, however written.
std::vector<std::string> mentions(const std::string& text) {
  std::vector<std::string> found;
  const std::string all = lower(text);
  for (const std::string& needle : {std::string("zulkarnain"), std::string("pelangi"), kNumber, kDigits})
    for (std::size_t at = all.find(needle); at != std::string::npos; at = all.find(needle, at + 1)) {
      const std::size_t begin = all.rfind('\n', at) + 1;
      found.push_back(text.substr(begin, std::min(all.find('\n', at), begin + 400) - begin));
    }
  return found;
}

std::string form(const std::string& file_name, const std::string& text, const std::string& fields) {
  return "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + file_name + "\"\r\n\r\n" + text +
         "\r\n" + fields + "--XyZ--\r\n";
}

std::string field(const std::string& name, const std::string& value) {
  return "--XyZ\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

// Everything that takes a person, and requests that go wrong with one in them.
void be_busy(RunningService& service) {
  const std::string subject = R"("subject":{"name":")" + kName + R"(","id_number":")" + kNumber + R"("})";
  const std::string common = R"("purpose":"school_staff","consent":true,"reference":"HR )" + kName + R"(",)" + subject;
  const HttpClient submitter = service.as("submitter"), caseworker = service.as("caseworker"),
                   registrar = service.as("registrar");
  const std::string record = R"("record":{"id":"KPK-9","names":[{"text":")" + kName + R"("}],"numbers":[{"text":")" +
                             kNumber + R"("}],"date_of_birth":"1991-03-07","sex":"M"})";
  const HttpAnswer made = registrar.post("/v1/registers/offenders/records", "{" + record + R"(,"reason":"baharu"})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  const HttpAnswer corrected =
      registrar.send("PUT", "/v1/registers/offenders/records/KPK-9", "{" + record + R"(,"reason":"ejaan"})",
                     "application/json", {{"If-Match", made.header("etag")}});
  CHECK(corrected.status < 300);
  const HttpAnswer check = submitter.post("/v1/screenings", "{" + common + "}");
  REQUIRE(check.text("outcome") == "under_verification");
  const std::string item = caseworker.get("/v1/screenings/" + check.text("id")).text("case_id");
  const HttpAnswer shown = caseworker.get("/v1/cases/" + item);
  REQUIRE(shown.text("candidates/0/hit/record_id") == "KPK-9");
  const HttpAnswer noted = caseworker.post("/v1/cases/" + item + "/notes", R"({"text":"Telefon )" + kName + R"("})",
                                           {{"If-Match", shown.header("etag")}});
  CHECK(noted.status == 200);
  CHECK(caseworker
            .post("/v1/cases/" + item + "/decision",
                  R"({"candidate":0,"verdict":"same_person","reason":")" + kNumber + R"( sama"})",
                  {{"If-Match", noted.header("etag")}})
            .status == 200);
  CHECK(submitter.get("/v1/screenings/" + check.text("id") + "/receipt?format=html").status == 200);
  CHECK(submitter.post("/v1/enrolments", R"({"until":"2099-01-01",)" + common + "}").status == 201);
  CHECK(
      submitter
          .post("/v1/screenings/household", R"({"purpose":"school_staff","consent":true,"adults":[{)" + subject + "}]}")
          .status == 201);
  CHECK(caseworker.post("/v1/standings", "{" + subject + "}").status == 201);
  CHECK(caseworker.post("/v1/lookups", "{" + subject + "}").status == 200);
  CHECK(caseworker.post("/v1/subject-reports", "{" + subject + R"(,"reason":"permohonan"})").status == 200);
  const std::string csv = "name,id_number\n" + kName + "," + kNumber + "\n,x\n";
  const std::string multipart = "multipart/form-data; boundary=XyZ";
  const HttpAnswer batch =
      submitter.send("POST", "/v1/batches",
                     form(kName + ".csv", csv, field("purpose", "school_staff") + field("consent", "true")), multipart);
  REQUIRE(batch.status == 202);
  for (int i = 0; i < 4800 && submitter.get("/v1/batches/" + batch.text("id")).text("state") != "done"; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  CHECK(submitter.get("/v1/batches/" + batch.text("id") + "/results?format=csv").body.find(kName) != std::string::npos);
  submitter.send("POST", "/v1/batches/preview", form(kName + ".csv", csv, field("purpose", "school_staff")), multipart);

  // Misplaced by whoever wrote the client.
  submitter.get("/v1/screenings/" + kNumber);
  submitter.get("/v1/" + kDigits);
  submitter.get("/v1/screenings?reference=Zulkarnain");
  submitter.get("/v1/screenings?" + kDigits + "=1");
  submitter.get("/v1/screenings/x?name=Zulkarnain+bin+Pelangi");
  registrar.get("/v1/registers/Zulkarnain/records/" + kNumber);
  caseworker.get("/v1/cases?q=Zulkarnain");
  submitter.send("PATCH", "/v1/screenings/" + kNumber, "", "");
  submitter.send(kDigits, "/v1/screenings", "", "");
  submitter.post("/v1/screenings", R"({"purpose":")" + kName + R"(",)" + subject + "}");
  submitter.post("/v1/screenings", "{\"" + kName + "\":1}");
  submitter.post("/v1/screenings", "{" + common);
  submitter.post("/v1/screenings", "{" + common + "}", {{"Idempotency-Key", kNumber}});
  submitter.post("/v1/screenings", "{" + common + "}", {{"Content-Language", kName}, {"User-Agent", kName}});
  submitter.send("POST", "/v1/batches", form(kName + ".exe", csv, field("purpose", "school_staff")), multipart);
  submitter.send("POST", "/v1/batches", form("x.xlsx", csv, field("purpose", kName)), multipart);
  registrar.post("/v1/registers/offenders/records", "{" + record + R"(,"reason":"lagi"})");
  submitter.post("/v1/webhooks", R"({"url":"https://)" + kDigits + R"(.invalid/Zulkarnain","events":["alert"]})");
  HttpClient(service.daemon().port(), kDigits).get("/v1/me");
}

TEST_CASE("Neither the log nor the audit trail names anybody who was asked about", "[semakd]") {
  TemporaryFolder folder;
  const std::string path = (folder / "log").string();
  const int log = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  REQUIRE(log >= 0);
  std::string trail;
  {
    RunningService service(log);
    set_service_log(&service.log());
    be_busy(service);
    const HttpAnswer exported = service.as("auditor").get("/v1/audit/export");
    CHECK(exported.status == 200);
    trail = exported.body;
    service.log().flush();
    set_service_log(nullptr);
  }
  ::close(log);
  std::ifstream file(path);
  const std::string lines{std::istreambuf_iterator<char>(file), {}};
  CHECK(std::count(lines.begin(), lines.end(), '\n') > 30);
  CHECK(std::count(trail.begin(), trail.end(), '\n') > 10);
  CHECK(mentions(lines) == std::vector<std::string>());
  CHECK(mentions(trail) == std::vector<std::string>());
}

}  // namespace
}  // namespace semak
