#include "tools/semakd/http/router.h"

#include "tests/catch.h"
#include "tools/semakd/http/target.h"

using namespace semak;

namespace {

Router::Match find(const Router& router, Method method, std::string_view path) {
  return router.find(method, parse_target(path)->segments);
}

Router checks() {
  Router router;
  router.add(Method::post, "/v1/checks");
  router.add(Method::get, "/v1/checks");
  router.add(Method::get, "/v1/checks/{id}");
  router.add(Method::post, "/v1/checks/household");
  router.add(Method::get, "/v1/checks/{id}/receipt");
  router.add(Method::get, "/");
  return router;
}

}  // namespace

TEST_CASE("A path finds its route and what stands in its places") {
  const Router router = checks();
  CHECK(find(router, Method::post, "/v1/checks").route == 0);
  CHECK(find(router, Method::get, "/v1/checks").route == 1);
  const Router::Match receipt = find(router, Method::get, "/v1/checks/a%2Fb/receipt");
  CHECK(receipt.route == 4);
  CHECK(receipt.parameters.front() == std::pair<std::string, std::string>("id", "a/b"));
  CHECK(find(router, Method::get, "/").route == 5);
}

TEST_CASE("A fixed segment goes before a name") {
  CHECK(find(checks(), Method::post, "/v1/checks/household").route == 3);
}

TEST_CASE("What no pattern has is no path; an empty segment is no name") {
  const Router router = checks();
  for (const char* path : {"/v1", "/v1/checks/", "/v1/checks//receipt", "/v2/checks", "/v1/checks/a/receipt/b"}) {
    INFO(path);
    CHECK(find(router, Method::get, path).outcome == Router::Outcome::no_path);
  }
}

TEST_CASE("Another method says which there are; HEAD goes with GET") {
  const Router router = checks();
  CHECK(find(router, Method::head, "/v1/checks").route == 1);
  const Router::Match match = find(router, Method::delete_, "/v1/checks");
  CHECK(match.outcome == Router::Outcome::no_method);
  CHECK(allow_header(match.allowed) == "GET, HEAD, POST, OPTIONS");
  CHECK(find(router, Method::other, "/v1/checks/a").outcome == Router::Outcome::no_method);
}

TEST_CASE("Targets are decoded once, and dot segments, bad bytes and controls are none") {
  const auto target = parse_target("/a%20b/c?name=x%3Dy&flag&plus=a+b&name=z");
  REQUIRE(target);
  CHECK(target->segments == std::vector<std::string>{"a b", "c"});
  const std::vector<std::pair<std::string, std::string>> query = {
      {"name", "x=y"}, {"flag", ""}, {"plus", "a+b"}, {"name", "z"}};
  CHECK(target->query == query);
  CHECK(parse_target("/%252e")->segments.front() == "%2e");
  CHECK(parse_target("http://host:80/a?b=c")->authority == "host:80");
  for (const char* bad : {"", "a", "/..", "/%2e%2E/a", "/%c0%af", "/%80", "/%ed%a0%80", "/a%0ab", "/?x=%7f", "/%c2%80",
                          "/a b", "/#f", "ftp://host/a", "http://user@host/", "*"}) {
    INFO(bad);
    CHECK_FALSE(parse_target(bad));
  }
  CHECK(host_of("Example.ORG:8443") == "example.org");
  CHECK(host_of("[::1]:8443") == "[::1]");
  CHECK_FALSE(host_of("user@host"));
  CHECK_FALSE(host_of("a/b"));
}
