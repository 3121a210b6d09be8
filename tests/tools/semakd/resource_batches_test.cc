#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <xlsxwriter.h>

#include "loaders/source.h"
#include "tests/tools/semakd/running_service.h"

namespace semak {
namespace {

namespace json = boost::json;

struct Part {
  std::string name, file_name, text;
};

constexpr const char* kFormType = "multipart/form-data; boundary=XyZ";

std::string form(const std::vector<Part>& parts) {
  std::string body;
  for (const Part& part : parts) {
    body += "--XyZ\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
    if (!part.file_name.empty()) body += "; filename=\"" + part.file_name + "\"";
    body += "\r\n\r\n" + part.text + "\r\n";
  }
  return body + "--XyZ--\r\n";
}

const std::string kPeople =
    "ID,Nama Pekerja,No KP,Jabatan\n"
    "1,Ahmad bin Kassim,700101-01-5555,Kantin\n"
    "2,Siti Aminah binti Hassan,850311-03-5228,\"=1+1\"\n"
    "3,,900101-14-5001,Kantin\n"
    "=cmd|x,Tan Mei Ling,880808-07-5202,Asrama\n"
    "5,Abu,,Asrama\n";

HttpAnswer upload(const HttpClient& client, const std::string& path, const std::vector<Part>& parts) {
  return client.send("POST", path, form(parts), kFormType);
}

HttpAnswer finished(const HttpClient& client, const std::string& id) {
  HttpAnswer answer;
  for (int i = 0; i < 4800; ++i) {
    answer = client.get("/v1/batches/" + id);
    const std::string state = answer.text("state");
    if (state == "done" || state == "failed" || state == "cancelled") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  return answer;
}

TEST_CASE("A preview says what would be made of a file, and stores nothing", "[semakd]") {
  const HttpClient client = shared_service().as("other");
  const HttpAnswer preview =
      upload(client, "/v1/batches/preview", {{"file", "senarai.csv", kPeople}, {"purpose", "", "school_staff"}});
  INFO(preview.body);
  REQUIRE(preview.status == 200);
  CHECK(preview.text("ready") == "true");
  CHECK(preview.text("rows") == "4");
  CHECK(preview.text("rejected") == "1");
  CHECK(preview.text("too_little") == "1");
  CHECK(preview.text("columns/1/heading") == "Nama Pekerja");
  CHECK(preview.text("columns/1/column") == "name");
  CHECK(preview.text("columns/2/column") == "id_number");
  CHECK(preview.text("columns/3/column") == "null");
  CHECK(preview.text("columns/3/samples/0") == "Kantin");
  CHECK(preview.text("first_rows/0/name") == "Ahmad bin Kassim");
  CHECK(preview.text("rejects/0/line") == "4");
  CHECK(preview.text("rejects/0/field") == "name");
  CHECK(preview.text("rejects/0/reason") == "no name");
  const HttpAnswer malay = client.send("POST", "/v1/batches/preview",
                                       form({{"file", "senarai.csv", kPeople}, {"purpose", "", "school_staff"}}),
                                       kFormType, {{"Accept-Language", "ms"}});
  CHECK(malay.text("rejects/0/reason") == "tiada nama");
  CHECK(malay.text("rejects/0/cure").find("isi nama") == 0);
  CHECK(client.get("/v1/batches").json().at("items").as_array().empty());
  CHECK(client.get("/v1/screenings").json().at("items").as_array().empty());
}

TEST_CASE("Columns that are not recognised can be said", "[semakd]") {
  const HttpClient client = shared_service().as("submitter");
  const std::string file = "Siapa;Kod\nAhmad bin Kassim;700101-01-5555\n";
  const std::vector<Part> unsaid = {{"file", "x.csv", file}, {"purpose", "", "school_staff"}};
  const HttpAnswer without = upload(client, "/v1/batches/preview", unsaid);
  REQUIRE(without.status == 200);
  CHECK(without.text("ready") == "false");
  CHECK(!without.text("error").empty());
  CHECK(without.body.find("uploads") == std::string::npos);
  CHECK(without.text("columns/0/heading") == "Siapa");
  std::vector<Part> said = unsaid;
  said.push_back({"mapping", "", R"({"columns":{"Siapa":"name","Kod":"id_number"},"constants":{"consent":"ya"}})"});
  const HttpAnswer with = upload(client, "/v1/batches/preview", said);
  CHECK(with.text("ready") == "true");
  CHECK(with.text("columns/0/column") == "name");
  CHECK(with.text("first_rows/0/numbers/0") == "700101-01-5555");
  said.back().text = R"({"columns":{"Siapa":"nosuch"}})";
  CHECK(upload(client, "/v1/batches/preview", said).status == 422);
  said.back().text = R"({"columns":{"Si\"apa\n[x]":"name"}})";
  CHECK(upload(client, "/v1/batches/preview", said).status == 200);
}

TEST_CASE("A file of people is checked row by row, and its results can be had in three forms", "[semakd]") {
  const HttpClient client = shared_service().as("submitter");
  const HttpAnswer taken = upload(client, "/v1/batches",
                                  {{"file", "Senarai staf.csv", kPeople},
                                   {"purpose", "", "school_staff"},
                                   {"reference", "", "SK-1"},
                                   {"consent", "", "true"}});
  INFO(taken.body);
  REQUIRE(taken.status == 202);
  const std::string id = taken.text("id");
  CHECK(taken.header("location") == "/v1/batches/" + id);
  const HttpAnswer done = finished(client, id);
  CHECK(done.text("state") == "done");
  CHECK(done.text("rows") == "5");
  CHECK(done.text("done") == "4");
  CHECK(done.text("rejected") == "1");
  CHECK(done.text("outcomes/under_verification") == "1");
  CHECK(done.text("file_name") == "Senarai staf.csv");

  const std::string results = "/v1/batches/" + id + "/results";
  const HttpAnswer page = client.get(results + "?limit=2");
  CHECK(page.json().at("items").as_array().size() == 2);
  CHECK(page.text("items/0/outcome") == "under_verification");
  CHECK(page.body.find("score") == std::string::npos);
  CHECK(page.body.find("case_id") == std::string::npos);
  const HttpAnswer rest = client.get(results + "?limit=200&cursor=" + page.text("next_cursor"));
  CHECK(rest.json().at("items").as_array().size() == 3);
  CHECK(rest.text("items/0/state") == "rejected");
  CHECK(rest.text("next_cursor").empty());
  CHECK(client.get(results + "?outcome=rejected").json().at("items").as_array().size() == 1);
  CHECK(client.get(results + "?outcome=incomplete").text("items/0/reason") == "too_little_data");

  const HttpAnswer csv = client.get(results, {{"Accept", "text/csv"}});
  CHECK(csv.header("content-type").find("text/csv") == 0);
  CHECK(csv.body.find("row,query_id,name,outcome") == 0);
  CHECK(std::count(csv.body.begin(), csv.body.end(), '\n') == 6);
  CHECK(csv.body.find("\r\n4,'=cmd|x,Tan Mei Ling,no_record") != std::string::npos);
  const std::string seen = shared_service().as("caseworker").get(results + "?format=csv").body;
  for (const char* number : {"700101-01-5555", "700101015555"}) CHECK(seen.find(number) == std::string::npos);

  const HttpAnswer xlsx = client.get(results + "?format=xlsx&lang=ms");
  REQUIRE(xlsx.status == 200);
  TemporaryFolder folder;
  const auto path = folder / "results.xlsx";
  std::ofstream(path, std::ios::binary) << xlsx.body;
  SourceOptions options;
  options.kind = RowKind::subject;
  auto source = Source::open(path, options);
  REQUIRE(source.ok());
  SourceBatch rows;
  REQUIRE((*source)->next(rows, 100).ok());
  CHECK(rows.rows.size() == 4);
  CHECK(rows.rows.front().subject.names.front().text == "Ahmad bin Kassim");

  const HttpAnswer events = client.get("/v1/batches/" + id + "/events");
  CHECK(events.header("content-type") == "text/event-stream");
  CHECK(events.body.find("event: progress") != std::string::npos);
  CHECK(events.body.find("event: end") != std::string::npos);
  CHECK(client.post("/v1/batches/" + id + "/cancel", "").status == 409);
}

std::string workbook_of_numbers(const std::filesystem::path& path) {
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "Senarai");
  const char* const headings[] = {"Bil", "Nama", "No KP", "Tarikh Lahir"};
  for (lxw_col_t i = 0; i < 4; ++i) worksheet_write_string(sheet, 0, i, headings[i], nullptr);
  lxw_format* date = workbook_add_format(book);
  format_set_num_format(date, "dd/mm/yyyy");
  const lxw_datetime day = {1970, 1, 1, 0, 0, 0};
  worksheet_write_number(sheet, 1, 0, 1, nullptr);
  worksheet_write_string(sheet, 1, 1, "Ahmad bin Kassim", nullptr);
  worksheet_write_number(sheet, 1, 2, 700101015555.0, nullptr);
  worksheet_write_datetime(sheet, 1, 3, const_cast<lxw_datetime*>(&day), date);
  worksheet_write_number(sheet, 2, 0, 2, nullptr);
  worksheet_write_string(sheet, 2, 1, "=HYPERLINK(\"http://x\")", nullptr);
  worksheet_write_number(sheet, 2, 2, 10203045678.0, nullptr);  // 010203-04-5678, its zero lost
  REQUIRE(workbook_close(book) == LXW_NO_ERROR);
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("Numbers and dates that a spreadsheet keeps as numbers are read as they were meant", "[semakd]") {
  const HttpClient client = shared_service().as("submitter");
  TemporaryFolder folder;
  const std::string book = workbook_of_numbers(folder / "staf.xlsx");
  const std::vector<Part> parts = {
      {"file", "staf.xlsx", book}, {"purpose", "", "school_staff"}, {"consent", "", "true"}};
  const HttpAnswer preview = upload(client, "/v1/batches/preview", parts);
  INFO(preview.body);
  CHECK(preview.text("rows") == "2");
  CHECK(preview.text("columns/2/samples/0") == "700101015555");
  CHECK(preview.text("first_rows/0/numbers/0") == "700101015555");
  CHECK(preview.text("first_rows/0/date_of_birth") == "1970-01-01");
  CHECK(preview.text("first_rows/1/numbers/0") == "10203045678");
  const std::string id = upload(client, "/v1/batches", parts).text("id");
  CHECK(finished(client, id).text("outcomes/under_verification") == "1");
  const std::string csv = client.get("/v1/batches/" + id + "/results?format=csv").body;
  CHECK(csv.find("\"'=HYPERLINK(\"\"http://x\"\")\"") != std::string::npos);
}

TEST_CASE("Ten megabytes of people are previewed, taken and cancelled; what was not checked says so", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient client = service.as("submitter");
  std::string file = "id,nama,no kp,jabatan\n";
  constexpr std::size_t kBytes = 10'000'000;
  std::size_t rows = 0;
  for (; file.size() < kBytes; ++rows)
    file += std::to_string(rows) + ",Ali bin Abu " + std::to_string(rows) + ",900101-14-" +
            std::to_string(1000 + rows % 9000) + "," + std::string(200, 'x') + "\n";
  const std::vector<Part> parts = {
      {"file", "besar.csv", file}, {"purpose", "", "school_staff"}, {"consent", "", "true"}};
  const HttpAnswer preview = upload(client, "/v1/batches/preview", parts);
  CHECK(preview.text("rows") == std::to_string(rows));
  CHECK(preview.text("columns/3/samples/0").size() < 400);
  CHECK(preview.body.size() < 20000);
  const HttpAnswer taken = upload(client, "/v1/batches", parts);
  INFO(taken.body);
  REQUIRE(taken.status == 202);
  CHECK(taken.text("rows") == std::to_string(rows));
  const std::string batch = "/v1/batches/" + taken.text("id");
  REQUIRE(client.post(batch + "/cancel", "").status == 200);
  const HttpAnswer ended = finished(client, taken.text("id"));
  CHECK(ended.text("state") == "cancelled");
  const std::string last = std::to_string(rows - 1);
  const HttpAnswer page = client.get(batch + "/results?cursor=" + last);
  CHECK(page.text("items/0/state") == "cancelled");
  CHECK(page.text("items/0/row") == last);
  CHECK(page.text("next_cursor").empty());
  // Every row stands in the file, whether it was checked or not.
  const std::string csv = client.get(batch + "/results?format=csv&lang=en").body;
  CHECK(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) == rows + 1);
  CHECK(csv.find("Not checked: the batch was cancelled") != std::string::npos);
  CHECK(csv.find("Not yet checked") == std::string::npos);
  CHECK(client.get(batch + "/results?outcome=no_record&limit=1").status == 200);
}

TEST_CASE("Caseworkers read scores and cases in a batch's results", "[semakd]") {
  const HttpClient client = shared_service().as("caseworker");
  const HttpAnswer taken = client.post("/v1/batches", R"({"purpose":"batch_vetting","consent":true,"rows":[
    {"query_id":"a","subject":{"name":"Rosmah binti Dollah","id_number":"810214-03-5228"}},
    {"query_id":"b","subject":{"name":"Tan Mei Ling","id_number":"880808-07-5202"}}]})");
  REQUIRE(taken.status == 202);
  CHECK(finished(client, taken.text("id")).text("outcomes/under_verification") == "1");
  const HttpAnswer page = client.get("/v1/batches/" + taken.text("id") + "/results");
  CHECK(page.text("items/0/outcome") == "refer");
  CHECK(!page.text("items/0/case_id").empty());
  CHECK(page.json().at("items").at(0).at("score_centibits").as_int64() > 0);
  CHECK(page.text("items/1/outcome") == "no_record");
}

TEST_CASE("Uploads that cannot be read leave nothing behind", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient client = service.as("other");
  const auto status = [&](const std::vector<Part>& parts) { return upload(client, "/v1/batches", parts).status; };
  CHECK(status({{"purpose", "", "school_staff"}}) == 422);
  CHECK(status({{"file", "x.csv", kPeople}}) == 422);
  CHECK(status({{"file", "x.csv", kPeople}, {"purpose", "", "nosuch"}}) == 422);
  CHECK(status({{"file", "x.exe", kPeople}, {"purpose", "", "school_staff"}}) == 422);
  CHECK(status({{"file", "x.xlsx", kPeople}, {"purpose", "", "school_staff"}}) == 422);
  CHECK(status({{"file", "x.csv", ""}, {"purpose", "", "school_staff"}}) == 422);
  CHECK(status({{"file", "x.csv", "name\n"}, {"purpose", "", "school_staff"}}) == 422);
  CHECK(status({{"file", "x.csv", kPeople}, {"purpose", "", "school_staff"}, {"nonsense", "", "1"}}) == 400);
  CHECK(
      status({{"file", "x.csv", kPeople}, {"purpose", "", "school_staff"}, {"reference", "", std::string(481, 'x')}}) ==
      400);
  CHECK(client.send("POST", "/v1/batches", "no form", kFormType).status == 400);
  CHECK(client.get("/v1/batches").json().at("items").as_array().empty());
  const auto uploads = service.office().engine().folder() / "uploads";
  CHECK((!std::filesystem::exists(uploads) || std::filesystem::is_empty(uploads)));
}

TEST_CASE("A register file goes in with its mapping, and its rejects come back", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient client = service.as("registrar");
  const std::string file = "Kod,Nama,IC,Tarikh Lahir\nX1,Ali bin Abu,900202-01-5011,1990-02-02\nX2,,,\n";
  const std::string path = "/v1/registers/rujukan/uploads";
  CHECK(upload(client, path, {{"file", "r.csv", file}}).status == 422);  // a new register needs its kind
  const std::vector<Part> parts = {
      {"file", "r.csv", file}, {"kind", "", "reference"}, {"mapping", "", R"({"columns":{"Kod":"id"}})"}};
  const HttpAnswer preview = upload(client, path + "/preview", parts);
  INFO(preview.body);
  CHECK(preview.text("rows") == "1");
  CHECK(preview.text("rejected") == "1");
  CHECK(client.get("/v1/registers/rujukan").status == 404);
  const HttpAnswer taken = upload(client, path, parts);
  INFO(taken.body);
  REQUIRE(taken.status == 202);
  HttpAnswer job;
  for (int i = 0; i < 4800 && job.text("state") != "done" && job.text("state") != "failed"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    job = client.get(taken.header("location"));
  }
  INFO(job.body);
  CHECK(job.text("state") == "done");
  CHECK(job.text("report/added") == "1");
  CHECK(job.text("rejects") == "true");
  CHECK(job.body.find("uploads/upload") == std::string::npos);
  const HttpAnswer rejects = client.get(taken.header("location") + "/rejects");
  CHECK(rejects.body.find("semak_reason") != std::string::npos);
  CHECK(client.get("/v1/registers/rujukan").text("history/0/files/0") == "r.csv");
  CHECK(upload(client, path, {{"file", "r.csv", file}, {"kind", "", "offender"}}).status == 422);
}

}  // namespace
}  // namespace semak
