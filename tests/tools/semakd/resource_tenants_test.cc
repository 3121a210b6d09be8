// What belongs to others, and what an answer gives away.
#include <set>
#include <thread>

#include "tests/tools/semakd/running_service.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr const char* kOffender =
    R"({"purpose":"school_staff","consent":true,"subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555"}})";

// One thing of each kind, all school-a's, by the beginning of the routes that name it.
std::map<std::string, std::string> belongings(RunningService& service) {
  const HttpClient owner = service.as("submitter");
  std::map<std::string, std::string> ids;
  ids["/v1/screenings/"] = owner.post("/v1/screenings", kOffender).text("id");
  ids["/v1/receipts/"] = ids["/v1/screenings/"];
  ids["/v1/cases/"] = service.as("caseworker").get("/v1/screenings/" + ids["/v1/screenings/"]).text("case_id");
  ids["/v1/batches/"] =
      owner
          .post("/v1/batches",
                R"({"purpose":"school_staff","consent":true,"rows":[{"subject":{"name":"Ali bin Abu"}}]})")
          .text("id");
  ids["/v1/enrolments/"] = owner
                               .post("/v1/enrolments", R"({"screening_id":")" + ids["/v1/screenings/"] +
                                                           R"(","consent":true,"until":"2099-01-01"})")
                               .text("id");
  ids["/v1/alerts/"] = owner.get("/v1/alerts?enrolment_id=" + ids["/v1/enrolments/"]).text("items/0/id");
  ids["/v1/webhooks/"] = owner.post("/v1/webhooks", R"({"url":"http://127.0.0.1:9/x","events":["alert"]})").text("id");
  for (const auto& [route, id] : ids) {
    INFO(route);
    REQUIRE(!id.empty());
  }
  return ids;
}

// A body that the operation would take.
std::string body_of(const Route& route) {
  if (route.body_max == 0) return {};
  if (route.operation == "assignCase") return R"({"assignee":"me"})";
  if (route.operation == "noteCase") return R"({"text":"x"})";
  if (route.operation == "decideCase") return R"({"candidate":0,"verdict":"need_more","reason":"x"})";
  return R"({"reason":"x"})";
}

json::value without_request_id(const HttpAnswer& answer) {
  json::value body = answer.json();
  REQUIRE(body.is_object());
  body.get_object().erase("request_id");
  return body;
}

TEST_CASE("On every route another tenant's id is answered as one that nobody has", "[semakd]") {
  RunningService& service = shared_service();
  const auto ids = belongings(service);
  const std::map<std::string, Role> strangers = {{"other", Role::submitter}, {"other_caseworker", Role::caseworker}};
  int tried = 0;
  for (const Route& route : service.daemon().routes()) {
    const std::size_t at = route.pattern.find("{id}");
    if (at == std::string::npos) continue;
    const auto of = ids.find(route.pattern.substr(0, at));
    for (const auto& [who, role] : strangers) {
      if (!route.roles.has(role)) continue;
      INFO(who << ' ' << route.operation);
      REQUIRE(of != ids.end());
      std::string nobodys = of->second;
      for (char& c : nobodys) c = c >= '0' && c <= '9' ? '0' : c;
      REQUIRE(nobodys != of->second);
      const auto ask = [&](const std::string& id) {
        const std::string body = body_of(route);
        return service.as(who).send(to_string(route.method),
                                    route.pattern.substr(0, at) + id + route.pattern.substr(at + 4), body,
                                    body.empty() ? "" : "application/json", {{"If-Match", "\"1\""}});
      };
      const HttpAnswer theirs = ask(of->second), missing = ask(nobodys);
      CHECK(theirs.status == 404);
      CHECK(missing.status == 404);
      CHECK(without_request_id(theirs) == without_request_id(missing));
      ++tried;
    }
  }
  CHECK(tried > 25);
  // Nor does paging tell that it is there.
  CHECK(service.as("other").get("/v1/screenings?cursor=" + ids.at("/v1/screenings/")).status == 400);
  CHECK(service.as("other_caseworker").get("/v1/cases?cursor=" + ids.at("/v1/cases/")).status == 400);
  // Nothing was done to them on the way.
  CHECK(service.as("submitter").get("/v1/enrolments/" + ids.at("/v1/enrolments/")).text("ended") == "false");
  CHECK(service.as("submitter").get("/v1/screenings/" + ids.at("/v1/screenings/")).text("erased").empty());
  CHECK(service.as("submitter").get("/v1/webhooks").body.find(ids.at("/v1/webhooks/")) != std::string::npos);
}

std::string filled(std::string pattern) {
  for (std::size_t at = 0; (at = pattern.find('{')) != std::string::npos;)
    pattern.replace(at, pattern.find('}') + 1 - at, "offenders");
  return pattern;
}

TEST_CASE("The agency's work is done by nobody of another tenant, whatever role a key has", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient admin = service.as("admin");
  for (const char* role : {"registrar", "auditor", "admin"}) {
    INFO(role);
    const HttpAnswer made =
        admin.post("/v1/keys", std::string(R"({"label":"x","tenant":"school-b","role":")") + role + "\"}");
    CHECK(made.status == 422);
    CHECK(made.text("errors/0/pointer") == "/tenant");
  }
  // A key made otherwise, and the person behind a token, are held to the same.
  for (const auto& [who, role] : std::map<std::string, Role>{
           {"b_registrar", Role::registrar}, {"b_auditor", Role::auditor}, {"b_admin", Role::admin}}) {
    service.add_key(who, {"x", "school-b", role, 0, {}});
    for (const Route& route : service.daemon().routes()) {
      if (route.open || !route.roles.has(role) || route.pattern == "/v1/session" || route.pattern.rfind("/v1/", 0) != 0)
        continue;
      INFO(who << ' ' << route.operation);
      CHECK(service.as(who)
                .send(to_string(route.method), filled(route.pattern), body_of(route),
                      route.body_max == 0 ? "" : route.accepts.front())
                .status == 403);
    }
  }
  const std::string about = R"({"subject":{"name":"Ahmad bin Kassim","id_number":"700101-01-5555"}})";
  CHECK(service.as("caseworker").post("/v1/subject-reports", about).status == 200);
  CHECK(service.as("other_caseworker").post("/v1/subject-reports", about).status == 403);
}

// The kinds of a value's parts and the lengths of its texts, member by member.
std::string shape(const json::value& value) {
  if (value.is_string()) return std::to_string(value.get_string().size());
  std::string out;
  if (value.is_object())
    for (const auto& member : value.get_object()) out += std::string(member.key()) + ':' + shape(member.value()) + ' ';
  if (value.is_array())
    for (const json::value& item : value.get_array()) out += shape(item) + ',';
  return value.is_structured() ? '(' + out + ')' : std::to_string(static_cast<int>(value.kind()));
}

TEST_CASE("Where there is no record, the answer does not tell whether Semak knows the number", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient registrar = service.as("registrar");
  const HttpAnswer made = registrar.post("/v1/registers/offenders/records",
                                         R"({"record":{"id":"KPK-W","names":[{"text":"Suria binti Melati"}],
      "numbers":[{"text":"880808-05-5352"}]},"reason":"dimuat naik"})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  REQUIRE(registrar
              .post("/v1/registers/offenders/records/KPK-W/withdraw", R"({"reason":"salah orang"})",
                    {{"If-Match", made.header("etag")}})
              .status == 200);
  struct Known {
    const char *why, *name, *number;
  };
  const Known all[] = {{"nobody has the number", "Siti Aminah binti Hassan", "850311-03-5226"},
                       {"a carer has it", "Siti Aminah binti Hassan", "850311-03-5228"},
                       {"a withdrawn record had it", "Siti Amirah binti Hassan", "880808-05-5352"},
                       {"asked about before", "Siti Aminah binti Hassan", "850311-03-5228"}};
  std::set<std::string> bodies, headers;
  std::set<std::size_t> sizes;
  for (const Known& one : all) {
    const HttpAnswer answer =
        service.as("submitter")
            .post("/v1/screenings", std::string(R"({"purpose":"school_staff","consent":true,"subject":{"name":")") +
                                        one.name + R"(","id_number":")" + one.number + R"("}})");
    INFO(one.why << ' ' << answer.body);
    REQUIRE(answer.status == 201);
    CHECK(answer.text("outcome") == "no_record");
    bodies.insert(shape(answer.json()));
    // The place in the log grows, and with it its digits.
    sizes.insert(answer.body.size() - answer.text("receipt/audit_sequence").size());
    std::string said;
    for (const auto& [name, value] : answer.headers)
      if (name != "content-length") said += name + ':' + std::to_string(value.size()) + ' ';
    headers.insert(said);
  }
  CHECK(bodies.size() == 1);
  CHECK(headers.size() == 1);
  CHECK(sizes.size() == 1);
  for (const std::string& body : bodies) INFO(body);
}

}  // namespace
}  // namespace semak
