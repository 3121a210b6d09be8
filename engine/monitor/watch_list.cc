#include "engine/monitor/watch_list.h"

#include <algorithm>
#include <tbb/parallel_for.h>
#include <utility>

#include "engine/match/model.h"
#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"

namespace semak {
void WatchPage::add(const Profile& profile, std::uint16_t group) {
  batch_.add({RevisionId{batch_.people() + 1}, profile});
  groups_.push_back(group);
  gone_.push_back(false);
  numbered_.push_back(std::any_of(profile.numbers.begin(), profile.numbers.end(), identifies_somebody));
  facts_max_.push_back(person_bits_max_without_number(facts_of(profile)).raw);
}

void WatchPage::file() {
  const Model& model = default_model();
  person_of_row_.clear();
  for (std::uint32_t person = 0; person < people(); ++person) {
    person_of_row_.resize(batch_.person_rows[person], person);
  }
  starts_.assign(batch_.tokens.size() * kTokenRoles + 1, 0);
  for (const std::uint32_t word : batch_.words) ++starts_[word + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  filed_.resize(batch_.words.size());
  base_of_row_.resize(rows());
  for (std::uint32_t row = 0; row < rows(); ++row) {
    std::int32_t base = -model.query_form[static_cast<std::size_t>(kind_of_row(row))].raw;
    for (const std::uint32_t word : words_of_row(row)) {
      filed_[next[word]++] = row;
      base -= query_leftover(model, static_cast<TokenRole>(word & 7)).raw;
    }
    base_of_row_[row] = base;
  }
}

std::span<const std::uint32_t> WatchPage::words_of_row(std::uint32_t row) const {
  const std::uint64_t begin = row == 0 ? 0 : batch_.row_words[row - 1] >> 3;
  return std::span(batch_.words).subspan(begin, (batch_.row_words[row] >> 3) - begin);
}

std::pair<std::uint32_t, std::uint32_t> WatchPage::rows_of_person(std::uint32_t person) const {
  const std::uint64_t first = person == 0 ? 0 : batch_.person_rows[person - 1];
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(batch_.person_rows[person])};
}

Profile WatchPage::profile(std::uint32_t person) const {
  Profile profile;
  const auto [first, last] = rows_of_person(person);
  for (std::uint32_t row = first; row < last; ++row) {
    NameForm form;
    form.kind = kind_of_row(row);
    for (const std::uint32_t word : words_of_row(row)) {
      const PeopleBatch::Token& token = batch_.tokens[word >> 3];
      form.tokens.push_back({token.text, token.skeleton, token.family, token.script, static_cast<TokenRole>(word & 7)});
    }
    form.script = form.tokens.front().script;
    profile.forms.push_back(std::move(form));
  }
  numbers(person, profile.numbers);
  const PackedFacts packed = facts(person);
  profile.dob = packed.dob();
  profile.sex = packed.sex();
  profile.sex_given = packed.sex_given();
  profile.state = packed.state();
  profile.cut_short = packed.cut_short();
  return profile;
}

WatchList::Place WatchList::add(const Profile& profile, std::uint16_t group) {
  if (pages_.empty() || pages_.back()->full()) add_page(std::make_unique<WatchPage>());
  WatchPage& page = *pages_.back();
  page.add(profile, group);
  return {static_cast<std::uint32_t>(pages_.size() - 1), page.people() - 1};
}

std::uint32_t WatchList::add_page(std::unique_ptr<WatchPage> page) {
  pages_.push_back(std::move(page));
  names_.emplace_back();
  filed_people_.push_back(0);
  return static_cast<std::uint32_t>(pages_.size() - 1);
}

void WatchList::file() {
  std::vector<std::size_t> due;
  for (std::size_t at = 0; at < pages_.size(); ++at) {
    if (filed_people_[at] != pages_[at]->people()) due.push_back(at);
  }
  tbb::parallel_for(std::size_t{0}, due.size(), [&](std::size_t i) { pages_[due[i]]->file(); });
  for (const std::size_t at : due) {
    const std::vector<PeopleBatch::Token>& tokens = pages_[at]->tokens();
    for (std::size_t token = names_[at].size(); token < tokens.size(); ++token) {
      names_[at].push_back(dictionary_.token(tokens[token].key()));
    }
    filed_people_[at] = pages_[at]->people();
  }
}

std::uint64_t WatchList::people() const {
  std::uint64_t people = 0;
  for (const auto& page : pages_) people += page->people();
  return people;
}

}  // namespace semak
