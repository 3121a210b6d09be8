// Small random registers and subjects: few letters, so that everything resembles everything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <stdlib.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "engine/check.h"
#include "index/index_writer.h"
#include "index/people.h"
#include "index/snapshot.h"
#include "normalize/scripts.h"

namespace semak {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "semak-index-XXXXXX").string();
    SEMAK_CHECK(mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct WorldShape {
  std::string letters = "abc";
  int words = 30;  // of the vocabulary; 0: a fresh word each time
  int letters_min = 1, letters_max = 6;
  int tokens_min = 1, tokens_max = 5;
  int forms_min = 1, forms_max = 2;
  bool numbers = true;
  bool facts = true;
  bool scripts = false;
  int families = 4;
};

// Makes people and subjects of one shape; the same for the same seed.
class RandomWorld {
 public:
  RandomWorld(WorldShape shape, std::uint64_t seed) : shape_(std::move(shape)), random_(seed) {
    for (int i = 0; i < shape_.words; ++i) vocabulary_.push_back(fresh_token());
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool one_in(int n) { return below(n) == 0; }

  NameToken token() {
    NameToken token = vocabulary_.empty() ? fresh_token() : vocabulary_[skewed(shape_.words)];
    token.role = token.text.size() == 1 && token.script == Script::latin ? TokenRole::initial
                                                                         : static_cast<TokenRole>(below(kTokenRoles));
    return token;
  }
  NameForm form() {
    NameForm form;
    form.kind = static_cast<FormKind>(one_in(2) ? 0 : below(6));
    const int size = between(shape_.tokens_min, shape_.tokens_max);
    for (int i = 0; i < size; ++i) form.tokens.push_back(token());
    return form;
  }
  IdentityNumber number() {
    IdentityNumber number;
    number.kind = NumberKind::mykad;
    // Few digits change, so that many numbers are near each other.
    number.canonical = "850311035" + std::to_string(100 + below(200));
    if (one_in(4)) number.canonical[static_cast<std::size_t>(below(12))] = static_cast<char>('0' + below(10));
    if (one_in(6)) number.canonical.erase(static_cast<std::size_t>(below(12)), 1);
    if (one_in(6)) {
      number.kind = NumberKind::passport;
      number.canonical = "A" + number.canonical.substr(0, static_cast<std::size_t>(between(1, 11)));
    }
    if (number.kind == NumberKind::mykad && number.canonical.size() == 12) {
      const int month = (number.canonical[2] - '0') * 10 + number.canonical[3] - '0';
      const int day = (number.canonical[4] - '0') * 10 + number.canonical[5] - '0';
      const int year = (number.canonical[0] - '0') * 10 + number.canonical[1] - '0';
      const PartialDate date{static_cast<std::int16_t>(1900 + year), static_cast<std::uint8_t>(month),
                             static_cast<std::uint8_t>(day)};
      if (exists(date)) number.birth_dates[0] = date;
      number.sex = (number.canonical[11] - '0') % 2 == 1 ? Sex::male : Sex::female;
      number.place_code = 3;
    }
    return number;
  }
  Profile profile() {
    Profile profile;
    const int forms = between(shape_.forms_min, shape_.forms_max);
    for (int i = 0; i < forms; ++i) profile.forms.push_back(form());
    if (shape_.numbers && !one_in(3)) profile.numbers.push_back(number());
    if (shape_.numbers && one_in(8)) profile.numbers.push_back(number());
    if (shape_.facts) {
      if (!one_in(3)) profile.dob = {static_cast<std::int16_t>(1983 + below(5)), 0, 0};
      if (profile.dob.known() && !one_in(3)) profile.dob.month = static_cast<std::uint8_t>(between(1, 12));
      if (profile.dob.has_month() && one_in(2)) profile.dob.day = static_cast<std::uint8_t>(between(1, 28));
      profile.sex = static_cast<Sex>(below(3));
      profile.sex_given = profile.sex != Sex::unknown && one_in(2);
      profile.state = static_cast<std::uint8_t>(below(4));
    }
    return profile;
  }
  std::vector<IndexedPerson> people(int count, std::uint64_t first_revision = 1) {
    std::vector<IndexedPerson> people;
    for (int i = 0; i < count; ++i) people.push_back({{first_revision + static_cast<std::uint64_t>(i)}, profile()});
    return people;
  }
  // Someone of the register with a few things changed, or a stranger.
  Profile subject(const std::vector<IndexedPerson>& people) {
    if (people.empty() || one_in(3)) return profile();
    Profile subject = people[static_cast<std::size_t>(below(static_cast<int>(people.size())))].profile;
    for (NameForm& form : subject.forms) {
      if (one_in(3)) form.tokens[static_cast<std::size_t>(below(static_cast<int>(form.tokens.size())))] = token();
      if (one_in(4) && form.tokens.size() > 1) form.tokens.pop_back();
      if (one_in(4)) std::swap(form.tokens.front(), form.tokens.back());
    }
    if (one_in(2)) subject.numbers.clear();
    if (one_in(2)) subject.dob = {};
    return subject;
  }

 private:
  std::size_t skewed(int n) { return static_cast<std::size_t>(std::min(below(n), below(n))); }

  NameToken fresh_token() {
    NameToken token;
    const int size = between(shape_.letters_min, shape_.letters_max);
    for (int i = 0; i < size; ++i)
      token.text += shape_.letters[static_cast<std::size_t>(below(static_cast<int>(shape_.letters.size())))];
    if (shape_.scripts && one_in(3)) {
      static const char* const kHan[] = {"陈", "陳", "林", "黄", "李", "明"};
      static const char* const kJawi[] = {"احمد", "محمد", "عزيز", "علي"};
      token.script = one_in(2) ? Script::han : Script::jawi;
      token.text = token.script == Script::han ? kHan[below(6)] : kJawi[below(4)];
      token.skeleton = script_skeleton(token.text, token.script);
      return token;
    }
    token.skeleton = latin_skeleton(token.text);
    if (shape_.families > 0 && one_in(4)) token.family = static_cast<std::uint32_t>(between(1, shape_.families));
    return token;
  }

  WorldShape shape_;
  std::mt19937_64 random_;
  std::vector<NameToken> vocabulary_;
};

inline Result<Manifest> build_index(const std::filesystem::path& folder, const std::vector<IndexedPerson>& people,
                                    std::uint64_t generation = 1) {
  IndexBuilder builder(folder, 7);
  builder.add(0, people);
  return builder.finish({generation}, {});
}

inline std::shared_ptr<const Snapshot> open_index(const std::filesystem::path& folder, const Manifest& manifest) {
  auto snapshot = Snapshot::open(folder, manifest, true);
  SEMAK_CHECK(snapshot.ok());
  return snapshot.value();
}

inline std::shared_ptr<const Snapshot> built(const std::filesystem::path& folder,
                                             const std::vector<IndexedPerson>& people) {
  auto manifest = build_index(folder, people);
  SEMAK_CHECK(manifest.ok());
  return open_index(folder, *manifest);
}

}  // namespace semak
