#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/tools/semakd/running_service.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr const char* kRoles[] = {"submitter", "caseworker", "registrar", "auditor", "admin"};

json::object document() {
  const char* source = std::getenv("SEMAK_SOURCE");
  REQUIRE(source != nullptr);
  std::ifstream file(std::string(source) + "/tools/semakd/openapi.json");
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str()).as_object();
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::set<std::string> texts(const json::value* array) {
  std::set<std::string> all;
  if (array != nullptr)
    for (const json::value& item : array->as_array()) all.insert(std::string(item.as_string()));
  return all;
}

// A path that this pattern matches and that names nothing there is.
std::string somewhere(const std::string& pattern) {
  std::string path;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '{') {
      path += pattern[at++];
      continue;
    }
    path += "NOWHERE";
    at = pattern.find('}', at) + 1;
  }
  return path;
}

struct Operation {
  std::string method, path;
  const json::object* content = nullptr;
};

TEST_CASE("Every route is in the OpenAPI document as it is, and nothing else is", "[semakd]") {
  const json::object whole = document();
  std::map<std::string, Operation> documented;
  for (const auto& path : whole.at("paths").as_object())
    for (const auto& method : path.value().as_object()) {
      const json::object& operation = method.value().as_object();
      const std::string id(operation.at("operationId").as_string());
      REQUIRE(documented.emplace(id, Operation{std::string(method.key()), std::string(path.key()), &operation}).second);
    }
  std::set<std::string> served;
  for (const Route& route : shared_service().daemon().routes()) {
    INFO(to_string(route.method) << ' ' << route.pattern << ' ' << route.operation);
    served.insert(route.operation);
    const auto at = documented.find(route.operation);
    REQUIRE(at != documented.end());
    const json::object& operation = *at->second.content;
    CHECK(at->second.method == lower(to_string(route.method)));
    CHECK(at->second.path == route.pattern);
    std::set<std::string> roles;
    if (!route.open)
      for (int role = 1; role <= 5; ++role)
        if (route.roles.has(static_cast<Role>(role))) roles.insert(kRoles[role - 1]);
    CHECK(roles == texts(operation.if_contains("x-roles")));
    const json::value* body = operation.if_contains("requestBody");
    CHECK((body != nullptr) == (route.body_max > 0));
    if (body != nullptr) {
      std::set<std::string> types;
      for (const auto& type : body->as_object().at("content").as_object()) types.insert(std::string(type.key()));
      CHECK(types == std::set<std::string>(route.accepts.begin(), route.accepts.end()));
    }
  }
  for (const auto& [id, operation] : documented) {
    INFO(id);
    CHECK(served.count(id) == 1);
  }
}

TEST_CASE("Each role gets to its operations and to no others, and nobody without a key", "[semakd]") {
  RunningService& service = shared_service();
  for (const Route& route : service.daemon().routes()) {
    // Signing in and verifying the log are tried elsewhere: wrong keys are counted, and verifying takes its time.
    if (route.operation == "signIn") continue;
    const std::string method = to_string(route.method);
    const std::string path = somewhere(route.pattern);
    const std::string body = route.body_max > 0 ? "{}" : "";
    const std::string type = route.body_max == 0 ? "" : route.accepts.front();
    INFO(method << ' ' << path);
    const int without = service.as("").send(method, path, body, type).status;
    CHECK(without > 0);
    CHECK((without == 401) == !route.open);
    for (int role = 1; role <= 5; ++role) {
      INFO(kRoles[role - 1]);
      const HttpAnswer answer = service.as(kRoles[role - 1]).send(method, path, body, type);
      INFO(answer.body.substr(0, 300));
      const bool may = route.open || route.roles.has(static_cast<Role>(role));
      CHECK((answer.status == 403) == !may);
      CHECK(answer.status != 401);
      CHECK(answer.status > 0);
      CHECK(answer.status < 500);
      if (answer.status >= 400) CHECK(answer.header("content-type") == "application/problem+json");
      // A role that may not use it learns nothing of what is there: the refusal comes before the search.
      if (may && path.find("NOWHERE") != std::string::npos && answer.status >= 400)
        CHECK((answer.status == 404 || answer.status == 422 || answer.status == 428 || answer.status == 400));
    }
  }
}

TEST_CASE("Parameters that an operation does not have are refused, and so are doubled ones", "[semakd]") {
  RunningService& service = shared_service();
  for (const char* target :
       {"/v1/me?x=1", "/v1/screenings?lmit=3", "/v1/screenings?limit=3&limit=4", "/v1/screenings?limit=0",
        "/v1/screenings?limit=201", "/v1/screenings?outcome=clear", "/v1/screenings?from=yesterday",
        "/v1/batches?cursor=%2e%2e%2f", "/v1/screenings?cursor=NIL", "/v1/alerts?unacknowledged=1"}) {
    INFO(target);
    const HttpAnswer answer = service.as("submitter").get(target);
    CHECK(answer.status == 400);
    CHECK(answer.text("errors/0/pointer").front() == '?');
  }
}

TEST_CASE("null stands for a member that is not given, wherever one need not be", "[semakd]") {
  RunningService& service = shared_service();
  const std::string subject =
      R"("subject":{"name":"Tan Mei Ling","names":null,"id_number":"880808-07-5202","id_numbers":null,)"
      R"("date_of_birth":null,"sex":null,"state":null})";
  const auto status = [&](const char* who, const char* path, const std::string& body) {
    return service.as(who).post(path, body).status;
  };
  CHECK(status("submitter", "/v1/screenings",
               R"({"purpose":"school_staff","consent":true,"reference":null,"child":null,"as_of":null,)" + subject +
                   "}") == 201);
  CHECK(status("caseworker", "/v1/standings",
               R"({"purpose":null,"consent":null,"reference":null,"child":{"reference":"KNK-7","date_of_birth":null},)"
               R"("as_of":null,)" +
                   subject + "}") == 201);
  CHECK(status("caseworker", "/v1/batches",
               R"({"purpose":"batch_vetting","consent":true,"reference":null,"rows":[{"query_id":null,"child":null,)"
               R"("consent":null,"reference":null,)" +
                   subject + "}]}") == 202);
  CHECK(status("caseworker", "/v1/lookups", R"({"registers":null,"policy":null,"top":null,)" + subject + "}") == 200);
  CHECK(
      status("caseworker", "/v1/enrolments",
             R"({"screening_id":null,"purpose":"school_staff","reference":null,"consent":true,"until":"2099-01-01",)" +
                 subject + "}") == 201);
  CHECK(status("admin", "/v1/keys",
               R"({"label":"x","role":"submitter","tenant":"school-c","expires":null,)"
               R"("allowance":{"per_second":null,"burst":null,"lookups_a_day":null}})") == 201);
  CHECK(status("registrar", "/v1/registers/offenders/records",
               R"({"reason":"baharu","record":{"id":"KPK-N","names":[{"type":null,"text":"Kosong binti Kosong"}],)"
               R"("numbers":null,"date_of_birth":null,"sex":null,"nationality":null,"state":null,)"
               R"("fields":{"act_section":null}}})") == 201);
}

TEST_CASE("Problems speak the caller's language", "[semakd]") {
  const HttpClient client = shared_service().as("submitter");
  const std::string body = R"({"purpose":"school_staff","subject":{"name":"Ali","date_of_birth":"31/12/1980"}})";
  const HttpAnswer malay = client.post("/v1/screenings", body, {{"Accept-Language", "ms"}});
  const HttpAnswer english = client.post("/v1/screenings", body, {{"Accept-Language", "en"}});
  CHECK(malay.status == 422);
  CHECK(malay.text("errors/0/pointer") == "/subject/date_of_birth");
  CHECK(malay.text("errors/0/code") == "not_a_date");
  CHECK(malay.text("errors/0/detail").find("mesti") == 0);
  CHECK(english.text("errors/0/detail").find("must") == 0);
  CHECK(malay.body.find("12/1980") == std::string::npos);  // "1980" alone may be of the request's id
}

TEST_CASE("What each role may do is told by /v1/me and /v1/roles as the routes have it", "[semakd]") {
  RunningService& service = shared_service();
  for (int role = 1; role <= 5; ++role) {
    INFO(kRoles[role - 1]);
    const HttpAnswer me = service.as(kRoles[role - 1]).get("/v1/me");
    REQUIRE(me.status == 200);
    CHECK(me.text("role") == kRoles[role - 1]);
    std::set<std::string> operations = texts(me.json().as_object().if_contains("operations"));
    for (const Route& route : service.daemon().routes()) {
      if (route.pattern.rfind("/v1/", 0) != 0 || route.pattern == "/v1/session") continue;
      INFO(route.operation);
      CHECK((operations.count(route.operation) == 1) == route.roles.has(static_cast<Role>(role)));
    }
  }
}

}  // namespace
}  // namespace semak
