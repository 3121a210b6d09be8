#include "tools/semakd/json.h"

#include "tests/catch.h"

using namespace semak;

namespace {

std::string fault_of(std::string_view text) {
  JsonBody body(text, Language::en);
  if (body.ok()) return "";
  const Problem problem = body.problem();
  if (problem.faults.empty()) return to_string(problem.kind);
  return problem.faults.front().pointer + " " + problem.faults.front().code;
}

}  // namespace

TEST_CASE("JSON that others read in two ways is refused") {
  CHECK(fault_of(R"({"a":1,"b":{"c":[{"d":1,"d":2}]}})") == "/b/c/0/d duplicate_member");
  CHECK(fault_of(R"({"a":1,"a":1})") == "/a duplicate_member");
  CHECK(fault_of(R"([{"x~/y":1},{"x~/y":1,"x~\/y":2}])") == "/1/x~0~1y duplicate_member");
  for (const char* malformed : {"", "{", "{}x", "{\"a\":1,}", "[01]", "[1e400]", "[-1e400]", "{\"a\":NaN}",
                                "\xEF\xBB\xBF{}", "[\"\xC0\xAF\"]", "[\"\\ud800\"]", "// {}", "{'a':1}"}) {
    INFO(malformed);
    CHECK(fault_of(malformed) == "malformed_request");
  }
  CHECK(fault_of(std::string(40, '[') + std::string(40, ']')) == "malformed_request");
  CHECK(fault_of(std::string(30, '[') + std::string(30, ']')).empty());
  CHECK(fault_of(R"({"a":{"d":1},"b":{"d":1},"c":[{"d":1},{"d":2}]})").empty());
}

TEST_CASE("Every member is accounted for, with its place and the first of what is wrong with it") {
  JsonBody body(R"({"name":"A\u0000B","age":1.5,"tags":["a",1],"inner":{"odd":true},"flag":"yes","more":1})",
                Language::en);
  JsonObject top = body.object();
  CHECK(top.need_text("name", 100).empty());
  CHECK(top.need_integer("age", 0, 150) == 0);
  top.texts("tags", 5, 10);
  JsonObject inner = top.need_object("inner");
  CHECK(inner.need_text("purpose", 10).empty());
  inner.finish();
  CHECK_FALSE(top.need_flag("flag"));
  top.finish();
  REQUIRE_FALSE(body.ok());
  std::vector<std::string> seen;
  for (const FieldFault& fault : body.problem().faults) seen.push_back(fault.pointer + " " + fault.code);
  CHECK(seen == std::vector<std::string>{"/name control_characters", "/age not_an_integer", "/tags/1 not_a_string",
                                         "/inner/purpose required", "/inner/odd unknown_member", "/flag not_a_boolean",
                                         "/more unknown_member"});
  for (const FieldFault& fault : body.problem().faults) CHECK(fault.detail.find("A") == std::string::npos);
}

TEST_CASE("An absent optional member and null are nothing, and a body that is no object is one fault") {
  JsonBody body(R"({"a":null})", Language::en);
  JsonObject top = body.object();
  CHECK_FALSE(top.text("a", 5));
  CHECK_FALSE(top.object("b"));
  top.finish();
  CHECK(body.ok());
  JsonBody list("[1]", Language::ms);
  JsonObject none = list.object();
  CHECK(none.need_text("a", 5).empty());
  none.finish();
  REQUIRE(list.problem().faults.size() == 1);
  CHECK(list.problem().faults.front().detail == "mesti sebuah objek");
}

TEST_CASE("Problems speak the asked language and hold what RFC 9457 asks") {
  const Response response =
      problem_response({ProblemKind::too_many_requests, {}, {}, std::chrono::seconds(7)}, Language::ms, "id-1");
  CHECK(response.status == HttpStatus::too_many_requests);
  CHECK(response.content_type == "application/problem+json");
  CHECK(*response.headers.find("Retry-After") == "7");
  CHECK(
      response.body ==
      R"({"type":"urn:semak:problem:too_many_requests","title":"Terlalu banyak permintaan","status":429,"code":"too_many_requests","request_id":"id-1"})");
}

TEST_CASE("What is no fault of the caller keeps its message to itself") {
  CHECK(problem_of({ErrorCode::corruption, "/var/secret"}).detail.empty());
  CHECK(problem_of({ErrorCode::invalid_input, "name: too long"}).detail == "name: too long");
}

TEST_CASE("Accept-Language: the better of Malay and English, English by default") {
  const auto of = [](std::string text) { return language_of(&text); };
  CHECK(language_of(nullptr) == Language::en);
  CHECK(of("ms") == Language::ms);
  CHECK(of("ms-MY, en;q=0.5") == Language::ms);
  CHECK(of("ms;q=0.4, en;q=0.5") == Language::en);
  CHECK(of("zh, ms;q=0.1") == Language::ms);
  CHECK(of("*") == Language::en);
  CHECK(of("ms;q=0") == Language::en);
}
