#include "engine/desk/subject_codec.h"

#include "engine/casework/request_codec.h"
#include "tests/catch.h"

namespace semak {
namespace {

CheckRequest whole_request() {
  CheckRequest request;
  Subject& subject = request.subject;
  subject.names = {{NameType::registered, "Siti binti Ali"}, {NameType::jawi, "سيتي"}};
  subject.numbers = {{NumberKind::passport, "A1234567", "MY", "2020-01-01", "2025-01-01"}};
  subject.dob = {1985, 3, 0};
  subject.sex = Sex::female;
  subject.state = "Kelantan";
  subject.purpose = "school_staff";
  subject.reference = "HR-17";
  subject.consent = true;
  request.child = ChildQuery{"K-1", {2015, 2, 3}};
  request.as_of = {2026, 11, 20};
  return request;
}

TEST_CASE("what was asked comes back whole, also dates that do not exist") {
  CheckRequest request = whole_request();
  for (const PartialDate dob : {PartialDate{1985, 3, 0}, PartialDate{}, PartialDate{-1, 99, 77}}) {
    request.subject.dob = dob;
    std::string bytes;
    append_request(bytes, request);
    ByteReader in(bytes);
    const CheckRequest read = read_request(in);
    CHECK(in.at_end());
    CHECK(read.subject.names == request.subject.names);
    CHECK(read.subject.numbers == request.subject.numbers);
    CHECK(read.subject.dob == dob);
    CHECK(read.subject.sex == Sex::female);
    CHECK(read.subject.state == "Kelantan");
    CHECK(read.subject.purpose == "school_staff");
    CHECK(read.subject.reference == "HR-17");
    CHECK(read.subject.consent);
    REQUIRE(read.child);
    CHECK(read.child->reference == "K-1");
    CHECK(read.child->dob == request.child->dob);
    CHECK(read.as_of == request.as_of);
  }
}

TEST_CASE("a subject of another version, or cut short anywhere, is refused") {
  std::string bytes;
  append_subject(bytes, whole_request().subject);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(std::string_view(bytes).substr(0, size));
    static_cast<void>(read_subject(in));
    CHECK_FALSE(in.at_end());
  }
  ++bytes[0];
  ByteReader in(bytes);
  static_cast<void>(read_subject(in));
  CHECK_FALSE(in.ok());
}

}  // namespace
}  // namespace semak
