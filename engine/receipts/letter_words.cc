#include "engine/receipts/letter_words.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace semak {
namespace {

constexpr std::string_view kMonthsMs[] = {"Januari", "Februari", "Mac",       "April",   "Mei",      "Jun",
                                          "Julai",   "Ogos",     "September", "Oktober", "November", "Disember"};
constexpr std::string_view kMonthsEn[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};

constexpr OutcomeWords kOutcomesMs[] = {
    {"no_record",
     "clear",
     "Tiada rekod dijumpai",
     "Tiada rekod yang sepadan dengan butiran di atas dijumpai dalam daftar yang disemak.",
     {"Pada masa yang dinyatakan, setiap daftar bagi tujuan ini telah disemak sepenuhnya.", ""},
     {"Surat ini bukan pelepasan dan bukan perakuan kelakuan baik. Kebanyakan pesalah terhadap kanak-kanak tidak "
      "pernah "
      "disabitkan sebelum ini.",
      "Daftar sabitan bermula pada tahun 2017; sabitan yang lebih awal atau di luar negara mungkin tiada di dalamnya.",
      "Semakan hanya setepat nama dan nombor yang diberi. Temu duga, rujukan dan penyeliaan masih perlu dibuat."}},
    {"under_verification",
     "wait",
     "Dalam pengesahan",
     "Butiran di atas sedang diteliti oleh pegawai. Keputusan akan diberi di bawah nombor semakan yang sama.",
     {"Seorang pegawai perlu memastikan sama ada butiran ini milik orang yang ada dalam daftar.",
      "Sila tunggu keputusan, atau beri butiran tambahan jika diminta."},
     {"Surat ini bukan bukti bahawa orang ini mempunyai rekod. Ramai orang berkongsi nama yang sama.",
      "Surat ini juga bukan jawapan tiada rekod.", "Jangan tolak atau pecat sesiapa atas dasar surat ini sahaja."}},
    {"record",
     "record",
     "Ada rekod",
     "Dua orang pegawai telah mengesahkan bahawa orang ini mempunyai rekod dalam daftar yang disemak.",
     {"Pengesahan dibuat oleh dua pegawai yang berlainan, bukan oleh komputer.",
      "Orang ini berhak meminta keputusan disemak semula oleh agensi yang mengeluarkan surat ini."},
     {"Butiran kesalahan, kes dan mangsa tidak diberi dan tidak boleh disimpulkan daripada surat ini.", "", ""}},
    {"incomplete",
     "open",
     "Semakan tidak lengkap",
     "Orang ini belum disaring. Semakan tidak dapat diselesaikan.",
     {"Sila buat semakan baharu setelah sebab di atas diatasi.", ""},
     {"Surat ini bukan jawapan tiada rekod dan tidak boleh digunakan sebagai jawapan.", "", ""}},
};

constexpr OutcomeWords kOutcomesEn[] = {
    {"no_record",
     "clear",
     "No record found",
     "No record that matches the particulars above was found in the registers that were searched.",
     {"At the time stated, every register asked for this purpose was searched in full.", ""},
     {"This letter is not a clearance and not a certificate of good conduct. Most people who harm a child were never "
      "convicted before.",
      "The register of convictions begins in 2017; earlier convictions, or those of other countries, may not be in it.",
      "A search is only as exact as the names and numbers given. Interviews, references and supervision are still "
      "needed."}},
    {"under_verification",
     "wait",
     "Under verification",
     "An officer is examining the particulars above. The result will be given under the same number.",
     {"An officer must find out whether these particulars belong to a person in a register.",
      "Please wait for the result, or give further particulars if you are asked for them."},
     {"This letter is no proof that this person has a record. Many people share a name.",
      "Nor is it an answer of no record.", "Do not refuse or dismiss anybody on the strength of this letter alone."}},
    {"record",
     "record",
     "Record found",
     "Two officers have confirmed that this person has a record in the registers that were searched.",
     {"The confirmation was made by two different officers, not by a computer.",
      "This person may ask the agency that issued this letter to review the result."},
     {"Particulars of offences, cases and victims are not given and cannot be concluded from this letter.", "", ""}},
    {"incomplete",
     "open",
     "Check not complete",
     "This person has not been screened. The check could not be completed.",
     {"Please ask again once the reason above has been dealt with.", ""},
     {"This letter is not an answer of no record and must not be used as one.", "", ""}},
};

constexpr CodeWords kReasonsMs[] = {
    {"too_little_data", "butiran yang diberi terlalu sedikit"},
    {"too_vague", "nama terlalu umum tanpa nombor pengenalan atau tarikh lahir"},
    {"cut_short", "butiran terlalu panjang untuk dibandingkan sepenuhnya"},
    {"stale_index", "daftar sedang dikemas kini"},
    {"missing_register", "satu daftar yang diperlukan tiada"},
    {"stale_register", "satu daftar yang diperlukan sudah lama tidak dikemas kini"},
    {"no_consent", "persetujuan orang yang disemak tidak dinyatakan"},
};
constexpr CodeWords kReasonsEn[] = {
    {"too_little_data", "too little was said of the person"},
    {"too_vague", "the name is too common without an identity number or a date of birth"},
    {"cut_short", "the particulars are too long to be compared in full"},
    {"stale_index", "a register is being updated"},
    {"missing_register", "a register that is needed is not there"},
    {"stale_register", "a register that is needed has not been updated for too long"},
    {"no_consent", "the consent of the person was not stated"},
};

constexpr CodeWords kPurposesMs[] = {
    {"employment_with_children", "Pekerjaan dengan kanak-kanak"},
    {"school_staff", "Kakitangan sekolah"},
    {"oyls_carer", "Penjaga sebagai orang yang layak dan sesuai (OYLS)"},
    {"adoption_foster", "Pengangkatan atau anak peliharaan"},
    {"batch_vetting", "Tapisan berkelompok"},
    {"default", "Semakan umum"},
};
constexpr CodeWords kPurposesEn[] = {
    {"employment_with_children", "Employment with children"},
    {"school_staff", "School staff"},
    {"oyls_carer", "Carer as a fit and proper person (OYLS)"},
    {"adoption_foster", "Adoption or fostering"},
    {"batch_vetting", "Batch vetting"},
    {"default", "General check"},
};

constexpr CodeWords kStandingsMs[] = {
    {"unknown", "tiada dalam daftar OYLS"},
    {"fit", "layak dan sesuai, perintah berkuat kuasa"},
    {"not_fit", "tidak layak dan sesuai bagi permohonan ini"},
    {"expired", "perintah telah tamat"},
    {"revoked", "perintah telah dibatalkan"},
    {"suspended", "digantung sementara siasatan"},
    {"pending", "permohonan belum diputuskan"},
};
constexpr CodeWords kStandingsEn[] = {
    {"unknown", "not found in the OYLS register"},
    {"fit", "fit and proper, order in force"},
    {"not_fit", "not fit and proper for what was asked"},
    {"expired", "the order has ended"},
    {"revoked", "the order was revoked"},
    {"suspended", "suspended pending an investigation"},
    {"pending", "applied for, not decided"},
};

constexpr LetterWords kMalay = {
    .html_language = "ms",
    .issuer = "Semak",
    .kind = "Semakan daftar perlindungan kanak-kanak",
    .our_reference = "No. semakan",
    .your_reference = "Rujukan tuan/puan",
    .date = "Tarikh",
    .to = "Kepada",
    .subject_line = "Keputusan semakan daftar",
    .person = "Orang yang disemak",
    .name = "Nama",
    .number = "No. pengenalan",
    .born = "Tarikh lahir",
    .sex = "Jantina",
    .male = "Lelaki",
    .female = "Perempuan",
    .not_printed = "Tidak dicetak. Orang ini dapat ditentukan melalui pengesahan di bawah.",
    .and_more = "dan {} lagi",
    .purpose = "Tujuan",
    .result = "Keputusan",
    .means = "Maksud keputusan ini",
    .means_not = "Yang bukan maksudnya",
    .searched_at = "Disemak pada",
    .registers_as_of = "Keadaan daftar",
    .generation = "generasi {}",
    .valid_until = "Sah hingga",
    .no_validity = "tidak berkenaan",
    .standing = "Taraf OYLS",
    .verify = "Cara mengesahkan surat ini",
    .verify_offline =
        "Imbas kod QR dan semak teksnya dengan arahan {} serta kunci awam agensi. Internet tidak "
        "diperlukan.",
    .verify_online = "Atau sahkan nombor semakan di {}.",
    .verify_person = "Sahkan juga nama dan nombor pengenalan: kod ini terikat kepada butiran yang dicetak di atas.",
    .scan = "Kod QR resit yang ditandatangani",
    .particulars = "Butiran teknikal",
    .policy = "Dasar",
    .audit_entry = "Catatan audit",
    .key = "Kunci",
    .commitment = "Cincangan butiran",
    .local_time = "waktu Malaysia",
    .computer_made =
        "Surat ini dijana oleh komputer dan ditandatangani secara digital; tandatangan tangan tidak diperlukan.",
    .confidential =
        "SULIT. Untuk tujuan di atas sahaja; tidak boleh diserahkan kepada orang lain (Akta Kanak-Kanak 2001, seksyen "
        "121).",
    .page_title = "Surat semakan {}",
    .months = kMonthsMs,
    .outcomes = kOutcomesMs,
    .reasons = kReasonsMs,
    .purposes = kPurposesMs,
    .standings = kStandingsMs,
};

constexpr LetterWords kEnglish = {
    .html_language = "en",
    .issuer = "Semak",
    .kind = "Child protection register check",
    .our_reference = "Check number",
    .your_reference = "Your reference",
    .date = "Date",
    .to = "To",
    .subject_line = "Result of a register check",
    .person = "Person checked",
    .name = "Name",
    .number = "Identity number",
    .born = "Date of birth",
    .sex = "Sex",
    .male = "Male",
    .female = "Female",
    .not_printed = "Not printed. Whom this letter is about can be shown by verifying it as below.",
    .and_more = "and {} more",
    .purpose = "Purpose",
    .result = "Result",
    .means = "What this result means",
    .means_not = "What it does not mean",
    .searched_at = "Searched on",
    .registers_as_of = "State of the registers",
    .generation = "generation {}",
    .valid_until = "Valid until",
    .no_validity = "not applicable",
    .standing = "OYLS standing",
    .verify = "How to verify this letter",
    .verify_offline =
        "Scan the QR code and check its text with the command {} and the agency's public key. No "
        "internet is needed.",
    .verify_online = "Or verify the check number at {}.",
    .verify_person =
        "Verify the name and identity number too: the code is bound to the particulars as they are printed above.",
    .scan = "QR code of the signed receipt",
    .particulars = "Technical particulars",
    .policy = "Policy",
    .audit_entry = "Audit entry",
    .key = "Key",
    .commitment = "Hash of the particulars",
    .local_time = "Malaysian time",
    .computer_made = "This letter was made by a computer and is digitally signed; no handwritten signature is needed.",
    .confidential =
        "CONFIDENTIAL. For the purpose above only; not to be passed on to anybody else (Child Act 2001, section 121).",
    .page_title = "Letter of check {}",
    .months = kMonthsEn,
    .outcomes = kOutcomesEn,
    .reasons = kReasonsEn,
    .purposes = kPurposesEn,
    .standings = kStandingsEn,
};

using LocalTime = std::chrono::sys_seconds;

LocalTime in_malaysia(std::int64_t time_ms) {
  const auto time = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time_ms));
  return std::chrono::floor<std::chrono::seconds>(time) + std::chrono::hours(8);
}

}  // namespace

const LetterWords& letter_words(std::string_view language) { return language == "ms" ? kMalay : kEnglish; }

std::string words_for(std::span<const CodeWords> table, std::string_view code) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const CodeWords& one) { return one.code == code; });
  return std::string(at == table.end() ? code : at->words);
}

std::string spell_date(std::int64_t time_ms, const LetterWords& words) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(in_malaysia(time_ms)));
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                     words.months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
}

std::string spell_date_and_time(std::int64_t time_ms, const LetterWords& words) {
  const LocalTime time = in_malaysia(time_ms);
  const auto seconds = (time - std::chrono::floor<std::chrono::days>(time)).count();
  return fmt::format("{}, {:02}:{:02} ({})", spell_date(time_ms, words), seconds / 3600, seconds / 60 % 60,
                     words.local_time);
}

}  // namespace semak
