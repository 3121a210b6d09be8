#include "tools/gen/kind_columns.h"

#include <algorithm>
#include <array>

namespace semak {
namespace {

struct Offence {
  std::string_view act, section;
};
// Offences against children that a conviction puts on the register (invented cases, real sections).
constexpr std::array<Offence, 9> kOffences = {{
    {"Akta Kesalahan-Kesalahan Seksual Terhadap Kanak-Kanak 2017", "14(a)"},
    {"Akta Kesalahan-Kesalahan Seksual Terhadap Kanak-Kanak 2017", "14(d)"},
    {"Akta Kesalahan-Kesalahan Seksual Terhadap Kanak-Kanak 2017", "10"},
    {"Akta Kesalahan-Kesalahan Seksual Terhadap Kanak-Kanak 2017", "15"},
    {"Kanun Keseksaan", "376(2)(d)"},
    {"Kanun Keseksaan", "377C"},
    {"Akta Kanak-Kanak 2001", "31(1)(a)"},
    {"Akta Kanak-Kanak 2001", "31(1)(b)"},
    {"Kanun Keseksaan", "354"},
}};
constexpr std::array<std::string_view, 5> kCourts = {"Mahkamah Sesyen", "Mahkamah Majistret", "Mahkamah Tinggi",
                                                     "Mahkamah Sesyen", "Mahkamah Sesyen"};

std::string date_between(int first_year, int last_year, Random& random) {
  PartialDate date;
  date.year = static_cast<std::int16_t>(
      first_year + static_cast<int>(random.below(static_cast<std::uint32_t>(last_year - first_year + 1))));
  date.month = static_cast<std::uint8_t>(1 + random.below(12));
  date.day = static_cast<std::uint8_t>(1 + random.below(28));
  return to_string(date);
}

template <class... Parts>
void append(std::string& out, const Parts&... parts) {
  ((out += parts), ...);
}

std::string number_between(std::uint32_t first, std::uint32_t last, Random& random) {
  return std::to_string(first + random.below(last - first + 1));
}

void offender_cells(const GeneratedPerson& person, Random& random, std::string& out) {
  const Offence& offence = kOffences[random.below(kOffences.size())];
  const int adult = person.dob.year + 18;
  const int year = std::min(2025, std::max(adult, 2005 + static_cast<int>(random.below(21))));
  append(out, ',', offence.act, ',', offence.section, ',');
  append(out, kCourts[random.below(kCourts.size())], ' ', person.state, ',');
  append(out, "62-", number_between(1, 999, random), "-", number_between(1, 12, random), "/", std::to_string(year),
         ",");
  append(out, date_between(year, year, random), ",", number_between(1, 20, random), " tahun penjara");
  if (person.sex == Sex::male && person.dob.year > 1970 && random.chance(0.4))
    append(out, " dan ", number_between(1, 10, random), " sebatan");
  const double u = random.unit();
  // None is quashed: such a record is answered to nobody, and queries ask for everybody of the file.
  append(out, u < 0.82 ? ",none" : u < 0.92 ? ",dismissed" : ",pending", ",no");
}

void oyls_cells(const GeneratedPerson& person, Random& random, std::string& out) {
  static constexpr std::array<std::string_view, 8> kEnded = {"TAMAT", "TAMAT",   "BATAL",   "TARIK DIRI",
                                                             "TOLAK", "GANTUNG", "TANGGUH", "MENINGGAL"};
  static constexpr std::array<std::string_view, 5> kOnTheWay = {"PERMOHONAN", "SIASATAN", "PENILAIAN", "PANEL",
                                                                "SOKONG"};
  static constexpr std::array<std::string_view, 4> kSections = {"30(1)(b)", "30(1)(c)(ii)", "40(1)(b)", "46"};
  const double u = random.unit();
  const std::string_view status = u < 0.55   ? "AKTIF"
                                  : u < 0.85 ? kEnded[random.below(kEnded.size())]
                                             : kOnTheWay[random.below(kOnTheWay.size())];
  const int from = 2015 + static_cast<int>(random.below(11));
  const bool active = u < 0.55, ordered = u < 0.85;
  append(out, ',', status, ',', date_between(from, from, random), ',');
  if (ordered) {
    append(out, "PKK-", number_between(100, 999, random), "/", std::to_string(from), ",");
    append(out, kSections[random.below(kSections.size())], ",Mahkamah Bagi Kanak-Kanak ", person.state, ',');
    append(out, date_between(from, from, random), ",");
    append(out, active ? date_between(2027, 2034, random) : date_between(from + 1, std::max(from + 1, 2025), random),
           ",");
  } else {
    append(out, ",,,,,");
  }
  append(out, "K", number_between(10000, 99999, random), ",");
  if (status == "BATAL") append(out, date_between(from + 1, std::max(from + 1, 2025), random));
}

}  // namespace

std::string_view kind_headings(RegisterKind kind) {
  switch (kind) {
    case RegisterKind::offender: return ",act,section,court,case_no,conviction_date,sentence,appeal_status,quashed";
    case RegisterKind::oyls:
      return ",status,status_date,order_no,section,court,order_from,order_to,child_ref,revoked_date";
    case RegisterKind::child:
    case RegisterKind::reference: return "";
  }
  return "";
}

void append_kind_cells(RegisterKind kind, const GeneratedPerson& person, Random& random, std::string& out) {
  if (kind == RegisterKind::offender) offender_cells(person, random, out);
  if (kind == RegisterKind::oyls) oyls_cells(person, random, out);
}

}  // namespace semak
