#include "loaders/xlsx_reader.h"

#include <map>
#include <xlsxwriter.h>
#include <zip.h>

#include "loaders/xlsx_cells.h"
#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::load;
using testing::records;
using testing::subjects;
using testing::TempFolder;

using Parts = std::map<std::string, std::string>;

constexpr const char* kPackage =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" )"
    R"(Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" )"
    R"(Target="xl/workbook.xml"/></Relationships>)";
constexpr const char* kRelations =
    R"(<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>)"
    R"(<Relationship Id="r2" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/>)"
    R"(<Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>)";
constexpr const char* kWorkbook =
    R"(<workbook><sheets><sheet name="Senarai" sheetId="1" r:id="r1" xmlns:r="x"/></sheets></workbook>)";

// A workbook by hand: what no well-behaved writer would write.
Parts book_of(const std::string& rows) {
  return {{"_rels/.rels", kPackage},
          {"xl/workbook.xml", kWorkbook},
          {"xl/_rels/workbook.xml.rels", kRelations},
          {"xl/styles.xml", R"(<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>)"},
          {"xl/sharedStrings.xml", "<sst><si><t>Ali bin Abu</t></si></sst>"},
          {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
}

std::filesystem::path zip_parts(const TempFolder& folder, const Parts& parts) {
  const auto path = folder.path("p.xlsx");
  std::filesystem::remove(path);
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, &code);
  REQUIRE(archive != nullptr);
  for (const auto& [name, content] : parts)
    REQUIRE(zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0) >= 0);
  REQUIRE(zip_close(archive) == 0);
  return path;
}

testing::Loaded load_parts(const Parts& parts, const SourceOptions& options = records()) {
  const TempFolder folder;
  return load(zip_parts(folder, parts), options);
}

const std::string kHeadings =
    R"(<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c>)"
    R"(<c r="C1" t="inlineStr"><is><t>dob</t></is></c></row>)";
std::string row_2(const std::string& cells) { return R"(<row r="2"><c r="A2"><v>1</v></c>)" + cells + "</row>"; }

TEST_CASE("a workbook as spreadsheets write it becomes records: texts, numbers, dates") {
  const TempFolder folder;
  const auto path = folder.path("p.xlsx");
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "Senarai");
  lxw_worksheet* second = workbook_add_worksheet(book, "Lain");
  lxw_format* date = workbook_add_format(book);
  format_set_num_format(date, "dd/mm/yyyy");
  const char* const headings[] = {"Bil", "No Daftar", "Nama", "No KP", "Tarikh Lahir", "Jantina", "Catatan"};
  for (lxw_col_t i = 0; i < 7; ++i) worksheet_write_string(sheet, 0, i, headings[i], nullptr);
  worksheet_write_number(sheet, 1, 0, 1, nullptr);
  worksheet_write_string(sheet, 1, 1, "R1", nullptr);
  worksheet_write_string(sheet, 1, 2, "Siti Aminah <\"&\"> 陈", nullptr);
  worksheet_write_number(sheet, 1, 3, 850311035228.0, nullptr);
  lxw_datetime day = {1985, 3, 11, 0, 0, 0};
  worksheet_write_datetime(sheet, 1, 4, &day, date);
  worksheet_write_string(sheet, 1, 5, "P", nullptr);
  worksheet_write_number(sheet, 4, 1, 2, nullptr);  // rows 3 and 4 are blank
  worksheet_write_string(sheet, 4, 2, "Ali", nullptr);
  worksheet_write_number(sheet, 4, 3, 71204101234.0, nullptr);
  worksheet_write_number(sheet, 4, 6, 0.5, nullptr);
  worksheet_write_string(second, 0, 0, "x", nullptr);
  REQUIRE(workbook_close(book) == LXW_NO_ERROR);

  const auto loaded = load(path, records());
  CHECK(loaded.error == "");
  REQUIRE(loaded.rejected.empty());
  REQUIRE(loaded.rows.size() == 2);
  const Record& first = loaded.rows[0].record;
  CHECK(loaded.rows[0].line == 2);
  CHECK(first.id == "R1");
  CHECK(first.names[0].text == "Siti Aminah <\"&\"> 陈");
  CHECK(first.numbers[0].text == "850311035228");
  CHECK(first.dob == PartialDate{1985, 3, 11});
  CHECK(first.sex == Sex::female);
  const Record& last = loaded.rows[1].record;
  CHECK(loaded.rows[1].line == 5);
  CHECK(last.id == "2");
  CHECK(last.numbers[0] == TypedNumber{NumberKind::mykad, "71204101234", "", "", ""});
  CHECK(testing::field_of(last, "Catatan") == "0.5");
  CHECK(loaded.warns("leading zeros restored in identity numbers: 1"));
  CHECK(loaded.warns("the first of 2 sheets is read, \"Senarai\""));
}

TEST_CASE("a mapping names the sheet; a sheet that is not there lists those that are") {
  const TempFolder folder;
  const auto path = folder.path("p.xlsx");
  lxw_workbook* book = workbook_new(path.c_str());
  workbook_add_worksheet(book, "Muka");
  lxw_worksheet* sheet = workbook_add_worksheet(book, "Data 2026");
  worksheet_write_string(sheet, 2, 1, "id", nullptr);
  worksheet_write_string(sheet, 2, 2, "name", nullptr);
  worksheet_write_string(sheet, 3, 1, "7", nullptr);
  worksheet_write_string(sheet, 3, 2, "Ali", nullptr);
  worksheet_write_string(sheet, 0, 0, "Senarai", nullptr);
  REQUIRE(workbook_close(book) == LXW_NO_ERROR);
  SourceOptions options = records();
  options.mapping = folder.file("m.toml", "sheet = \"Data 2026\"\nheader_row = 3\n");
  const auto loaded = load(path, options);
  CHECK(loaded.error == "");
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].id == "7");
  options.mapping = folder.file("m2.toml", "sheet = \"Data 2025\"\n");
  CHECK(load(path, options).error.find("no sheet \"Data 2025\"; the sheets are \"Muka\", \"Data 2026\"") !=
        std::string::npos);
  CHECK(load(path, records()).error.find("no heading row") != std::string::npos);
}

TEST_CASE("cells of every type read as text") {
  const auto name_of = [](const std::string& cell) {
    const auto loaded = load_parts(book_of(kHeadings + row_2(cell)));
    if (!loaded.error.empty()) return "error: " + loaded.error;
    if (loaded.rows.empty()) return "reject: " + loaded.rejected.at(0).reason;
    return loaded.rows[0].record.names[0].text;
  };
  CHECK(name_of(R"(<c r="B2" t="s"><v>0</v></c>)") == "Ali bin Abu");
  CHECK(name_of(R"(<c r="B2" t="str"><f>A1&amp;"x"</f><v>Formula</v></c>)") == "Formula");
  CHECK(name_of(R"(<c r="B2" t="inlineStr"><is><r><t>Ali </t></r><r><t>Abu</t></r><rPh><t>no</t></rPh></is></c>)") ==
        "Ali Abu");
  CHECK(name_of(R"(<c r="B2" t="inlineStr"><is><t>Ali_x000D_&#10;Abu</t></is></c>)") == "Ali\r\nAbu");
  CHECK(name_of(R"(<c r="B2" t="e"><v>#REF!</v></c>)") == "reject: the formula error #REF!");
  CHECK(name_of(R"(<c r="B2" t="e"><v>#N/A</v></c>)") == "reject: no name");
  CHECK(name_of(R"(<c t="s"><v>0</v></c>)") == "Ali bin Abu");  // no position: the next one
  CHECK(name_of(R"(<c r="B2" t="s"><v>7</v></c>)").find("shared text 7, which is not there") != std::string::npos);
  CHECK(name_of(R"(<c r="A2"><v>2</v></c>)").find("wrong place (A2)") != std::string::npos);
  CHECK(name_of(R"(<c r="ZZZZ2"><v>2</v></c>)").find("wrong place") != std::string::npos);
}

TEST_CASE("rows and cells without positions follow each other") {
  const auto loaded = load_parts(book_of(
      R"(<row><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>name</t></is></c></row>)"
      R"(<row><c><v>1</v></c><c t="s"><v>0</v></c></row><row><c/><c/></row><row><c><v>2</v></c><c t="s"><v>0</v></c></row>)"));
  REQUIRE(loaded.rows.size() == 2);
  CHECK(loaded.rows[1].line == 4);
}

TEST_CASE("dates are serials of a date style, in the 1900 and the 1904 system") {
  const auto dob_of = [](const std::string& cell, bool from_1904) {
    Parts parts = book_of(kHeadings + row_2(R"(<c r="B2" t="s"><v>0</v></c>)" + cell));
    if (from_1904)
      parts["xl/workbook.xml"].replace(parts["xl/workbook.xml"].find("<sheets>"), 0, R"(<workbookPr date1904="1"/>)");
    const auto loaded = load_parts(parts);
    REQUIRE(loaded.rows.size() == 1);
    return to_string(loaded.rows[0].record.dob);
  };
  CHECK(dob_of(R"(<c r="C2" s="1"><v>31117</v></c>)", false) == "1985-03-11");
  CHECK(dob_of(R"(<c r="C2" s="1"><v>31117.75</v></c>)", false) == "1985-03-11");
  CHECK(dob_of(R"(<c r="C2" s="1"><v>29655</v></c>)", true) == "1985-03-11");
  CHECK(dob_of(R"(<c r="C2" s="0"><v>1985</v></c>)", false) == "1985");
  CHECK(dob_of(R"(<c r="C2" t="d"><v>1985-03-11T00:00:00</v></c>)", false) == "1985-03-11");
}

TEST_CASE("serials are the days that Excel shows, leap year bug included") {
  CHECK(serial_date_text("1", false) == "1900-01-01");
  CHECK(serial_date_text("59", false) == "1900-02-28");
  CHECK(serial_date_text("61", false) == "1900-03-01");
  CHECK(serial_date_text("25569", false) == "1970-01-01");
  CHECK(serial_date_text("45351", false) == "2024-02-29");
  CHECK(serial_date_text("2958465", false) == "9999-12-31");
  CHECK(serial_date_text("2958466", false) == "2958466");
  CHECK(serial_date_text("0", false) == "0");
  CHECK(serial_date_text("-1", false) == "-1");
  CHECK(serial_date_text("1e300", false) == "1e300");
  CHECK(serial_date_text("x", false) == "x");
  CHECK(serial_date_text("0", true) == "1904-01-01");
}

TEST_CASE("number formats show a date if they show a day or a year") {
  for (const char* code : {"dd/mm/yyyy", "yyyy-mm-dd;@", "[$-43E]d mmm yyyy", "d\\-m\\-yy", "\"Lahir\" d/m/yy", "YYYY"})
    CHECK(is_date_format(code));
  for (const char* code :
       {"General", "0", "000000\\-00\\-0000", "h:mm", "[Red]0.00", "\"dd\"0", "0_d", "#,##0;dd", "@", ""})
    CHECK_FALSE(is_date_format(code));
}

TEST_CASE("numbers keep their digits") {
  CHECK(number_text("850311035228") == "850311035228");
  CHECK(number_text("8.50311035228E11") == "850311035228");
  CHECK(number_text("850311035228.0") == "850311035228");
  CHECK(number_text("850311035228.00001") == "850311035228");
  CHECK(number_text("0.1") == "0.1");
  CHECK(number_text("1234567890123456789") == "1.23456789012346e+18");
  CHECK(number_text("") == "");
}

TEST_CASE("files that are no workbook, damaged or cut short are named and refused") {
  const TempFolder folder;
  CHECK(load(folder.file("a.xlsx", ""), records()).error.find("a.xlsx: the file is empty") != std::string::npos);
  CHECK(load(folder.path("none.xlsx"), records()).error.find("none.xlsx: cannot be opened") != std::string::npos);
  CHECK(load(folder.file("b.xlsx", "\xD0\xCF\x11\xE0\xA1"), records()).error.find("old .xls workbook") !=
        std::string::npos);
  CHECK(load(folder.file("c.xlsx", "PK\x03\x04 not really"), records()).error.find("damaged or cut short") !=
        std::string::npos);
  const auto whole = zip_parts(folder, book_of(kHeadings));
  const std::string bytes = testing::bytes_of(whole);
  for (std::size_t length = 4; length < bytes.size(); length += 97) {
    const auto loaded = load(folder.file("cut.xlsx", bytes.substr(0, length)), records());
    CHECK(loaded.error.find("cut.xlsx: ") != std::string::npos);
  }
}

TEST_CASE("every missing or broken part is named") {
  const Parts whole = book_of(kHeadings + row_2(R"(<c r="B2" t="s"><v>0</v></c>)"));
  CHECK(load_parts(whole).error == "");
  for (const auto& [name, content] : whole) {
    INFO(name);
    Parts without = whole;
    without.erase(name);
    CHECK(load_parts(without).error.find(name + ": this part is missing") != std::string::npos);
    Parts broken = whole;
    broken[name] = content.substr(0, content.size() / 2);
    CHECK(load_parts(broken).error.find(name + ": damaged XML at line 1") != std::string::npos);
  }
}

TEST_CASE("flipped bytes in a workbook never crash and never pass silently for a whole file") {
  const TempFolder folder;
  std::string rows = kHeadings;
  for (int i = 2; i < 60; ++i)
    rows += "<row r=\"" + std::to_string(i) + "\"><c r=\"A" + std::to_string(i) + "\"><v>" + std::to_string(i) +
            "</v></c><c r=\"B" + std::to_string(i) + "\" t=\"s\"><v>0</v></c></row>";
  const std::string bytes = testing::bytes_of(zip_parts(folder, book_of(rows)));
  for (std::size_t at = 0; at < bytes.size(); at += 13) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x15);
    const auto loaded = load(folder.file("f.xlsx", flipped), records());
    if (loaded.error.empty()) CHECK(loaded.rows.size() == 58);  // the byte was of no consequence (a time stamp)
  }
}

TEST_CASE("document types are refused in every part") {
  const Parts whole = book_of(kHeadings);
  for (const auto& [name, content] : whole) {
    Parts parts = whole;
    parts[name] = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + content;
    CHECK(load_parts(parts).error.find(name + ": holds a document type declaration") != std::string::npos);
  }
}

TEST_CASE("a bomb is refused before it has grown") {
  for (const char* part : {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"}) {
    Parts parts = book_of(kHeadings);
    std::string& content = parts[part];
    content.insert(content.find('>') + 1, std::string(50 << 20, ' '));
    const auto loaded = load_parts(parts);
    CHECK(loaded.error.find(std::string(part) + ": ") != std::string::npos);
    CHECK(loaded.error.find("grow beyond") != std::string::npos);
  }
}

TEST_CASE("shared texts beyond their limit and cells beyond theirs are refused") {
  const TempFolder folder;
  const auto path =
      zip_parts(folder, book_of(kHeadings + row_2(R"(<c r="B2" t="inlineStr"><is><t>Ali bin Abu</t></is></c>)")));
  XlsxOptions options;
  options.shared_text_bytes_max = 5;
  const auto small = open_xlsx(path, options);
  REQUIRE_FALSE(small);
  CHECK(small.error().message.find("xl/sharedStrings.xml: more than 5 bytes of text") != std::string::npos);
  options = {};
  options.cell_bytes_max = 8;
  auto reader = open_xlsx(path, options);
  REQUIRE(reader);
  RowView row;
  REQUIRE(*(*reader)->next(row));
  REQUIRE(*(*reader)->next(row));
  CHECK(row.defect.reason == "a cell of 11 bytes; at most 8 are read");
}

TEST_CASE("queries of a workbook become subjects") {
  const auto loaded = load_parts(book_of(kHeadings + row_2(R"(<c r="B2" t="s"><v>0</v></c>)")), subjects());
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].id == "1");
  CHECK(loaded.rows[0].subject.names[0].text == "Ali bin Abu");
}

}  // namespace
}  // namespace semak
