// What a receipt's letter says, in Malay and English. Plain text: the letter escapes it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace semak {

// What an outcome is to somebody who holds the letter.
struct OutcomeWords {
  std::string_view code;  // Receipt::outcome
  std::string_view tone;  // class of the result box: "clear", "wait", "record", "open"
  std::string_view title, finding;
  std::string_view means[2], means_not[3];  // empty ones are left out
};

// A code of a receipt and what it is called.
struct CodeWords {
  std::string_view code, words;
};

struct LetterWords {
  std::string_view html_language, issuer, kind, our_reference, your_reference, date, to, subject_line;
  std::string_view person, name, number, born, sex, male, female, not_printed, and_more;
  std::string_view purpose, result, means, means_not;
  std::string_view searched_at, registers_as_of, generation, valid_until, no_validity, standing;
  std::string_view verify, verify_offline, verify_online, verify_person, scan;
  std::string_view particulars, policy, audit_entry, key, commitment, local_time;
  std::string_view computer_made, confidential, page_title;
  std::span<const std::string_view> months;
  std::span<const OutcomeWords> outcomes;
  std::span<const CodeWords> reasons, purposes, standings;
};

const LetterWords& letter_words(std::string_view language);  // "ms", else English

// The words for `code`, or the code itself: an agency has purposes of its own.
std::string words_for(std::span<const CodeWords> table, std::string_view code);

// "20 November 2026", and with the time of day; in Malaysia's time, which is UTC+8 all year.
std::string spell_date(std::int64_t time_ms, const LetterWords& words);
std::string spell_date_and_time(std::int64_t time_ms, const LetterWords& words);

}  // namespace semak
