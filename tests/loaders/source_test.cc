#include "loaders/source.h"

#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::load_text;
using testing::records;
using testing::subjects;

TEST_CASE("canonical columns of a CSV become a record, in any order") {
  const auto loaded = load_text(
      "dob,name,id,sex,id_number,state,nationality,aliases,ethnicity\n"
      "1985-03-11,Siti Aminah binti Hassan,R1,F,850311-03-5228,Kelantan,MYS,Kak Siti|Mina,Malay\n",
      records());
  CHECK(loaded.error == "");
  REQUIRE(loaded.rejected.empty());
  REQUIRE(loaded.rows.size() == 1);
  const Record& record = loaded.rows[0].record;
  CHECK(loaded.rows[0].line == 2);
  CHECK(loaded.rows[0].id == "R1");
  CHECK(record.id == "R1");
  REQUIRE(record.names.size() == 3);
  CHECK(record.names[0] == TypedName{NameType::registered, "Siti Aminah binti Hassan"});
  CHECK(record.names[1] == TypedName{NameType::known_as, "Kak Siti"});
  CHECK(record.names[2] == TypedName{NameType::known_as, "Mina"});
  REQUIRE(record.numbers.size() == 1);
  CHECK(record.numbers[0].text == "850311-03-5228");
  CHECK(record.dob == PartialDate{1985, 3, 11});
  CHECK(record.sex == Sex::female);
  CHECK(record.state == "Kelantan");
  CHECK(record.nationality == "MYS");
  CHECK(testing::field_of(record, "ethnicity") == "Malay");
}

TEST_CASE("Malay headings are recognised whatever their case and punctuation") {
  const auto loaded = load_text(
      "NO. DAFTAR;Nama Penuh;No. K/P;Tarikh_Lahir;JANTINA;Negeri;Nama Lain\r\n"
      "7;Tan Mei Ling;900101-14-0004;01/01/1990;P;Selangor;Amy Tan\r\n",
      records());
  CHECK(loaded.error == "");
  REQUIRE(loaded.rows.size() == 1);
  const Record& record = loaded.rows[0].record;
  CHECK(record.id == "7");
  CHECK(record.names[0].text == "Tan Mei Ling");
  CHECK(record.names[1] == TypedName{NameType::known_as, "Amy Tan"});
  CHECK(record.numbers[0].text == "900101-14-0004");
  CHECK(record.dob == PartialDate{1990, 1, 1});
  CHECK(record.sex == Sex::female);
  CHECK(loaded.columns[2] == "No. K/P -> id_number");
}

TEST_CASE("queries become subjects; without a query_id the line number stands for it") {
  const auto loaded = load_text("name,birth_year,sex,purpose\nAli bin Abu,1980,M,school_staff\n", subjects());
  CHECK(loaded.error == "");
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].id == "2");
  CHECK(loaded.rows[0].subject.names[0].text == "Ali bin Abu");
  CHECK(loaded.rows[0].subject.dob == PartialDate{1980, 0, 0});
  CHECK(loaded.rows[0].subject.purpose == "school_staff");
  CHECK(loaded.warns("line numbers"));
}

}  // namespace
}  // namespace semak
