#include "loaders/source.h"

#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::load_text;
using testing::records;
using testing::subjects;
using testing::TempFolder;

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
  CHECK(loaded.warns("known by their line numbers: 1"));
}

TEST_CASE("a subject's column that is not known is told: somebody may have been meant to be compared by it") {
  const auto loaded = load_text("query_id,name,kad\nA,Ali bin Abu,850311035228\n", subjects());
  CHECK(loaded.error == "");
  CHECK(loaded.warns("nobody is compared by it: kad"));
  CHECK_FALSE(loaded.warns("nobody is compared by it: name"));
}

TEST_CASE(
    "a query_id that stands again is told with its lines, whatever became of the rows; lines without one are not") {
  const auto loaded = load_text(
      "query_id,name,dob\nA,Ali bin Abu,\nB,Abu bin Ali,\nA,Ali bin Omar,\n,Omar bin Ali,\nB,Siti,1980-13-77\n",
      subjects());
  CHECK(loaded.rows.size() == 3);
  CHECK(loaded.warns("rows with the query_id of an earlier row: 2, in lines 4 (2), 6 (3); each is answered"));
  CHECK_FALSE(load_text("name\nAli bin Abu\nAli bin Abu\n", subjects()).warns("query_id of an earlier row"));
  CHECK_FALSE(load_text("query_id,name\nA,Ali bin Abu\nB,Ali bin Abu\n", subjects()).warns("of an earlier row"));

  std::string many = "query_id,name\n";
  for (int i = 0; i < 5000; ++i) many += std::to_string(i % 4000) + ",Ali bin Abu\n";
  CHECK(load_text(many, subjects()).warns("earlier row: 1000, in lines 4002 (2), 4003 (3), "));
  CHECK(load_text(many, subjects()).warns("4011 (11), ...; each"));
}

// One bad file each: what it says must name the file and how to go on.
TEST_CASE("a subject whose number lost digits is compared without it, and says so") {
  const auto loaded =
      load_text("query_id,name,id_number\n1,Ali bin Abu,8.70418E+11\n2,Siti,8.50311035228E+11\n", subjects());
  CHECK(loaded.error == "");
  CHECK(loaded.rejected.empty());
  REQUIRE(loaded.rows.size() == 2);
  CHECK(loaded.rows[0].subject.numbers.empty());
  CHECK(loaded.rows[0].unread == "id_number: digits of the number were lost: \"8.70418E+11\"");
  CHECK(loaded.rows[1].subject.numbers.size() == 1);
  CHECK(loaded.rows[1].unread.empty());
  const auto counted = [](const std::string& warning) {
    return warning.ends_with("identity numbers with lost digits, so that subjects are compared without them: 1");
  };
  CHECK(std::any_of(loaded.warnings.begin(), loaded.warnings.end(), counted));
}

TEST_CASE("bad files are refused with the reason and the cure") {
  struct Case {
    const char* what;
    std::string text;
    const char* name;
    const char* message;
  };
  const Case cases[] = {
      {"empty", "", "people.csv", "the file is empty (0 bytes)"},
      {"blank lines only", "\n\n\r\n", "people.csv", "no heading row"},
      {"byte order mark only", "\xEF\xBB\xBF", "people.csv", "no heading row"},
      {"no name column", "id,dob\n1,1980\n", "people.csv", "no column is the name; the headings are: id, dob"},
      {"no id column", "nama,dob\nAli,1980\n", "people.csv", "no column is the id; the headings are: nama, dob"},
      {"doubled heading", "id,name,name\n1,a,b\n", "people.csv", "columns 2 \"name\" and 3 \"name\" both mean name"},
      {"two headings of one column", "id,Nama,Full Name\n1,a,b\n", "people.csv",
       "columns 2 \"Nama\" and 3 \"Full Name\" both mean name"},
      {"doubled extra column", "id,name,kelas,kelas\n1,a,b,c\n", "people.csv", "have the same heading"},
      {"unknown ending", "id,name\n1,a\n", "people.dat", "files end in .csv, .tsv, .jsonl or .xlsx"},
      {"no ending", "id,name\n1,a\n", "people", "files end in"},
      {"binary", std::string("id,name\n\0\1\2", 11), "people.csv", "NUL bytes"},
      {"CSV named workbook", "id,name\n1,a\n", "people.xlsx", "no Excel workbook; if it is text, name it .csv"},
      {"workbook named CSV", "PK\x03\x04", "people.csv", "name it .xlsx"},
      {"open quote", "id,name\n1,a\n2,\"b\n3,c\n", "people.csv",
       "people.csv:3: the quote that opens here never closes"},
      {"defective heading", "id,\"na\"me,name\n1,a,b\n", "people.csv", "people.csv:1: the heading row has text after"},
      {"sentence in place of headings", "Senarai pesalah 2026\n1,Ali\n", "people.csv",
       "no column is the name; the headings are: Senarai pesalah 2026"},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    const auto loaded = load_text(one.text, records(), one.name);
    CHECK(loaded.error.find(one.message) != std::string::npos);
    CHECK(loaded.error.find(one.name) != std::string::npos);
    CHECK(loaded.error.find(": ") != std::string::npos);
  }
}

TEST_CASE("a file with headings and no rows is no rows and a warning") {
  for (const char* text : {"id,name", "id,name\n", "id,name\r\n\r\n"}) {
    const auto loaded = load_text(text, records());
    CHECK(loaded.error == "");
    CHECK(loaded.rows.empty());
    CHECK(loaded.warns("no rows follow the headings"));
  }
}

TEST_CASE("what was read before an error in the middle of a file stands") {
  const auto loaded = load_text("id,name\n1,Ali\n2,Abu\n3,\"x\n", records(), "p.csv");
  CHECK(loaded.error.find("p.csv:4:") != std::string::npos);
  CHECK(loaded.rows.size() == 2);
}

TEST_CASE("bad rows are rejected with field, reason and cure; the others are read") {
  struct Case {
    const char* row;
    const char* field;
    const char* reason;
  };
  const Case cases[] = {
      {",Ali,,,,", "id", "no id"},
      {"1,,,,,", "name", "no name"},
      {"1, \xC2\xA0 ,,,,", "name", "no name"},
      {"1,-,,,,", "name", "no name"},
      {"1,tiada,,,,", "name", "no name"},
      {"1,12345,,,,", "name", "no letter in the name \"12345\""},
      {"1,Ali,,31/02/1990,,", "dob", "\"31/02/1990\" is no date that exists"},
      {"1,Ali,,1990-13-01,,", "dob", "\"1990-13-01\" is no date that exists"},
      {"1,Ali,,2023-02-29,,", "dob", "\"2023-02-29\" is no date that exists"},
      {"1,Ali,,soon,,", "dob", "\"soon\" is no date that exists"},
      {"1,Ali,,01/02/85,,", "dob", "\"01/02/85\" is no date that exists"},
      {"1,Ali,,2528-03-11,,", "dob", "nobody here is born in 2528"},
      {"1,Ali,,1785-03-11,,", "dob", "nobody here is born in 1785"},
      {"1,Ali,,,Q7,", "sex", "\"Q7\" is no known sex"},
      {"1,Ali,8.70418E+11,,,", "id_number", "digits of the number were lost: \"8.70418E+11\""},
      {"1,Ali,\"8,70418E+11\",,,", "id_number", "digits of the number were lost: \"8,70418E+11\""},
      {"1,Ali,9E+11,,,", "id_number", "digits of the number were lost"},
      {"1,Ali,,1980,,1981", "birth_year", "the year of birth 1981 contradicts the date of birth 1980"},
      {"1,Ali,,,,81", "birth_year", "\"81\" is no year of birth"},
      {"1,Ali,,,", "", "5 cells under 6 headings"},
      {"1,Ali, bin Abu,,1980,,1980", "", "7 cells under 6 headings"},
      {"1,\"Ali\" bin Abu,,,,", "name", "text after a closing quote"},
  };
  for (const Case& one : cases) {
    INFO(one.row);
    const auto loaded = load_text(std::string("id,name,id_number,dob,sex,birth_year\n0,Abu,,,,\n") + one.row +
                                      "\n2,Siti,850311-03-5228,1985,P,\n",
                                  records());
    CHECK(loaded.error == "");
    CHECK(loaded.rows.size() == 2);
    REQUIRE(loaded.rejected.size() == 1);
    const RejectedRow& rejected = loaded.rejected[0];
    CHECK(rejected.row.line == 3);
    CHECK(rejected.field == one.field);
    CHECK(rejected.reason.find(one.reason) == 0);
    CHECK_FALSE(rejected.cure.empty());
  }
}

TEST_CASE("identity numbers are kept as written; what spreadsheets did to them is undone and counted") {
  struct Case {
    const char* cell;
    const char* text;
    NumberKind kind;
  };
  const Case cases[] = {
      {"850311-03-5228", "850311-03-5228", NumberKind::unknown},
      {"850311035228", "850311035228", NumberKind::unknown},
      {"850311 03 5228", "850311 03 5228", NumberKind::unknown},
      {"999999-99-9999", "999999-99-9999", NumberKind::unknown},  // odd, never rejected
      {"A1234567", "A1234567", NumberKind::unknown},
      {"850311-03-5228 / A1234567", "850311-03-5228 / A1234567", NumberKind::unknown},
      {"71204101234", "71204101234", NumberKind::mykad},  // 071204-10-1234
      {"850311035228.0", "850311035228", NumberKind::unknown},
      {"'850311035228", "850311035228", NumberKind::unknown},
      {"\"=\"\"850311035228\"\"\"", "850311035228", NumberKind::unknown},
      {"8.50311035228E+11", "850311035228", NumberKind::unknown},
      {"85O311-O3-5228", "85O311-O3-5228", NumberKind::unknown},
      {"12E45678", "12E45678", NumberKind::unknown},
  };
  for (const Case& one : cases) {
    INFO(one.cell);
    const auto loaded = load_text(std::string("id,name,No KP\n1,Ali,") + one.cell + "\n", records());
    REQUIRE(loaded.rows.size() == 1);
    REQUIRE(loaded.rows[0].record.numbers.size() == 1);
    CHECK(loaded.rows[0].record.numbers[0].text == one.text);
    CHECK(loaded.rows[0].record.numbers[0].kind == one.kind);
  }
  const auto counted =
      load_text("id,name,ic\n1,Ali,71204101234\n2,Abu,850311035228.0\n3,Siti,'850311035228\n", records());
  CHECK(counted.warns("leading zeros restored in identity numbers: 1"));
  CHECK(counted.warns("\".0\" dropped from identity numbers: 1"));
  CHECK(counted.warns("dropped from identity numbers: 1"));
}

TEST_CASE("unknown markers are no value in any column") {
  for (const char* marker : {"-", "--", "N/A", "n.a.", "NIL", "TIADA", "tidak diketahui", "?", "null"}) {
    INFO(marker);
    const std::string m = marker;
    const auto loaded = load_text("id,name,alias,ic,dob,sex,negeri,warganegara\n1,Ali," + m + "," + m + "," + m + "," +
                                      m + "," + m + "," + m + "\n",
                                  records());
    REQUIRE(loaded.rows.size() == 1);
    const Record& record = loaded.rows[0].record;
    CHECK(record.names.size() == 1);
    CHECK(record.numbers.empty());
    CHECK_FALSE(record.dob.known());
    CHECK(record.sex == Sex::unknown);
    CHECK(record.state == "");
    CHECK(record.nationality == "");
  }
}

TEST_CASE("typed name and number columns keep their type") {
  const auto loaded = load_text(
      "name_jawi,id,former_name,name,charged_as,name_han,old_ic,passport,army_no,police_no,id_numbers\n"
      "علي,1,Ali Kecil,Ali bin Abu,Ali Hitam,阿里,A1234567,H12345678,T 123456,RF 12345,"
      "passport:A12345678|850311-03-5228|UNHCR: 123-45C67890\n",
      records());
  REQUIRE(loaded.rows.size() == 1);
  const Record& record = loaded.rows[0].record;
  REQUIRE(record.names.size() == 5);
  CHECK(record.names[0] == TypedName{NameType::registered, "Ali bin Abu"});
  CHECK(record.names[1].type == NameType::jawi);
  CHECK(record.names[2] == TypedName{NameType::former, "Ali Kecil"});
  CHECK(record.names[3] == TypedName{NameType::charged_as, "Ali Hitam"});
  CHECK(record.names[4].type == NameType::han);
  REQUIRE(record.numbers.size() == 7);
  const NumberKind kinds[] = {NumberKind::old_ic,   NumberKind::passport, NumberKind::army, NumberKind::police,
                              NumberKind::passport, NumberKind::unknown,  NumberKind::unhcr};
  for (std::size_t i = 0; i < 7; ++i) CHECK(record.numbers[i].kind == kinds[i]);
  CHECK(record.numbers[4].text == "A12345678");
  CHECK(record.numbers[6].text == "123-45C67890");
}

TEST_CASE("an offender's own columns are checked, and their values made canonical") {
  const std::string header = "id,name,Akta,Seksyen,Mahkamah,No Kes,Tarikh Sabitan,Hukuman,Status Rayuan,quashed\n";
  const auto loaded =
      load_text(header + "1,Ali,Akta 792,14(a),Mahkamah Sesyen,62-1/2020,11 Mac 2020,2 tahun,Dalam Rayuan,tidak\n",
                records(RegisterKind::offender));
  REQUIRE(loaded.rows.size() == 1);
  const Record& record = loaded.rows[0].record;
  CHECK(testing::field_of(record, "act") == "Akta 792");
  CHECK(testing::field_of(record, "section") == "14(a)");
  CHECK(testing::field_of(record, "conviction_date") == "2020-03-11");
  CHECK(testing::field_of(record, "appeal_status") == "pending");
  CHECK(testing::field_of(record, "quashed") == "no");
  const auto bad = load_text(header + "1,Ali,,,,,30/02/2020,,,\n2,Abu,,,,,,,mungkin,\n3,Ana,,,,,,,,barangkali\n",
                             records(RegisterKind::offender));
  REQUIRE(bad.rejected.size() == 3);
  CHECK(bad.rejected[0].field == "conviction_date");
  CHECK(bad.rejected[1].field == "appeal_status");
  CHECK(bad.rejected[1].cure.find("pending") != std::string::npos);
  CHECK(bad.rejected[2].field == "quashed");
}

TEST_CASE("a conviction may be quashed by yes or by its date, in Malay or English") {
  for (const char* heading : {"quashed", "Dibatalkan", "Sabitan Dibatalkan", "Expunged"}) {
    CAPTURE(heading);
    const auto loaded =
        load_text(std::string("id,name,") + heading + "\n1,Ali,ya\n2,Abu,11/03/2024\n3,Ana,no\n4,Ani,-\n",
                  records(RegisterKind::offender));
    REQUIRE(loaded.rows.size() == 4);
    CHECK(testing::field_of(loaded.rows[0].record, "quashed") == "yes");
    CHECK(testing::field_of(loaded.rows[1].record, "quashed") == "2024-03-11");
    CHECK(testing::field_of(loaded.rows[2].record, "quashed") == "no");
    CHECK(testing::field_of(loaded.rows[3].record, "quashed") == "");
  }
}

TEST_CASE("headings of orders are recognised in Malay and English") {
  const char* headings[] = {
      "id,name,Status OYLS,No Perintah Mahkamah,Seksyen,Sah Dari,Sah Hingga,No Rujukan Kanak-Kanak,Tarikh Lahir "
      "Kanak-Kanak,Dibatalkan Pada",
      "id,name,Application Status,Order,Section,Valid From,Valid To,Child Reference,Child Birth Date,Revoked On"};
  for (const char* heading : headings) {
    const auto loaded = load_text(
        std::string(heading) + "\n1,Ali,layak,PKK-1/24,30(1)(b),01/02/2024,31/01/2027,K-1,05/06/2015,02/03/2025\n",
        records(RegisterKind::oyls));
    CAPTURE(heading, loaded.error);
    REQUIRE(loaded.rows.size() == 1);
    const Record& record = loaded.rows[0].record;
    CHECK(testing::field_of(record, "status") == "AKTIF");
    CHECK(testing::field_of(record, "order_no") == "PKK-1/24");
    CHECK(testing::field_of(record, "section") == "30(1)(b)");
    CHECK(testing::field_of(record, "order_from") == "2024-02-01");
    CHECK(testing::field_of(record, "order_to") == "2027-01-31");
    CHECK(testing::field_of(record, "child_ref") == "K-1");
    CHECK(testing::field_of(record, "child_dob") == "2015-06-05");
    CHECK(testing::field_of(record, "revoked_date") == "2025-03-02");
  }
}

TEST_CASE("a carer's own columns are checked, and the same heading is an extra field elsewhere") {
  const std::string text =
      "id,name,status,status_date,order_no,section,court,order_from,order_to,child_ref,revoked_date\n"
      "1,Ali,aktif,01/02/2024,PKK-1/2024,30(1)(b),Mahkamah,2024-02-01,2030-01-31,K1,\n"
      "2,Abu,Tarik Diri,,,,,,,,\n3,Ana,revoked,,,,,,,,2025\n4,Ani,entah,,,,,,,,\n";
  const auto carers = load_text(text, records(RegisterKind::oyls));
  REQUIRE(carers.rows.size() == 3);
  CHECK(testing::field_of(carers.rows[0].record, "status") == "AKTIF");
  CHECK(testing::field_of(carers.rows[0].record, "order_to") == "2030-01-31");
  CHECK(testing::field_of(carers.rows[1].record, "status") == "TARIK DIRI");
  CHECK(testing::field_of(carers.rows[2].record, "status") == "BATAL");
  CHECK(testing::field_of(carers.rows[2].record, "revoked_date") == "2025");
  REQUIRE(carers.rejected.size() == 1);
  CHECK(carers.rejected[0].field == "status");
  const auto list = load_text(text, records(RegisterKind::reference));
  CHECK(list.rows.size() == 4);
  CHECK(testing::field_of(list.rows[3].record, "status") == "entah");
}

TEST_CASE("trailing empty cells are no surplus, blank rows are skipped and counted") {
  const auto loaded = load_text("id,name,,\n1,Ali,,\n,,,\n2,Abu,,,,\n ,\n", records());
  CHECK(loaded.error == "");
  CHECK(loaded.rejected.empty());
  CHECK(loaded.rows.size() == 2);
  CHECK(loaded.warns("rows without any content skipped: 2"));
}

TEST_CASE("a row with undecodable bytes is rejected, the others are read") {
  const auto loaded = load_text(
      "\xEF\xBB\xBFid,name\n1,Ali\n2,A\xFF\xFE"
      "bu\n3,Siti\n",
      records());
  CHECK(loaded.rows.size() == 2);
  REQUIRE(loaded.rejected.size() == 1);
  CHECK(loaded.rejected[0].field == "name");
  CHECK(loaded.rejected[0].reason == "bytes that are no valid text");
}

TEST_CASE("a cell beyond a megabyte is a reject; a line beyond sixteen an error that names file and line") {
  const std::string big(1100000, 'x');
  const auto loaded = load_text("id,name\n1," + big + "\n2,Ali\n", records());
  CHECK(loaded.rows.size() == 1);
  REQUIRE(loaded.rejected.size() == 1);
  CHECK(loaded.rejected[0].field == "name");
  const TempFolder folder;
  const auto path = folder.file("holes.csv", "id,name\n1,Ali\n");
  std::filesystem::resize_file(path, 300 << 20);  // sparse: 300 MB of NUL
  const auto holes = testing::load(path, records());
  CHECK(holes.error.find("NUL bytes") != std::string::npos);
  std::string line = "id,name\n1,";
  line.append(20 << 20, 'x');
  const auto long_line = load_text(line, records(), "long.csv");
  CHECK(long_line.error.find("long.csv:2: a line of more than 16777216 bytes") != std::string::npos);
}

TEST_CASE("every row of a file comes out once, whatever the size of the batches") {
  std::string text = "id,name\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + (i % 7 == 0 ? ",\n" : ",Ali\n");
  const TempFolder folder;
  const auto path = folder.file("p.csv", text);
  for (const std::size_t rows_max : {1UL, 2UL, 3UL, 50UL, 99UL, 100UL, 101UL, 100000UL}) {
    const auto loaded = testing::load(path, records(), rows_max);
    CHECK(loaded.rows.size() == 85);
    CHECK(loaded.rejected.size() == 15);
  }
}

TEST_CASE("queries accept id for query_id and all columns of a subject") {
  const auto loaded = load_text(
      "id,nama,no kp,passport,tarikh lahir,jantina,negeri,tujuan,no rujukan,persetujuan,umur\n"
      "Q1,Siti,850311-03-5228,A1,11/03/1985,P,Kelantan,school_staff,HR-17,ya,40\n",
      subjects());
  CHECK(loaded.error == "");
  REQUIRE(loaded.rows.size() == 1);
  const Subject& subject = loaded.rows[0].subject;
  CHECK(loaded.rows[0].id == "Q1");
  CHECK(subject.numbers.size() == 2);
  CHECK(subject.dob == PartialDate{1985, 3, 11});
  CHECK(subject.sex == Sex::female);
  CHECK(subject.state == "Kelantan");
  CHECK(subject.purpose == "school_staff");
  CHECK(subject.reference == "HR-17");
  CHECK(subject.consent);
  CHECK(loaded.columns.back() == "umur -> not used");
}

TEST_CASE("tab-separated files need no detection") {
  const auto loaded = load_text("id\tname, as in IC\n1\tAli, Abu\n", records(), "p.tsv");
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].record.names[0].text == "Ali, Abu");
}

TEST_CASE("rows that are wrong only beside others can be read again, verbatim") {
  const TempFolder folder;
  const auto csv = folder.file("p.csv", "id,name\n1,\" Ali\"\n\n2,\"A\nB\"\n2,Abu\n");
  std::vector<RawRow> rows;
  const auto take = [&](RawRow row) {
    rows.push_back(std::move(row));
    return Status();
  };
  REQUIRE(read_raw_rows(csv, records(), {2, 6}, take));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].cells == std::vector<std::string>{"1", " Ali"});
  CHECK(rows[1].cells == std::vector<std::string>{"2", "Abu"});
  CHECK(rows[1].line == 6);
  CHECK(read_raw_rows(csv, records(), {}, take));
  CHECK_FALSE(read_raw_rows(csv, records(), {3}, take));
  CHECK(rows.size() == 2);
  const auto json = folder.file("p.jsonl", "{\"id\":1}\n{\"id\":2}\n");
  CHECK(read_raw_rows(json, records(), {2}, take));
  CHECK(rows.back().cells == std::vector<std::string>{"{\"id\":2}"});
  const auto full = [](RawRow) { return Status(Error{ErrorCode::no_space, "full"}); };
  CHECK(read_raw_rows(json, records(), {1, 2}, full).error().code == ErrorCode::no_space);
}

}  // namespace
}  // namespace semak
