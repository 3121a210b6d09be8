#include "index/form_search.h"

#include <algorithm>
#include <limits>

namespace semak {
namespace {

constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::min();
constexpr std::size_t kCodes = 65536;
constexpr std::size_t kSeen = 4096;
constexpr std::size_t kBlock = 64;
constexpr std::size_t kSurvivorsMax = 64;

}  // namespace

void PersonBounds::begin(const PersonFacts& subject, const Segment& segment) {
  facts_ = subject;
  segment_ = &segment;
  planned_ = false;
  taken_ = 0;
  dated_ = subject.dob.known() ||
           std::any_of(subject.numbers.begin(), subject.numbers.end(), [](const IdentityNumber& number) {
             return number.birth_dates[0].known() || number.birth_dates[1].known();
           });
  conflict_ = mykad_conflict(facts_).raw;
  for (int sex = 0; sex < 3; ++sex) by_sex_[sex] = person_bits_max_with(facts_, {}, static_cast<Sex>(sex)).raw;
  bound_classes(person_bits_max_without_number(facts_) - Bits{by_sex_[0]});
}

// All codes by their class alone.
void PersonBounds::bound_classes(Bits dates) {
  max_ = std::numeric_limits<std::int32_t>::min() / 2;
  for (int c = 0; c < kRowClasses; ++c) {
    max_of_class_[c] = by_sex_[c % 3] + dates.raw - (class_has_mykad(c) ? conflict_ : 0);
    if (segment_->class_start(c) < segment_->class_start(c + 1)) max_ = std::max(max_, max_of_class_[c]);
  }
  for (PersonCode code = 0; code < max_of_code_.size(); ++code) max_of_code_[code] = max_of_class_[row_class(code)];
}

void PersonBounds::restart() {
  if (planned_ && taken_ > 0) take(0);
}

const DatePlan& PersonBounds::dates() {
  if (!planned_) {
    planned_ = true;
    dates_.make(*segment_, dated_ ? facts_ : PersonFacts{});
    take(0);
  }
  return dates_;
}

std::int32_t PersonBounds::max_in_step(std::size_t step, bool mykad) const {
  return by_sex_[0] + dates_.rest(step).raw - (mykad ? conflict_ : 0);
}

void PersonBounds::take(std::size_t taken) {
  taken_ = taken;
  bound_classes(dates_.rest(taken));
  if (!dated_) return;
  for (PersonCode code = 0; code < kPersonCodeYearless; code = static_cast<PersonCode>(code + 3)) {
    const std::int32_t dates = dates_.rest_in(taken, facts_of_person_code(code).birth_year).raw;
    for (int sex = 0; sex < 3; ++sex) {
      max_of_code_[code + sex] = by_sex_[sex] + dates;
      max_of_code_[kPersonCodeMykad + code + sex] = by_sex_[sex] + dates - conflict_;
    }
  }
}

FormSearch::FormSearch() : w_of_code_(kCodes, 0), seen_(kSeen) {}

void FormSearch::search(const Model& model, const Snapshot::Impl::Part& part, const NameForm& form,
                        std::uint8_t form_number, std::span<const TokenPlan* const> plans, PersonBounds& person,
                        std::span<const std::uint32_t> related, BestHits& best, Work& work) {
  model_ = &model;
  part_ = &part;
  segment_ = &part.segment;
  plans_ = plans;
  person_ = &person;
  best_ = &best;
  work_ = &work;
  form_number_ = form_number;
  person.restart();
  prepare(form);
  for (const std::uint32_t known : related) {
    for (const std::uint32_t row : segment_->rows_of_person(known)) {
      offer_person(known, score(segment_->row(row)));
    }
  }
  bool all_done = false;
  while (!work.exceeded() && !all_done && rest_bound(-1, 0) + person.max() >= best.threshold()) {
    person.dates();
    const Choice choice = choose();
    if (choice.query == kDates) {
      process_dates(choice.step);
    } else if (choice.query != kNothing) {
      process(choice.query, choice.step);
    } else {
      all_done = true;
    }
  }
  if (all_done) scan_unmatched();
  clear();
}

void FormSearch::prepare(const NameForm& form) {
  if (cell_of_term_.size() < segment_->header().terms) cell_of_term_.resize(segment_->header().terms, 0);
  if (++search_ == 0) {
    std::fill(seen_.begin(), seen_.end(), Seen{});
    search_ = 1;
  }
  kind_ = form.kind;
  size_ = static_cast<int>(form.tokens.size());
  first_ = model_->query_leftover_first.raw;
  base_ = -model_->query_form[static_cast<std::size_t>(kind_)].raw;
  w_max_ = 0;
  identifying_ = 0;
  for (int i = 0; i < size_; ++i) {
    const TokenRole role = form.tokens[static_cast<std::size_t>(i)].role;
    query_tokens_[i] = {role, query_leftover(*model_, role)};
    identifies_[i] = identifies(role);
    identifying_ += identifies_[i];
    base_ -= query_tokens_[i].leftover.raw;
  }
  for (int i = 0; i < size_; ++i) add_cells(i);
}

void FormSearch::add_cells(int query) {
  const TokenPlan& plan = *plans_[query];
  Progress& progress = progress_[query];
  progress.step = 0;
  progress.leftover = query_tokens_[query].leftover.raw;
  progress.w_behind.assign(plan.steps.size() + 1, 0);
  std::size_t at_step = 0;
  for (std::uint32_t i = 0; i < plan.tokens.size(); ++i) {
    while (at_step < plan.steps.size() && i >= plan.steps[at_step].end) ++at_step;
    const PlannedToken& planned = plan.tokens[i];
    const std::int32_t v = planned.gain + progress.leftover;
    const std::uint32_t last = segment_->term_of_token(planned.token + 1);
    for (std::uint32_t term = segment_->term_of_token(planned.token); term < last; ++term) {
      const TermEntry& entry = segment_->term(term);
      const std::int32_t w = v + entry.leftover;
      if (w <= 0) continue;
      cells_.push_back(
          {term, cell_of_term_[term], planned.gain, w, static_cast<std::uint8_t>(query), planned.relation});
      cell_of_term_[term] = static_cast<std::uint32_t>(cells_.size());
      std::uint32_t& value = w_of_code_[entry.code];
      const std::uint32_t counts = (value >> kCountShift) | static_cast<std::uint32_t>(identifies_[query]);
      value = counts << kCountShift | std::max(value & kSumMask, static_cast<std::uint32_t>(w));
      w_max_ = std::max(w_max_, static_cast<std::uint32_t>(w));
      progress.w_behind[at_step] = std::max(progress.w_behind[at_step], w);
    }
  }
  for (std::size_t step = plan.steps.size(); step > 0; --step) {
    progress.w_behind[step - 1] = std::max(progress.w_behind[step - 1], progress.w_behind[step]);
  }
}

void FormSearch::clear() {
  for (const Cell& cell : cells_) {
    cell_of_term_[cell.term] = 0;
    w_of_code_[segment_->term(cell.term).code] = 0;
  }
  cells_.clear();
}

// The greatest v among the cells of `query` once its steps [0, step) are done.
std::int32_t FormSearch::best_left(int query, std::uint32_t step) const {
  const TokenPlan& plan = *plans_[query];
  const std::uint32_t begin = step == 0 ? 0 : plan.steps[step - 1].end;
  if (begin == plan.tokens.size()) return kNone;
  return plan.tokens[begin].gain + progress_[query].leftover;
}

// R, if `changed` stood at `step` (-1: as things are).
std::int64_t FormSearch::rest_bound(int changed, std::uint32_t step) const {
  bool all = true;  // identifying tokens have a cell left
  std::int64_t sum_all = 0;
  std::int64_t sum_some = 0;
  for (int i = 0; i < size_; ++i) {
    const std::int32_t v = best_left(i, i == changed ? step : progress_[i].step);
    if (identifies_[i]) {
      all = all && v != kNone;
      sum_all += v == kNone ? 0 : v;
    } else {
      sum_all += std::max(v, 0);
    }
    sum_some += std::max(v, 0);
  }
  const std::int64_t some = sum_some - first_;
  return base_ + (all ? std::max(sum_all, some) : some);
}

// What lowers R + person_max most for each posting.
FormSearch::Choice FormSearch::choose() const {
  const std::int64_t now = rest_bound(-1, 0);
  Choice choice;
  double best = -1;
  auto consider = [&](int query, std::uint32_t step, std::int64_t drop, std::uint64_t postings) {
    const double rate = static_cast<double>(drop) / static_cast<double>(postings + 1);
    if (rate <= best) return;
    best = rate;
    choice = {query, step};
  };
  for (int i = 0; i < size_; ++i) {
    const TokenPlan& plan = *plans_[i];
    const std::uint32_t done = progress_[i].step;
    const std::uint64_t behind = done == 0 ? 0 : plan.steps[done - 1].postings;
    for (std::uint32_t next = done + 1; next <= plan.steps.size(); ++next) {
      consider(i, next, now - rest_bound(i, next), plan.steps[next - 1].postings - behind);
    }
  }
  // Someone met by date is met at random: dearer than a posting.
  constexpr std::uint64_t kPostingsPerPerson = 16;
  const std::vector<DatePlan::Step>& dates = person_->dates().steps();
  const std::int32_t dates_now = person_->dates().rest(person_->taken()).raw;
  std::uint64_t people = 0;
  for (std::size_t step = person_->taken(); step < dates.size(); ++step) {
    people += dates[step].size * kPostingsPerPerson;
    consider(kDates, static_cast<std::uint32_t>(step + 1), dates_now - person_->dates().rest(step + 1).raw, people);
  }
  return choice;
}

void FormSearch::process_dates(std::uint32_t step) {
  const std::vector<DatePlan::Step>& dates = person_->dates().steps();
  for (std::size_t i = person_->taken(); i < step; ++i) {
    for (const std::span<const std::uint32_t> people : dates[i].people) {
      for (std::size_t at = 0; at < people.size(); at += kBlock) {
        meet(people.subspan(at, std::min(kBlock, people.size() - at)), i);
      }
    }
  }
  person_->take(step);
}

// Each access waits for memory: done side by side for many people.
void FormSearch::meet(std::span<const std::uint32_t> people, std::size_t step) {
  work_->postings += people.size();
  for (const std::uint32_t person : people) segment_->prefetch_person(person);
  for (const std::uint32_t person : people) {
    for (const std::uint32_t row : segment_->rows_of_person(person)) __builtin_prefetch(segment_->row_start(row));
  }
  for (const std::uint32_t person : people) {
    for (const std::uint32_t row : segment_->rows_of_person(person)) __builtin_prefetch(segment_->row(row).data());
  }
  for (const std::uint32_t person : people) {
    const std::int32_t most = person_->max_in_step(step, segment_->packed_numbers(person).one_mykad());
    for (const std::uint32_t at : segment_->rows_of_person(person)) {
      const std::span<const std::uint32_t> row = segment_->row(at);
      if (bound(at, row) + most < best_->threshold()) continue;
      const Bits name = score(row);
      if (std::int64_t{name.raw} + most >= best_->threshold()) offer_person(person, name);
    }
  }
}

void FormSearch::process(int query, std::uint32_t step) {
  // The other query tokens' best unprocessed cells; of those that have none left, none can be in an alignment whose
  // cells are all unprocessed, and a row with another has been examined.
  std::int64_t others = 0;
  bool first = false;
  for (int i = 0; i < size_; ++i) {
    if (i == query) continue;
    const std::int32_t w = progress_[i].w_behind[progress_[i].step];
    others += w;
    first |= w == 0 && identifies_[i];
  }
  if (first) others -= first_;
  const std::int64_t rest = rest_bound(-1, 0);
  open_ = 0;
  for (int c = 0; c < kRowClasses; ++c) {
    if (segment_->class_start(c) == segment_->class_start(c + 1)) continue;
    if (rest + person_->max_of_class(c) >= best_->threshold()) open_classes_[open_++] = c;
  }
  for (int others_matched = 0; others_matched < static_cast<int>(charge_.size()); ++others_matched) {
    charge_[others_matched] = others_matched + identifies_[query] < identifying_ ? first_ : 0;
  }
  const TokenPlan& plan = *plans_[query];
  Progress& progress = progress_[query];
  const std::uint32_t end = plan.steps[step - 1].end;
  for (std::uint32_t i = progress.begin(plan); i < end && !work_->exceeded(); ++i) {
    const PlannedToken& planned = plan.tokens[i];
    const std::int32_t v = planned.gain + progress.leftover;
    const std::uint32_t last = segment_->term_of_token(planned.token + 1);
    for (std::uint32_t term = segment_->term_of_token(planned.token); term < last; ++term) {
      const std::int32_t w = v + segment_->term(term).leftover;
      if (w > 0) scan(segment_->postings(term), {w, others, charge_.data()});
    }
  }
  flush();
  progress.step = step;
}

// With every cell processed only rows without any are left: all that can be in an alignment of nothing. They matter
// to short names with a rich birth date, or to a caller who asks for nearly everything.
void FormSearch::scan_unmatched() {
  const std::int64_t name = std::int64_t{base_} - (identifying_ > 0 ? first_ : 0) - model_->no_given_matched.raw;
  for (int c = 0; c < kRowClasses; ++c) {
    const std::int64_t most = name + person_->max_of_class(c);
    std::uint32_t limit = segment_->row_limit(c, most - best_->threshold());
    for (std::uint32_t row = segment_->class_start(c); row < limit && !work_->exceeded(); ++row) {
      ++work_->postings;
      survivors_.push_back({row, person_->max_of_class(c)});
      if (survivors_.size() < kSurvivorsMax) continue;
      flush();
      limit = std::min(limit, segment_->row_limit(c, most - best_->threshold()));
    }
    flush();
  }
}

// A list is in order of rows, and so of classes. Short ones are not worth cutting.
void FormSearch::scan(std::span<const Posting> postings, const List& list) {
  constexpr std::size_t kShort = 16;
  if (postings.size() <= kShort) {
    std::int32_t penalty = std::numeric_limits<std::int32_t>::max() / 4;
    for (const Posting& posting : postings) penalty = std::min(penalty, segment_->penalty_at_least(posting.row));
    scan_block(postings, list, penalty);
    if (survivors_.size() >= kSurvivorsMax) flush();
    return;
  }
  for (int i = 0; i < open_; ++i) {
    const int c = open_classes_[i];
    const auto before = [](const Posting& posting, std::uint32_t row) { return posting.row < row; };
    const auto first = std::lower_bound(postings.begin(), postings.end(), segment_->class_start(c), before);
    postings = postings.subspan(static_cast<std::size_t>(first - postings.begin()));
    if (postings.empty()) break;
    scan_class(postings, c, list);
  }
}

void FormSearch::scan_class(std::span<const Posting> postings, int c, const List& list) {
  const std::int64_t most = std::int64_t{base_} + list.w + list.others + person_->max_of_class(c);
  std::int32_t threshold = kNone;
  std::size_t end = postings.size();
  for (std::size_t at = 0; at < end; at += kBlock) {
    if (best_->threshold() != threshold) {
      threshold = best_->threshold();
      const std::uint32_t limit = segment_->row_limit(c, most - threshold);
      if (postings[end - 1].row >= limit) {
        const auto cut = std::lower_bound(postings.begin() + static_cast<std::ptrdiff_t>(at),
                                          postings.begin() + static_cast<std::ptrdiff_t>(end), limit,
                                          [](const Posting& posting, std::uint32_t row) { return posting.row < row; });
        end = static_cast<std::size_t>(cut - postings.begin());
      }
      if (at >= end) break;
    }
    const std::size_t stop = std::min(at + kBlock, end);
    scan_block(postings.subspan(at, stop - at), list, segment_->penalty_at_least(postings[at].row));
    if (survivors_.size() >= kSurvivorsMax) flush();
  }
}

// `penalty`: which all rows have at least.
void FormSearch::scan_block(std::span<const Posting> postings, const List& list, std::int32_t penalty) {
  const std::uint32_t* const w_of_code = w_of_code_.data();
  const std::int32_t* const max_of_code = person_->max_of_code().data();
  const std::int32_t needed = best_->threshold() - base_ - list.w + penalty;
  work_->postings += postings.size();
  for (const Posting& posting : postings) {
    std::uint32_t sum = w_of_code[posting.codes[0]] + w_of_code[posting.codes[1]] + w_of_code[posting.codes[2]] +
                        w_of_code[posting.codes[3]] + w_of_code[posting.codes[4]];
    if (const int more = posting.unslotted(); more != 0) {
      sum += static_cast<std::uint32_t>(more) * (1U << kCountShift | w_max_);
    }
    const std::int32_t person_max = max_of_code[posting.person_code()];
    if (static_cast<std::int32_t>(sum & kSumMask) + person_max - list.charge[sum >> kCountShift] < needed) continue;
    __builtin_prefetch(segment_->row_start(posting.row));
    survivors_.push_back({posting.row, person_max});
  }
}

void FormSearch::flush() {
  for (const Survivor& survivor : survivors_) __builtin_prefetch(segment_->row(survivor.row).data());
  for (const Survivor& survivor : survivors_) examine(survivor);
  survivors_.clear();
}

void FormSearch::examine(const Survivor& survivor) {
  Seen& seen = seen_[(survivor.row * 0x9e3779b1U) >> 20];
  if (seen.row == survivor.row && seen.search == search_) return;
  const std::span<const std::uint32_t> row = segment_->row(survivor.row);
  const std::int64_t most = bound(survivor.row, row) + survivor.person_max;
  if (most < best_->threshold()) return;
  if (most - model_->record_left.raw < best_->threshold() && leaves_part(row)) return;
  seen = {survivor.row, search_};
  offer_people(survivor.row, score(row), survivor.person_max);
}

// The row's own terms, as if each could have its best cell.
std::int64_t FormSearch::bound(std::uint32_t number, std::span<const std::uint32_t> row) const {
  std::int64_t sum = std::int64_t{base_} - segment_->penalty_at_least(number) -
                     model_->record_form[static_cast<std::size_t>(Segment::kind_of_row(row))].raw;
  int matched = 0;  // terms that may be aligned with an identifying query token
  for (const std::uint32_t word : row) {
    const std::uint32_t term = word & kTermMask;
    std::int32_t most = 0;
    bool counts = false;
    for (std::uint32_t at = cell_of_term_[term]; at != 0; at = cells_[at - 1].next) {
      most = std::max(most, cells_[at - 1].w);
      counts |= identifies_[cells_[at - 1].query];
    }
    matched += counts;
    sum += most;
  }
  return matched < identifying_ ? sum - first_ : sum;
}

// Whether an identifying token of the row cannot be aligned with anything: then record_left is charged.
bool FormSearch::leaves_part(std::span<const std::uint32_t> row) const {
  return std::any_of(row.begin(), row.end(), [this](std::uint32_t word) {
    const std::uint32_t term = word & kTermMask;
    return cell_of_term_[term] == 0 && identifies(static_cast<TokenRole>(segment_->term(term).role));
  });
}

Bits FormSearch::score(std::span<const std::uint32_t> row) {
  ++work_->scored;
  std::array<AlignToken, kMax> tokens;
  edges_.clear();
  for (std::size_t j = 0; j < row.size(); ++j) {
    const std::uint32_t term = row[j] & kTermMask;
    const TermEntry& entry = segment_->term(term);
    tokens[j] = {static_cast<TokenRole>(entry.role), Bits{entry.leftover}};
    for (std::uint32_t at = cell_of_term_[term]; at != 0; at = cells_[at - 1].next) {
      const Cell& cell = cells_[at - 1];
      edges_.push_back({cell.query, static_cast<std::uint8_t>(j), cell.relation, Bits{cell.gain}});
    }
  }
  const AlignSide query{kind_, std::span(query_tokens_).first(static_cast<std::size_t>(size_))};
  const AlignSide record{Segment::kind_of_row(row), std::span(tokens).first(row.size())};
  return align(*model_, query, record, edges_).score;
}

void FormSearch::offer_people(std::uint32_t row, Bits name, std::int32_t person_max) {
  if (std::int64_t{name.raw} + person_max < best_->threshold()) return;
  for (const std::uint32_t person : segment_->people_of_row(row)) {
    // Ascending revisions: once one is too late for the best score that the others could have, all are.
    if (!best_->wants(name + Bits{person_max}, segment_->revision(person))) break;
    offer_person(person, name);
  }
}

void FormSearch::offer_person(std::uint32_t person, Bits name) {
  if (part_->is_dead(person)) return;
  const PackedFacts packed = segment_->facts(person);
  segment_->numbers(person, numbers_);
  const Bits evidence = person_bits(person_->facts(), {packed.dob(), packed.sex(), packed.state(), numbers_}, nullptr);
  best_->offer({segment_->revision(person), name + evidence, name, evidence, form_number_});
}

}  // namespace semak
