#include <regex>

#include "engine/receipts/letter_words.h"
#include "engine/receipts/qr_code.h"
#include "tests/engine/receipts/sample_receipt.h"

namespace semak {
namespace {

constexpr Outcome kOutcomes[] = {Outcome::no_record, Outcome::refer, Outcome::record, Outcome::incomplete};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string letter_of(const Check& check, const KeyRing& keys, std::string_view language) {
  return receipt_letter(make_receipt(check, keys), check.request.subject, language, "https://semak.example/v",
                        check.salt);
}

}  // namespace

TEST_CASE("A letter is one page of its own: nothing is fetched and nothing runs") {
  const SampleKeys keys;
  for (const Outcome outcome : kOutcomes) {
    for (const char* language : {"ms", "en"}) {
      const std::string letter = letter_of(sample_check(outcome), *keys.ring, language);
      CHECK(letter.starts_with("<!DOCTYPE html>"));
      CHECK(has(letter, std::string("<html lang=\"") + language + "\">"));
      CHECK(has(letter, "@page{size:A4"));
      for (const char* foreign : {"<script", "<link", "<img", "src=", "href=", "url(", "@import", "<iframe", " on"})
        if (std::string_view(foreign) != " on") CHECK_FALSE(has(letter, foreign));
      CHECK_FALSE(std::regex_search(letter, std::regex("<[^>]* on[a-z]+=")));
      CHECK(has(letter, "<svg class=\"qr\""));
    }
  }
}

TEST_CASE("A letter names the purpose as its policy does, and keeps the command to verify it on one line") {
  const SampleKeys keys;
  const Receipt receipt = make_receipt(sample_check(Outcome::no_record), *keys.ring);
  for (const char* language : {"ms", "en"}) {
    const std::string letter = receipt_letter(receipt, {}, language, "", {}, {}, "Sukarelawan <perpustakaan>");
    const std::string title = "Sukarelawan &lt;perpustakaan&gt;";
    CHECK(has(letter, ": " + title + "</h1>"));
    CHECK(has(letter, "<td>" + title + "</td>"));
    CHECK(has(letter, "<span class=\"command mono\">semak receipt --verify</span>"));
    CHECK(has(letter, ".command{white-space:nowrap}"));
    CHECK_FALSE(has(letter, "{}"));
  }
  CHECK(has(receipt_letter(receipt, {}, "en", ""), "School staff"));
}

TEST_CASE("A letter shows what was asked, of whom, at which state of the registers, and until when it holds") {
  const SampleKeys keys;
  const std::string letter = letter_of(sample_check(Outcome::no_record), *keys.ring, "en");
  for (const char* part :
       {"Siti Aminah binti Hassan", "850311-03-5228", "1985-03-11", "Female", "School staff", "HR-17/2026",
        "sk-seri-mawar", "generation 412", "01KAVH9B7M4T2XQ8Z6N3RDCFGW", "20 November 2026, 11:00 (Malaysian time)",
        "20 December 2026", "90211", "school_staff@6f1c2ab39d80e417", "https://semak.example/v"})
    CHECK(has(letter, part));
  const std::string surat = letter_of(sample_check(Outcome::no_record), *keys.ring, "ms");
  for (const char* part : {"Kakitangan sekolah", "Perempuan", "20 Disember 2026", "waktu Malaysia", "generasi 412"})
    CHECK(has(surat, part));
}

TEST_CASE("A letter of no record says that it is no clearance, in both languages") {
  const SampleKeys keys;
  const std::string letter = letter_of(sample_check(Outcome::no_record), *keys.ring, "en");
  CHECK(has(letter, "not a clearance"));
  CHECK(has(letter, "never convicted before"));
  CHECK(has(letter, "2017"));
  const std::string surat = letter_of(sample_check(Outcome::no_record), *keys.ring, "ms");
  CHECK(has(surat, "bukan pelepasan"));
  CHECK(has(surat, "2017"));
}

TEST_CASE("Only a letter of no record can be read as one") {
  const SampleKeys keys;
  for (const Outcome outcome : {Outcome::refer, Outcome::record, Outcome::incomplete}) {
    CHECK_FALSE(has(letter_of(sample_check(outcome), *keys.ring, "en"), "No record"));
    CHECK_FALSE(has(letter_of(sample_check(outcome), *keys.ring, "ms"), "Tiada rekod"));
  }
  Receipt unknown = make_receipt(sample_check(Outcome::no_record), *keys.ring);
  unknown.outcome = "a later version's";
  CHECK(has(receipt_letter(unknown, {}, "en", ""), "Check not complete"));
}

TEST_CASE("A letter says why a check is not complete") {
  const SampleKeys keys;
  CHECK(has(letter_of(sample_check(Outcome::incomplete), *keys.ring, "en"), "the name is too common"));
  CHECK(has(letter_of(sample_check(Outcome::incomplete), *keys.ring, "ms"), "nama terlalu umum"));
}

TEST_CASE("A letter names a carer's standing where it was asked") {
  const SampleKeys keys;
  Check check = sample_check(Outcome::no_record);
  check.answer.standing = Standing{};
  check.answer.standing->state = StandingState::suspended;
  CHECK(has(letter_of(check, *keys.ring, "en"), "suspended pending an investigation"));
  CHECK(has(letter_of(check, *keys.ring, "ms"), "digantung sementara siasatan"));
}

TEST_CASE("Nothing that a requester writes becomes markup") {
  const SampleKeys keys;
  Check check = sample_check(Outcome::no_record);
  const std::string attack = "\"><script>alert('x')</script>&<b onload=x>";
  Subject& subject = check.request.subject;
  subject.names.front().text = subject.numbers.front().text = subject.reference = subject.purpose = attack;
  check.actor.tenant = check.policy_id = attack;
  check.id = attack;
  const std::string letter =
      receipt_letter(make_receipt(check, *keys.ring), subject, "en", attack, check.salt, "Jabatan <i>&\"'");
  CHECK_FALSE(has(letter, "<script"));
  CHECK_FALSE(has(letter, "<b "));
  CHECK_FALSE(has(letter, "<i>"));
  CHECK(has(letter, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&lt;b onload=x&gt;"));
  CHECK(has(letter, "Jabatan &lt;i&gt;&amp;&quot;&#39;"));
}

TEST_CASE("A letter of a person who is not known any more prints nobody") {
  const SampleKeys keys;
  const std::string letter = receipt_letter(make_receipt(sample_check(Outcome::no_record), *keys.ring), {}, "en", "");
  CHECK_FALSE(has(letter, "Siti"));
  CHECK(has(letter, "Not printed"));
}

TEST_CASE("Every reason, standing and built-in purpose has words in both languages") {
  for (const char* language : {"ms", "en"}) {
    const LetterWords& words = letter_words(language);
    for (int i = 1; i <= static_cast<int>(IncompleteReason::no_consent); ++i) {
      const std::string code = to_string(static_cast<IncompleteReason>(i));
      CHECK(words_for(words.reasons, code) != code);
    }
    for (int i = 0; i <= static_cast<int>(StandingState::pending); ++i) {
      const std::string code = to_string(static_cast<StandingState>(i));
      CHECK(words_for(words.standings, code) != code);
    }
    CHECK(words.months.size() == 12);
    CHECK(words.outcomes.size() == 4);
  }
  CHECK(words_for(letter_words("en").purposes, "an agency's own") == "an agency's own");
}

TEST_CASE("Dates are Malaysia's, also across midnight and leap days") {
  const LetterWords& words = letter_words("en");
  CHECK(spell_date(1'709'222'400'000, words) == "1 March 2024");  // 29 Feb 16:00 UTC
  CHECK(spell_date_and_time(1'709'222'399'000, words) == "29 February 2024, 23:59 (Malaysian time)");
  CHECK(spell_date(0, letter_words("ms")) == "1 Januari 1970");
}

TEST_CASE("A QR code is drawn with its quiet zone; what does not fit draws none") {
  const std::string svg = qr_svg("SEMAK1:00", "label");
  CHECK(has(svg, "viewBox=\"0 0 29 29\""));  // 21 modules and 4 on each side
  CHECK(has(svg, "M4 4h7v1h-7z"));           // the top of the first finder pattern
  CHECK(qr_svg(std::string(5000, 'A'), "label").empty());
  CHECK(qr_svg("", "label").empty());
}

}  // namespace semak
