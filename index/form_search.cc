#include "index/form_search.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "engine/check.h"

namespace semak {
namespace {

constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::min();
constexpr std::size_t kTablesMax = 16;  // of the segments searched lately
constexpr std::size_t kSeen = 4096;

constexpr std::size_t kPerLine = 64 / sizeof(Posting);

// The first of them; what follows the machine fetches by itself.
void prefetch(std::span<const Posting> postings, std::size_t lines) {
  for (std::size_t i = 0; i < std::min(postings.size(), lines * kPerLine); i += kPerLine) {
    __builtin_prefetch(&postings[i]);
  }
}

// The postings of one row class in a long list.
std::span<const Posting> of_class(std::span<const Posting> postings, int c) {
  const ClassMarks& marks = Segment::marks_of(postings);
  const std::size_t first = marks.first[static_cast<std::size_t>(c)];
  const std::size_t last = c + 1 < kRowClasses ? marks.first[static_cast<std::size_t>(c) + 1] : postings.size();
  return postings.subspan(first, last - first);
}

}  // namespace

FormSearch::FormSearch() : seen_(kSeen) {}

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
      read_row(segment_->row(row));
      offer_person(known, score_row(segment_->row(row)));
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

void FormSearch::turn_to_segment() {
  const auto known = std::find_if(tables_.begin(), tables_.end(),
                                  [this](const auto& table) { return table->segment() == segment_->id(); });
  if (known != tables_.end()) {
    std::rotate(tables_.begin(), known, known + 1);
  } else {
    if (tables_.size() == kTablesMax) tables_.pop_back();
    tables_.insert(tables_.begin(), std::make_unique<SearchTable>(*segment_));
  }
  table_ = tables_.front().get();
}

void FormSearch::prepare(const NameForm& form) {
  turn_to_segment();
  if (++search_ == 0) {
    std::fill(seen_.begin(), seen_.end(), Seen{});
    search_ = 1;
  }
  kind_ = form.kind;
  size_ = static_cast<int>(form.tokens.size());
  first_ = model_->query_leftover_first.raw;
  base_ = -model_->query_form[static_cast<std::size_t>(kind_)].raw;
  w_max_ = 0;
  names_father_ = false;
  for (int i = 0; i < size_; ++i) {
    const TokenRole role = form.tokens[static_cast<std::size_t>(i)].role;
    query_tokens_[i] = {role, query_leftover(*model_, role)};
    identifies_[i] = identifies(role);
    names_father_ |= role == TokenRole::father;
    base_ -= query_tokens_[i].leftover.raw;
  }
  for (int i = 0; i < size_; ++i) add_cells(i);
  SEMAK_CHECK(SearchTable::units_of(w_max_) <= SearchTable::kSumMask / NormalizedName::kTokensMax);
  make_bounds();
}

// What align() surely subtracts from a row's additive score.
std::int64_t FormSearch::corrections(bool query_left, std::uint32_t flags) const {
  std::int64_t sum = query_left ? first_ : 0;
  if ((flags & SearchTable::kLeft) != 0) sum += model_->record_left.raw;
  if ((flags & SearchTable::kGiven) == 0) sum += model_->no_given_matched.raw;
  if ((flags & SearchTable::kFatherLeft) != 0 && (flags & SearchTable::kFather) == 0) {
    sum += (names_father_ ? model_->father_contradicted : model_->father_omitted).raw;
  }
  return sum;
}

void FormSearch::make_bounds() {
  std::array<std::int32_t, SearchTable::kQueryBits> best{};
  identifying_ = 0;
  std::uint32_t coarse_needed = 0;
  for (int i = 0; i < size_; ++i) {
    const std::uint32_t bit = SearchTable::query_bit(i);
    best[static_cast<std::size_t>(std::countr_zero(bit))] += progress_[i].w_behind[0];
    if (!identifies_[i]) continue;
    identifying_ |= bit;
    coarse_needed |= CoarseSieve::query_bit(i);
  }
  for (std::uint32_t flags = 0; flags < charges_.size(); ++flags) {
    charges_[flags] = static_cast<std::int32_t>(corrections(false, flags));
  }
  const std::uint32_t bits_end = CoarseSieve::query_bit(size_ - 1) * 2U;  // of the tokens that the query has
  for (std::uint32_t bits = 0; bits < bits_end; ++bits) {
    const bool left = (bits & coarse_needed) != coarse_needed;
    table_->coarse().set_cost(static_cast<std::uint8_t>(bits), charges_[bits % charges_.size()] + (left ? first_ : 0));
  }
  best_of_queries_[0] = 0;
  for (std::uint32_t queries = 1; queries < best_of_queries_.size(); ++queries) {
    best_of_queries_[queries] =
        best_of_queries_[queries & (queries - 1)] + best[static_cast<std::size_t>(std::countr_zero(queries))];
  }
}

void FormSearch::add_cells(int query) {
  const TokenPlan& plan = *plans_[query];
  Progress& progress = progress_[query];
  progress.step = 0;
  progress.leftover = query_tokens_[query].leftover.raw;
  progress.w_behind.assign(plan.steps.size() + 1, 0);
  std::size_t at_step = 0;
  for (std::uint32_t i = 0; i < plan.terms.size(); ++i) {
    while (at_step < plan.steps.size() && i >= plan.steps[at_step].end) ++at_step;
    const PlannedTerm& planned = plan.terms[i];
    const std::int32_t w = planned.gain + progress.leftover + planned.leftover;
    if (w <= 0) continue;
    std::uint32_t& first = table_->term(planned.term).cell;
    cells_.push_back(
        {planned.term, first, planned.gain, w, planned.code, static_cast<std::uint8_t>(query), planned.relation});
    first = static_cast<std::uint32_t>(cells_.size());
    table_->add(planned, static_cast<std::uint32_t>(w), query);
    w_max_ = std::max(w_max_, static_cast<std::uint32_t>(w));
    progress.w_behind[at_step] = std::max(progress.w_behind[at_step], w);
  }
  for (std::size_t step = plan.steps.size(); step > 0; --step) {
    progress.w_behind[step - 1] = std::max(progress.w_behind[step - 1], progress.w_behind[step]);
  }
}

void FormSearch::clear() {
  for (const Cell& cell : cells_) table_->forget(cell.term, cell.code);
  cells_.clear();
}

// The greatest v among the cells of `query` once its steps [0, step) are done.
std::int32_t FormSearch::best_left(int query, std::uint32_t step) const {
  const TokenPlan& plan = *plans_[query];
  const std::uint32_t begin = step == 0 ? 0 : plan.steps[step - 1].end;
  if (begin == plan.terms.size()) return kNone;
  return plan.terms[begin].gain + progress_[query].leftover;
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
  constexpr std::uint64_t kPostingsPerDate = 4;
  const std::vector<DatePlan::Step>& dates = person_->dates().steps();
  const std::int32_t dates_now = person_->dates().rest(person_->taken()).raw;
  std::uint64_t postings = 0;
  for (std::size_t step = person_->taken(); step < dates.size(); ++step) {
    postings += dates[step].size + dates[step].lists.size() * kPostingsPerDate;
    consider(kDates, static_cast<std::uint32_t>(step + 1), dates_now - person_->dates().rest(step + 1).raw, postings);
  }
  return choice;
}

FormSearch::SignatureBound FormSearch::signature_bound(int query, std::uint32_t flags) const {
  SignatureBound bound{table_->values(),
                       charges_.data(),
                       best_of_queries_.data(),
                       SearchTable::units_of(w_max_),
                       flags,
                       identifying_,
                       ~0U,
                       static_cast<std::uint8_t>(flags),
                       first_};
  if (query != kNothing) {
    bound.needed &= ~SearchTable::query_bit(query);
    if (query + 1 < SearchTable::kQueryBits) bound.others = ~SearchTable::query_bit(query);
    bound.known |= CoarseSieve::query_bit(query);
  }
  return bound;
}

inline std::int32_t FormSearch::SignatureBound::operator()(const Posting& posting) const {
  constexpr std::uint32_t kQueries = (1U << SearchTable::kQueryBits) - 1;
  constexpr std::uint32_t kFlags = (1U << SearchTable::kFlagBits) - 1;
  const std::uint32_t a = values[posting.codes[0]], b = values[posting.codes[1]], c = values[posting.codes[2]],
                      d = values[posting.codes[3]], e = values[posting.codes[4]];
  const std::uint32_t joined = a | b | c | d | e;
  std::uint32_t sum = (a + b + c + d + e) & SearchTable::kSumMask;
  std::uint32_t queries = joined >> SearchTable::kQueryShift & kQueries;
  std::uint32_t of_row = (joined >> SearchTable::kFlagShift & kFlags) | flags;
  if (const auto more = static_cast<std::uint32_t>(posting.unslotted()); more != 0) {
    sum += more * w_max;
    queries = kQueries;
    of_row |= SearchTable::kFather | SearchTable::kGiven;
  }
  const auto by_row = static_cast<std::int32_t>(sum * SearchTable::kUnits);
  const std::int32_t most = std::min(by_row, best_of_queries[queries & others]);
  return most - charges[of_row] - ((queries & needed) == needed ? 0 : first);
}

void FormSearch::process_dates(std::uint32_t step) {
  group_max_ = person_->max();
  std::array<std::int32_t, 2 * kPersonCodeMykad> person_max;
  for (std::size_t i = person_->taken(); i < step; ++i) {
    std::int32_t person_most = kNone;
    for (std::size_t code = 0; code < person_max.size(); ++code) {
      person_max[code] = person_->max_in_step(i, row_class(static_cast<PersonCode>(code)));
      person_most = std::max(person_most, person_max[code]);
    }
    const Sieve sieve{signature_bound(kNothing, 0), base_, person_max.data(), person_most};
    constexpr std::size_t kAhead = 3;
    const std::span<const DatePlan::List> lists = person_->dates().steps()[i].lists;
    for (std::size_t list = 0; list < std::min(kAhead, lists.size()); ++list) prefetch(lists[list].postings, 8);
    for (std::size_t list = 0; list < lists.size(); ++list) {
      if (list + kAhead < lists.size()) prefetch(lists[list + kAhead].postings, 8);
      sift_by_row(lists[list].postings, sieve);
    }
  }
  flush();
  group_max_ = kNone;
  person_->take(step);
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
  const TokenPlan& plan = *plans_[query];
  Progress& progress = progress_[query];
  const std::uint32_t end = plan.steps[step - 1].end;
  // Each list starts with a wait for memory, and each of its classes.
  constexpr std::uint32_t kListsAhead = 6;
  constexpr std::uint32_t kClassesAhead = 2;
  const auto ask_list = [&](std::uint32_t i) {
    if (i >= end) return;
    const std::span<const Posting> postings = postings_of(plan.lists[i]);
    if (postings.size() > kUnmarkedMax) __builtin_prefetch(&Segment::marks_of(postings));
    prefetch(postings, 4);
  };
  const auto ask_classes = [&](std::uint32_t i) {
    if (i >= end) return;
    const std::span<const Posting> postings = postings_of(plan.lists[i]);
    if (postings.size() <= kUnmarkedMax) return;
    for (int c = 0; c < open_; ++c) prefetch(of_class(postings, open_classes_[c]), 2);
  };
  for (std::uint32_t i = progress.begin(plan); i < progress.begin(plan) + kListsAhead; ++i) ask_list(i);
  for (std::uint32_t i = progress.begin(plan); i < progress.begin(plan) + kClassesAhead; ++i) ask_classes(i);
  for (std::uint32_t i = progress.begin(plan); i < end && !work_->exceeded(); ++i) {
    ask_list(i + kListsAhead);
    ask_classes(i + kClassesAhead);
    const PlannedTerm& planned = plan.terms[i];
    const std::int32_t w = planned.gain + progress.leftover + planned.leftover;
    if (w <= 0) continue;
    scan(postings_of(plan.lists[i]), {w, others, signature_bound(query, SearchTable::flags_of(planned.role))});
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
    for (std::uint32_t row = segment_->class_start(c); row < limit && !work_->exceeded();
         row = segment_->row_behind(row)) {
      ++work_->postings;
      survivors_[surviving_++] = {row, person_->max_of_class(c), static_cast<std::int32_t>(most)};
      if (surviving_ < kSurvivorsMax) continue;
      flush();
      limit = std::min(limit, segment_->row_limit(c, most - best_->threshold()));
    }
    flush();
  }
}

// A list is in order of rows, and so of classes. Short ones are not worth cutting.
void FormSearch::scan(std::span<const Posting> postings, const List& list) {
  if (postings.size() <= kUnmarkedMax) {
    sift_by_row(postings, {list.bound, std::int64_t{base_} + list.w, person_->max_of_code().data(), person_->max()});
    return;
  }
  for (int i = 0; i < open_; ++i) scan_class(of_class(postings, open_classes_[i]), open_classes_[i], list);
}

void FormSearch::scan_class(std::span<const Posting> postings, int c, const List& list) {
  const std::int64_t name = std::int64_t{base_} + list.w;
  const std::int64_t most = name + list.others + person_->max_of_class(c);
  Sieve sieve{list.bound, name, person_->max_of_code().data(), person_->max_of_class(c)};
  for (std::size_t at = 0; at < postings.size(); at += kBlock) {
    const std::uint32_t limit = segment_->row_limit(c, most - best_->threshold());
    if (postings[at].row >= limit) break;
    std::span<const Posting> block = postings.subspan(at, std::min(kBlock, postings.size() - at));
    if (block.back().row >= limit) {
      block = block.first(
          static_cast<std::size_t>(std::ranges::lower_bound(block, limit, {}, &Posting::row) - block.begin()));
    }
    sieve.name = name - segment_->penalty_at_least(block.front().row);
    sift(block, sieve);
    if (surviving_ >= kSurvivorsMax) flush();
  }
}

// As sift(), each row with a bound of its own penalty.
void FormSearch::sift_by_row(std::span<const Posting> postings, const Sieve& sieve) {
  for (std::size_t at = 0; at < postings.size(); at += kBlock) {
    std::size_t kept = surviving_;
    sift(postings.subspan(at, std::min(kBlock, postings.size() - at)), sieve);
    for (std::size_t i = kept; i < surviving_; ++i) {
      survivors_[i].most -= segment_->penalty_at_least(survivors_[i].row);
      if (survivors_[i].most >= best_->threshold()) survivors_[kept++] = survivors_[i];
    }
    surviving_ = kept;
    if (surviving_ >= kSurvivorsMax) flush();
  }
}

// Adds to the survivors whoever may reach the threshold. REQUIRES: at most kBlock postings, room for them.
void FormSearch::sift(std::span<const Posting> block, const Sieve& sieve) {
  const std::int64_t needed = best_->threshold() - sieve.name;
  work_->postings += block.size();
  std::array<std::uint32_t, kBlock + CoarseSieve::kSpare> near;
  const std::size_t nearby = table_->coarse().sift(block, sieve.bound.known, needed - sieve.person_most, near.data());
  const std::size_t before = surviving_;
  const auto name = static_cast<std::int32_t>(sieve.name);
  for (std::size_t i = 0; i < nearby; ++i) {
    const Posting& posting = block[near[i]];
    const std::int32_t person_max = sieve.person_max[posting.person_code()];
    const std::int32_t most = sieve.bound(posting) + person_max;
    survivors_[surviving_] = {posting.row, person_max, most + name};
    surviving_ += most >= needed;
  }
  for (std::size_t i = before; i < surviving_; ++i) segment_->prefetch_row(survivors_[i].row);
}

// The best first: they raise the threshold, which spares the others. Each access waits for memory, so what the next
// rows need is asked for ahead.
void FormSearch::flush() {
  constexpr std::size_t kAhead = 4;
  const std::span<Survivor> survivors(survivors_.data(), surviving_);
  surviving_ = 0;
  std::sort(survivors.begin(), survivors.end(),
            [](const Survivor& a, const Survivor& b) { return a.most != b.most ? a.most > b.most : a.row < b.row; });
  const auto ask = [this, survivors](std::size_t i) {
    if (i >= survivors.size()) return;
    for (const std::uint32_t word : segment_->row(survivors[i].row)) {
      __builtin_prefetch(&table_->term(word & kTermMask));
    }
    segment_->prefetch_people_of(survivors[i].row);
  };
  for (std::size_t i = 0; i < kAhead; ++i) ask(i);
  for (std::size_t i = 0; i < survivors.size(); ++i) {
    if (survivors[i].most < best_->threshold()) break;
    ask(i + kAhead);
    examine(survivors[i]);
  }
}

void FormSearch::examine(const Survivor& survivor) {
  Seen& seen = seen_[(survivor.row * 0x9e3779b1U) >> 20];
  if (seen.row == survivor.row && seen.search == search_) return;
  const std::span<const std::uint32_t> row = segment_->row(survivor.row);
  const std::span<const std::uint32_t> people = segment_->people_of_row(survivor.row);
  const std::int32_t person_max = people.size() > 1 ? std::max(survivor.person_max, group_max_) : survivor.person_max;
  if (read_row(row) + person_max < best_->threshold()) return;
  seen = {survivor.row, search_};
  offer_people(people, score_row(row), person_max);
}

// Finds the row's edges. Returns at least what it can score as if each of its terms could have its best
// one, or each query token.
std::int64_t FormSearch::read_row(std::span<const std::uint32_t> row) {
  edges_.clear();
  std::array<std::int32_t, kMax> best_of_query{};
  std::int64_t additive = base_;
  std::uint32_t flags = 0;
  std::int64_t by_row = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    const SearchTable::Term& term = table_->term(row[j] & kTermMask);
    tokens_[j] = {term.role, Bits{term.leftover}};
    additive -= term.leftover;
    std::int32_t most = 0;
    for (std::uint32_t at = term.cell; at != 0; at = cells_[at - 1].next) {
      const Cell& cell = cells_[at - 1];
      edges_.push_back({cell.query, static_cast<std::uint8_t>(j), cell.relation, Bits{cell.gain}});
      most = std::max(most, cell.w);
      best_of_query[cell.query] = std::max(best_of_query[cell.query], cell.w);
    }
    flags |= most > 0 ? SearchTable::flags_of(term.role) : SearchTable::flags_of_unmatched(term.role);
    by_row += most;
  }
  std::int64_t by_query = 0;
  bool query_left = false;
  for (int i = 0; i < size_; ++i) {
    by_query += best_of_query[i];
    query_left |= identifies_[i] && best_of_query[i] == 0;
  }
  const std::int64_t form = model_->record_form[static_cast<std::size_t>(Segment::kind_of_row(row))].raw;
  return additive + std::min(by_row, by_query) - form - corrections(query_left, flags);
}

// REQUIRES: the row was read last.
Bits FormSearch::score_row(std::span<const std::uint32_t> row) {
  ++work_->scored;
  const AlignSide query{kind_, std::span(query_tokens_).first(static_cast<std::size_t>(size_))};
  const AlignSide record{Segment::kind_of_row(row), std::span(tokens_).first(row.size())};
  return align(*model_, query, record, edges_).score;
}

void FormSearch::offer_people(std::span<const std::uint32_t> people, Bits name, std::int32_t person_max) {
  if (std::int64_t{name.raw} + person_max < best_->threshold()) return;
  for (const std::uint32_t person : people) {
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
