#include "engine/screen/verify_subjects.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "engine/store/record_codec.h"
#include "index/live_revisions.h"

namespace semak {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random() % n); }

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c != ' ') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Bytes of other scripts stay as they are: half a character is nobody's spelling.
void mistype(std::string& text, Random& random) {
  if (text.empty()) return;
  const std::size_t at = below(random, text.size());
  if (!is_ascii_letter(text[at])) return;
  const char letter = static_cast<char>('a' + below(random, 26));
  switch (below(random, 4)) {
    case 0: text[at] = letter; break;
    case 1: text.insert(at, 1, letter); break;
    case 2: text.erase(at, 1); break;
    default:
      if (at + 1 < text.size() && is_ascii_letter(text[at + 1])) std::swap(text[at], text[at + 1]);
  }
}

void shorten(std::vector<std::string>& words, Random& random) {
  if (words.size() < 2) return;
  std::string& word = words[below(random, words.size())];
  if (is_ascii_letter(word.front())) word.resize(1);
}

void corrupt_name(std::string& text, Random& random) {
  std::vector<std::string> words = words_of(text);
  switch (below(random, 6)) {
    case 0: break;  // as it is
    case 1: mistype(text, random); return;
    case 2:
      mistype(text, random);
      mistype(text, random);
      return;
    case 3:
      if (words.size() > 2) words.erase(words.begin() + static_cast<std::ptrdiff_t>(below(random, words.size())));
      break;
    case 4:
      if (words.size() > 1) std::swap(words[below(random, words.size())], words[below(random, words.size())]);
      break;
    default: shorten(words, random);
  }
  text = joined(words);
}

void corrupt_number(std::string& text, Random& random) {
  if (text.empty()) return;
  const std::size_t at = below(random, text.size());
  switch (below(random, 3)) {
    case 0: text[at] = static_cast<char>('0' + below(random, 10)); break;
    case 1: text.erase(at, 1); break;
    default:
      if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
  }
}

Subject subject_of(const Record& record, Random& random) {
  Subject subject;
  subject.names = {record.names[below(random, record.names.size())]};
  corrupt_name(subject.names.front().text, random);
  if (random() % 2 == 0) {
    subject.numbers = record.numbers;
    if (!subject.numbers.empty() && random() % 2 == 0) corrupt_number(subject.numbers.front().text, random);
  }
  if (random() % 2 == 0) subject.dob = record.dob;
  if (random() % 4 == 0 && subject.dob.known()) subject.dob = PartialDate{subject.dob.year, 0, 0};
  if (random() % 2 == 0) subject.sex = record.sex;
  if (random() % 4 == 0) subject.state = record.state;
  return subject;
}

// The name of a person who need not exist: words of several records.
void make_stranger(Subject& subject, const Record& other, const Record& third, Random& random) {
  std::vector<std::string> words;
  for (const std::string& text : {subject.names.front().text, other.names.front().text, third.names.front().text}) {
    const std::vector<std::string> some = words_of(text);
    if (!some.empty()) words.push_back(some[below(random, some.size())]);
  }
  subject.names.front().text = joined(words);
  subject.numbers.clear();
}

}  // namespace

Result<std::vector<Subject>> recall_subjects(const Engine& engine, const Snapshot& snapshot, std::uint64_t count,
                                             std::uint64_t seed) {
  Random random(seed);
  std::vector<RevisionId> revisions;
  revisions.reserve(snapshot.people());
  for_each_live_revision(snapshot, [&](RevisionId revision) { revisions.push_back(revision); });
  std::vector<Subject> subjects;
  while (subjects.size() < count && !revisions.empty()) {
    const RevisionId chosen[] = {revisions[below(random, revisions.size())], revisions[below(random, revisions.size())],
                                 revisions[below(random, revisions.size())]};
    SEMAK_TRY(const RevisionBytes bytes, engine.store().revision_bytes(chosen));
    Record records[3];
    for (std::size_t i = 0; i < 3; ++i) {
      SEMAK_TRY(StoredRevision stored, decode_revision(chosen[i], bytes[i]));
      records[i] = std::move(stored.record);
      if (records[i].names.empty()) records[i].names.emplace_back();
    }
    Subject& subject = subjects.emplace_back(subject_of(records[0], random));
    if (subjects.size() % 5 == 0) make_stranger(subject, records[1], records[2], random);
  }
  return subjects;
}

}  // namespace semak
