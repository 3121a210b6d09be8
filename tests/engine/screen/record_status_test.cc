#include "engine/screen/record_status.h"

#include <string>

#include "engine/screen/record_fingerprint.h"
#include "engine/store/record_codec.h"
#include "tests/catch.h"

namespace semak {
namespace {

Record with(std::vector<std::pair<std::string, std::string>> fields) {
  Record record;
  record.id = "A1";
  record.names = {{NameType::registered, "Zulkarnain bin Qasim"}, {NameType::known_as, "Zul"}};
  record.numbers = {{NumberKind::mykad, "840302-14-5671", "", "", ""}};
  record.dob = {1984, 3, 2};
  record.sex = Sex::male;
  record.fields = std::move(fields);
  return record;
}

TEST_CASE("a conviction is set aside by yes, by a date, or by an appeal that was allowed", "[screen]") {
  struct Case {
    std::vector<std::pair<std::string, std::string>> fields;
    bool quashed, under_appeal;
  };
  const Case cases[] = {
      {{}, false, false},
      {{{"quashed", "yes"}}, true, false},
      {{{"quashed", "Ya"}}, true, false},
      {{{"quashed", "2024-05-06"}}, true, false},
      {{{"quashed", "2024"}}, true, false},
      {{{"quashed", "no"}}, false, false},
      {{{"quashed", "perhaps"}}, false, false},
      {{{"quashed_date", "2024-05-06"}}, true, false},
      {{{"quashed", "no"}, {"quashed_date", "2024-05-06"}}, false, false},
      {{{"appeal_status", "allowed"}}, true, false},
      {{{"appeal_status", "Rayuan Dibenarkan"}}, true, false},
      {{{"appeal_status", "pending"}}, false, true},
      {{{"appeal_status", "dalam rayuan"}}, false, true},
      {{{"appeal_status", "pending"}, {"quashed", "yes"}}, true, false},
      {{{"appeal_status", "dismissed"}}, false, false},
      {{{"appeal_status", "none"}}, false, false},
      {{{"remarks", "quashed"}}, false, false},
  };
  for (const Case& each : cases) {
    const Record record = with(each.fields);
    CAPTURE(each.fields.empty() ? std::string() : each.fields.front().first + "=" + each.fields.front().second);
    CHECK(is_quashed(record) == each.quashed);
    CHECK(is_under_appeal(record) == each.under_appeal);
    CHECK(answers(RegisterKind::offender, record) == !each.quashed);
    CHECK(answers(RegisterKind::oyls, record));
    std::string content;
    encode_content(record, content);
    if (each.quashed || each.under_appeal) CHECK(may_be_set_aside(content));
  }
  std::string plain;
  encode_content(with({{"act", "Akta 792"}, {"sentence", "5 tahun"}}), plain);
  CHECK_FALSE(may_be_set_aside(plain));
}

TEST_CASE("a fingerprint is of what is said of the person, not of how it is written down", "[screen]") {
  const std::string one = person_fingerprint(with({}));
  CHECK(one.size() == 32);
  Record same = with({{"sentence", "5 tahun"}});
  same.id = "B7";
  same.nationality = "Malaysia";
  same.names = {{NameType::known_as, " ZUL "}, {NameType::registered, "zulkarnain  BIN qasim"}};
  same.numbers = {{NumberKind::unknown, "840302145671", "JPN", "", ""},
                  {NumberKind::mykad, "840302 14 5671", "", "", ""}};
  CHECK(person_fingerprint(same) == one);
  const auto differs = [&](auto change) {
    Record other = with({});
    change(other);
    return person_fingerprint(other) != one;
  };
  CHECK(differs([](Record& record) { record.names[0].text = "Zulkarnain bin Kasim"; }));
  CHECK(differs([](Record& record) { record.names[1].type = NameType::former; }));
  CHECK(differs([](Record& record) { record.names.pop_back(); }));
  CHECK(differs([](Record& record) { record.numbers[0].text = "840302-14-5673"; }));
  CHECK(differs([](Record& record) { record.numbers.clear(); }));
  CHECK(differs([](Record& record) { record.dob.day = 0; }));
  CHECK(differs([](Record& record) { record.sex = Sex::unknown; }));
}

}  // namespace
}  // namespace semak
