// People on their way into a segment: names as numbers of a dictionary of their own, facts packed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/packed_person.h"
#include "index/people.h"

namespace semak {

// All that distinguishes tokens besides their role in a name.
struct TokenKey {
  Script script = Script::latin;
  std::string_view text;
  std::uint32_t family = 0;
  std::string_view skeleton;
  auto operator<=>(const TokenKey&) const = default;
};

std::uint64_t hash_of(const TokenKey& key);

// One row is one form of a person's name.
class PeopleBatch {
 public:
  struct Token {
    std::string text;
    std::string skeleton;
    std::uint32_t family = 0;
    Script script = Script::latin;
    std::uint8_t roles = 0;    // bit r: occurs with TokenRole r
    std::uint32_t people = 0;  // people with it
    TokenKey key() const { return {script, text, family, skeleton}; }
  };

  void add(const IndexedPerson& person);

  // Piecewise, for people taken from a segment: token(), then row() for each form, then person().
  std::uint32_t token(const TokenKey& key);
  // `words`: token << 3 | role.
  void row(FormKind kind, const std::vector<std::uint32_t>& words);
  void person(RevisionId revision, PackedFacts facts, std::span<const IdentityNumber> numbers);

  std::size_t people() const { return revisions.size(); }
  std::size_t rows() const { return row_words.size(); }

  std::vector<Token> tokens;
  std::vector<std::uint32_t> words;        // token << 3 | role of each token of each row
  std::vector<std::uint64_t> row_words;    // end of each row in `words` << 3 | FormKind
  std::vector<std::uint64_t> person_rows;  // end of each person's rows
  std::vector<std::uint64_t> revisions;
  std::vector<PackedFacts> facts;
  std::vector<PackedNumbers> numbers;
  std::vector<PersonCode> codes;
  std::string number_pool;

 private:
  void grow();

  // Open addressing: 1 + token, 0: free; beside it some bits of the hash.
  struct Slot {
    std::uint32_t token = 0;
    std::uint32_t print = 0;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> last_person_;  // per token: 1 + the person counted last
};

}  // namespace semak
