#include "engine/screen/standing.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace semak {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

PartialDate date(int year, int month = 0, int day = 0) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

Record record_of(Fields fields) {
  Record record;
  record.id = "O1";
  record.names = {{NameType::registered, "Aminah binti Yusof"}};
  record.fields = std::move(fields);
  return record;
}

const Fields kOrder = {{"status", "AKTIF"},          {"order_no", "PKK-1/2024"}, {"section", "30(1)(b)"},
                       {"order_from", "2024-02-01"}, {"order_to", "2027-01-31"}, {"child_ref", "K-10"},
                       {"child_dob", "2010-06-15"}};

Fields with(Fields fields, const Fields& changes) {
  for (const auto& [key, text] : changes) {
    std::erase_if(fields, [&](const auto& field) { return field.first == key; });
    if (!text.empty()) fields.emplace_back(key, text);
  }
  return fields;
}

std::string state(const Fields& fields, PartialDate day, const ChildQuery* child = nullptr) {
  return to_string(standing_of(record_of(fields), day, child).state);
}

TEST_CASE("each status means one standing", "[screen]") {
  const PartialDate day = date(2025, 6, 1);
  const std::pair<const char*, const char*> cases[] = {
      {"PERMOHONAN", "pending"},
      {"SIASATAN", "pending"},
      {"PENILAIAN", "pending"},
      {"PANEL", "pending"},
      {"SOKONG", "pending"},
      {"TANGGUH", "pending"},
      {"TOLAK", "not_fit"},
      {"PERINTAH", "fit"},
      {"AKTIF", "fit"},
      {"TAMAT", "expired"},
      {"BATAL", "revoked"},
      {"TARIK DIRI", "revoked"},
      {"MENINGGAL", "expired"},
      {"GANTUNG", "suspended"},
      {"dibatalkan", "revoked"},
      {"active", "fit"},
      {"", "fit"},
      {"???", "fit"},
  };
  for (const auto& [status, expected] : cases) {
    CAPTURE(status);
    CHECK(state(with(kOrder, {{"status", status}}), day) == expected);
  }
  CHECK(state({}, day) == "pending");  // neither a status nor an order
}

TEST_CASE("an order is in force from its first to its last day", "[screen]") {
  CHECK(state(kOrder, date(2024, 1, 31)) == "pending");
  CHECK(state(kOrder, date(2024, 2, 1)) == "fit");
  CHECK(state(kOrder, date(2027, 1, 31)) == "fit");
  CHECK(state(kOrder, date(2027, 2, 1)) == "expired");
}

TEST_CASE("a child's 18th birthday ends the order, that day included", "[screen]") {
  const Fields order = with(kOrder, {{"order_to", "2030-01-31"}});
  CHECK(state(order, date(2028, 6, 14)) == "fit");
  CHECK(state(order, date(2028, 6, 15)) == "expired");
  CHECK(standing_of(record_of(order), date(2025, 1, 1), nullptr).valid_to == date(2028, 6, 14));
  CHECK(standing_of(record_of(kOrder), date(2025, 1, 1), nullptr).valid_to == date(2027, 1, 31));
}

TEST_CASE("a child of 29 February is 18 on 1 March where the year has no such day", "[screen]") {
  const Fields order = with(kOrder, {{"order_to", "2040-01-01"}, {"child_dob", "2008-02-29"}});
  CHECK(state(order, date(2026, 2, 28)) == "fit");
  CHECK(state(order, date(2026, 3, 1)) == "expired");
  CHECK(standing_of(record_of(order), date(2025, 1, 1), nullptr).valid_to == date(2026, 2, 28));
  // 18 years after a leap year is never one: a day that exists is taken as it is.
  const Fields day_before = with(order, {{"child_dob", "2008-02-28"}});
  CHECK(state(day_before, date(2026, 2, 27)) == "fit");
  CHECK(state(day_before, date(2026, 2, 28)) == "expired");
}

TEST_CASE("the child's birth date is the order's, else the one that was asked with", "[screen]") {
  const Fields order = with(kOrder, {{"order_to", ""}, {"child_dob", ""}});
  CHECK(state(order, date(2040, 1, 1)) == "fit");  // no end is known
  const ChildQuery child{"K-10", date(2010, 6, 15)};
  CHECK(state(order, date(2028, 6, 14), &child) == "fit");
  CHECK(state(order, date(2028, 6, 15), &child) == "expired");
  const ChildQuery wrong{"K-10", date(2020, 1, 1)};
  CHECK(state(kOrder, date(2026, 1, 1), &wrong) == "fit");
  CHECK(state(with(kOrder, {{"order_to", "2035-01-01"}}), date(2028, 6, 15), &wrong) == "expired");
}

TEST_CASE("an order that states no end has the law's", "[screen]") {
  const Fields two_years = with(kOrder, {{"order_to", ""}, {"section", "s. 30(1)(c)(ii)"}});
  CHECK(state(two_years, date(2026, 1, 31)) == "fit");
  CHECK(state(two_years, date(2026, 2, 1)) == "expired");
  const Fields three_years = with(kOrder, {{"order_to", ""}, {"section", "40(1)(b)"}});
  CHECK(state(three_years, date(2027, 1, 31)) == "fit");
  CHECK(state(three_years, date(2027, 2, 1)) == "expired");
  const Fields stated = with(kOrder, {{"section", "30(1)(c)(ii)"}});
  CHECK(state(stated, date(2027, 1, 31)) == "fit");
  const Fields minor = with(two_years, {{"child_dob", "2007-05-01"}});
  CHECK(state(minor, date(2025, 4, 30)) == "fit");
  CHECK(state(minor, date(2025, 5, 1)) == "expired");
}

TEST_CASE("revocations, suspensions and ends hold from their day on", "[screen]") {
  const Fields revoked = with(kOrder, {{"status", "BATAL"}, {"revoked_date", "2025-03-10"}});
  CHECK(state(revoked, date(2025, 3, 9)) == "fit");
  CHECK(state(revoked, date(2025, 3, 10)) == "revoked");
  CHECK(state(revoked, date(2029, 1, 1)) == "revoked");
  CHECK(state(with(kOrder, {{"revoked_date", "2025-03-10"}}), date(2025, 3, 10)) == "revoked");  // whatever the status
  CHECK(state(with(kOrder, {{"status", "TARIK DIRI"}, {"status_date", "2025-03-10"}}), date(2025, 3, 9)) == "fit");
  CHECK(state(with(kOrder, {{"status", "TARIK DIRI"}, {"status_date", "2025-03-10"}}), date(2025, 3, 10)) == "revoked");
  const Fields suspended = with(kOrder, {{"status", "GANTUNG"}, {"status_date", "2025-03-10"}});
  CHECK(state(suspended, date(2025, 3, 9)) == "fit");
  CHECK(state(suspended, date(2025, 3, 10)) == "suspended");
  CHECK(state(suspended, date(2027, 1, 31)) == "suspended");
  CHECK(state(suspended, date(2027, 2, 1)) == "expired");
  const Fields ended = with(kOrder, {{"status", "TAMAT"}, {"status_date", "2025-03-10"}});
  CHECK(state(ended, date(2025, 3, 9)) == "fit");
  CHECK(state(ended, date(2025, 3, 10)) == "expired");
  const Fields refused = with({}, {{"status", "TOLAK"}, {"status_date", "2025-03-10"}});
  CHECK(state(refused, date(2025, 3, 9)) == "pending");
  CHECK(state(refused, date(2025, 3, 10)) == "not_fit");
}

TEST_CASE("an order for another child is no standing for this one", "[screen]") {
  const PartialDate day = date(2025, 6, 1);
  const ChildQuery same{"k 10", {}}, other{"K-11", {}}, any{"", {}};
  CHECK(state(kOrder, day, &same) == "fit");
  CHECK(state(kOrder, day, &other) == "not_fit");
  CHECK(state(with(kOrder, {{"status", "GANTUNG"}}), day, &other) == "not_fit");
  CHECK(state(kOrder, day, &any) == "fit");
  const Fields nameless = with(kOrder, {{"child_ref", ""}});
  CHECK(state(nameless, day, &other) == "not_fit");  // it names no child: not certainly this one
  CHECK(state(nameless, day) == "fit");
  const ChildQuery born{"K-11", date(2010, 6, 15)}, born_otherwise{"", date(2011, 6, 15)}, born_in{"", date(2010)};
  CHECK(state(nameless, day, &born) == "fit");
  CHECK(state(nameless, day, &born_otherwise) == "not_fit");
  CHECK(state(nameless, day, &born_in) == "fit");
  CHECK(state(with(nameless, {{"status", "SIASATAN"}}), day, &other) == "pending");
}

TEST_CASE("what is unknown of a date counts against the carer", "[screen]") {
  CHECK(state(with(kOrder, {{"order_from", "2024"}}), date(2024, 12, 30)) == "pending");
  CHECK(state(with(kOrder, {{"order_from", "2024"}}), date(2024, 12, 31)) == "fit");
  CHECK(state(with(kOrder, {{"order_to", "2026-05"}}), date(2026, 5, 1)) == "fit");
  CHECK(state(with(kOrder, {{"order_to", "2026-05"}}), date(2026, 5, 2)) == "expired");
  CHECK(state(with(kOrder, {{"child_dob", "2007"}}), date(2024, 12, 31)) == "fit");
  CHECK(state(with(kOrder, {{"child_dob", "2007"}}), date(2025, 1, 1)) == "expired");
  CHECK(state(with(kOrder, {{"order_to", "soon"}}), date(2025, 1, 1)) == "expired");
  CHECK(state(with(kOrder, {{"order_from", "soon"}}), date(2025, 1, 1)) == "pending");
  CHECK(state(with(kOrder, {{"child_dob", "?!"}}), date(2025, 1, 1)) == "expired");
  CHECK(state(with(kOrder, {{"status", "BATAL"}, {"revoked_date", "2026"}}), date(2025, 12, 31)) == "fit");
  CHECK(state(with(kOrder, {{"status", "BATAL"}, {"revoked_date", "2026"}}), date(2026, 1, 1)) == "revoked");
  // Of a day that is not whole, the worse of its first and last.
  CHECK(state(kOrder, date(2025)) == "fit");
  CHECK(state(kOrder, date(2024)) == "pending");
  CHECK(state(kOrder, date(2027, 1)) == "fit");
  CHECK(state(kOrder, date(2027)) == "expired");
}

TEST_CASE("a standing names the order it rests on", "[screen]") {
  const Standing standing = standing_of(record_of(kOrder), date(2025, 6, 1), nullptr);
  CHECK(standing.as_of == date(2025, 6, 1));
  CHECK(standing.order == "PKK-1/2024");
  CHECK(standing.section == "30(1)(b)");
  CHECK(standing.child_reference == "K-10");
  CHECK(standing.valid_from == date(2024, 2, 1));
}

TEST_CASE("of several orders the one that says most counts", "[screen]") {
  const StandingState order[] = {StandingState::fit,     StandingState::suspended, StandingState::pending,
                                 StandingState::revoked, StandingState::expired,   StandingState::not_fit,
                                 StandingState::unknown};
  for (std::size_t i = 0; i < std::size(order); ++i) {
    for (std::size_t j = 0; j < std::size(order); ++j) {
      Standing a, b;
      a.state = order[i];
      b.state = order[j];
      CHECK(says_more(a, b) == (i < j));
    }
  }
  Standing early, late;
  early.state = late.state = StandingState::expired;
  early.valid_from = date(2019);
  late.valid_from = date(2021);
  CHECK(says_more(late, early));
  CHECK_FALSE(says_more(early, late));
}

TEST_CASE("a day begins at midnight in Malaysia", "[screen]") {
  CHECK(day_of(0) == date(1970, 1, 1));
  CHECK(day_of(1'795'190'399) == date(2026, 11, 20));  // 15:59:59 UTC
  CHECK(day_of(1'795'190'400) == date(2026, 11, 21));
}

}  // namespace
}  // namespace semak
