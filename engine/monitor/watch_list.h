// The people under watch, normalised and packed, ready to be matched against changed records (change_match.h). Lives in
// memory only: at rest the same profiles are sealed. Holds names and numbers, so nothing of it is ever printed.
//
// Pages of people, so that pages can be filled and matched side by side. A place in the list is never given to another
// person; someone who leaves is only marked.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "index/people_batch.h"
#include "normalize/profile.h"

namespace semak {

// One page: names as rows of tokens, filed by token.
class WatchPage {
 public:
  static constexpr std::uint32_t kPeopleMax = 1U << 15;

  // `group`: people of one group are referred on equal terms (a policy).
  void add(const Profile& profile, std::uint16_t group);
  void remove(std::uint32_t person) { gone_[person] = true; }
  // Files what was added. REQUIRES: called before the page is matched.
  void file();

  std::uint32_t people() const { return static_cast<std::uint32_t>(batch_.people()); }
  std::uint32_t rows() const { return static_cast<std::uint32_t>(batch_.rows()); }
  bool full() const { return people() >= kPeopleMax; }
  bool gone(std::uint32_t person) const { return gone_[person]; }
  std::uint16_t group(std::uint32_t person) const { return groups_[person]; }
  bool numbered(std::uint32_t person) const { return numbered_[person]; }

  // Dictionary of this page
  const std::vector<PeopleBatch::Token>& tokens() const { return batch_.tokens; }

  // Rows: one reading of one person's name each
  std::uint32_t person_of_row(std::uint32_t row) const { return person_of_row_[row]; }
  FormKind kind_of_row(std::uint32_t row) const { return static_cast<FormKind>(batch_.row_words[row] & 7); }
  std::span<const std::uint32_t> words_of_row(std::uint32_t row) const;  // token << 3 | TokenRole
  // Rows that have the token in this role; one that has it twice comes twice.
  std::span<const std::uint32_t> rows_of_word(std::uint32_t word) const {
    return std::span(filed_).subspan(starts_[word], starts_[word + 1] - starts_[word]);
  }
  // A row's score if nothing of it agreed: what its tokens cost unmatched, and its own form.
  std::int32_t base_of_row(std::uint32_t row) const { return base_of_row_[row]; }
  std::pair<std::uint32_t, std::uint32_t> rows_of_person(std::uint32_t person) const;  // [first, last)

  // Facts
  // At least what facts can say of a record none of whose numbers is related to one of this person's.
  std::int32_t facts_max(std::uint32_t person) const { return facts_max_[person]; }
  PackedFacts facts(std::uint32_t person) const { return batch_.facts[person]; }
  bool has_numbers(std::uint32_t person) const { return !batch_.numbers[person].none(); }
  void numbers(std::uint32_t person, std::vector<IdentityNumber>& out) const {
    batch_.numbers[person].unpack(batch_.number_pool, out);
  }
  // All that is compared of a person.
  Profile profile(std::uint32_t person) const;

 private:
  PeopleBatch batch_;
  std::vector<std::uint16_t> groups_;
  std::vector<bool> gone_, numbered_;
  std::vector<std::int32_t> facts_max_;
  std::vector<std::uint32_t> person_of_row_;
  std::vector<std::int32_t> base_of_row_;
  std::vector<std::uint32_t> starts_, filed_;
};

class WatchList {
 public:
  struct Place {
    std::uint32_t page = 0;
    std::uint32_t person = 0;
    auto operator<=>(const Place&) const = default;
  };

  Place add(const Profile& profile, std::uint16_t group);
  // A page filled elsewhere, e.g. by one of several threads.
  std::uint32_t add_page(std::unique_ptr<WatchPage> page);
  void remove(Place place) { pages_[place.page]->remove(place.person); }
  // Files what was added since. REQUIRES: called before the list is matched.
  void file();

  std::size_t pages() const { return pages_.size(); }
  const WatchPage& page(std::size_t at) const { return *pages_[at]; }
  std::uint64_t people() const;

  // Dictionary of all pages, and what a page's tokens are called in it
  const std::vector<PeopleBatch::Token>& tokens() const { return dictionary_.tokens; }
  std::span<const std::uint32_t> tokens_of_page(std::size_t page) const { return names_[page]; }

 private:
  std::vector<std::unique_ptr<WatchPage>> pages_;
  PeopleBatch dictionary_;
  std::vector<std::vector<std::uint32_t>> names_;
  std::vector<std::uint32_t> filed_people_;  // by page: how many were there when it was filed
};

}  // namespace semak
