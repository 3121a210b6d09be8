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

SubjectFacts subject_facts(const Profile& subject) {
  SubjectFacts out;
  out.facts = facts_of(subject);
  out.max = person_bits_max_without_number(out.facts).raw;
  for (int code = 0; code < kPersonCodes; ++code) {
    const BoundFacts facts = facts_of_person_code(static_cast<std::uint8_t>(code));
    const std::int32_t below = out.max - person_bits_max_for(out.facts, facts.birth_year, facts.sex).raw;
    out.below_max[static_cast<std::size_t>(code)] = std::max(below, 0);
    out.varies |= below > 0;
  }
  return out;
}

FormSearch::FormSearch() : w_of_code_(kCodes, 0), seen_(kSeen) {}

void FormSearch::search(const Model& model, const Snapshot::Impl::Part& part, const NameForm& form,
                        std::uint8_t form_number, std::span<const TokenPlan* const> plans, const SubjectFacts& subject,
                        std::span<const std::uint32_t> related, BestHits& best, Work& work) {
  model_ = &model;
  part_ = &part;
  segment_ = &part.segment;
  plans_ = plans;
  subject_ = &subject;
  best_ = &best;
  work_ = &work;
  form_number_ = form_number;
  prepare(form);
  for (const std::uint32_t person : related) {
    for (const std::uint32_t row : segment_->rows_of_person(person)) {
      offer_person(person, score(segment_->row(row)));
    }
  }
  int query = 0;
  std::uint32_t step = 0;
  bool all_done = false;
  while (!work.exceeded() && !all_done && rest_bound(-1, 0) + subject.max >= best.threshold()) {
    if (choose(query, step)) {
      process(query, step);
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
  for (int i = 0; i < size_; ++i) {
    const TokenRole role = form.tokens[static_cast<std::size_t>(i)].role;
    query_tokens_[i] = {role, query_leftover(*model_, role)};
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
      value = std::max(value, 1U << kCountShift | static_cast<std::uint32_t>(w));
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
  bool all = true;
  std::int64_t sum_all = 0;
  std::int64_t sum_some = 0;
  for (int i = 0; i < size_; ++i) {
    const std::int32_t v = best_left(i, i == changed ? step : progress_[i].step);
    if (v == kNone) {
      all = false;
      continue;
    }
    sum_all += v;
    sum_some += std::max(v, 0);
  }
  const std::int64_t some = sum_some - first_;
  return base_ + (all ? std::max(sum_all, some) : some);
}

// The step that lowers R most for each posting. False if all is done.
bool FormSearch::choose(int& query, std::uint32_t& step) const {
  const std::int64_t now = rest_bound(-1, 0);
  double best = -1;
  for (int i = 0; i < size_; ++i) {
    const TokenPlan& plan = *plans_[i];
    const std::uint32_t done = progress_[i].step;
    const std::uint64_t behind = done == 0 ? 0 : plan.steps[done - 1].postings;
    for (std::uint32_t next = done + 1; next <= plan.steps.size(); ++next) {
      const double drop = static_cast<double>(now - rest_bound(i, next));
      const double rate = drop / static_cast<double>(plan.steps[next - 1].postings - behind + 1);
      if (rate <= best) continue;
      best = rate;
      query = i;
      step = next;
    }
  }
  return best >= 0;
}

void FormSearch::process(int query, std::uint32_t step) {
  // The other query tokens' best unprocessed cells; of those that have none left, none can be in an alignment whose
  // cells are all unprocessed, and a row with another has been examined.
  std::int32_t others = 0;
  bool one_done = false;
  for (int i = 0; i < size_; ++i) {
    if (i == query) continue;
    const std::int32_t w = progress_[i].w_behind[progress_[i].step];
    others += w;
    one_done |= w == 0;
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
      if (w > 0) scan(segment_->postings(term), w, others, one_done);
    }
  }
  flush();
  progress.step = step;
}

// With every cell processed only rows without any are left: all that can be in an alignment of nothing. They matter
// to short names with a rich birth date, or to a caller who asks for nearly everything.
void FormSearch::scan_unmatched() {
  const std::int64_t open = std::int64_t{base_} - first_ - model_->no_given_matched.raw + subject_->max;
  std::uint32_t limit = row_limit(open - best_->threshold());
  for (std::uint32_t row = 0; row < limit && !work_->exceeded(); ++row) {
    ++work_->postings;
    survivors_.push_back({row, subject_->max});
    if (survivors_.size() < kSurvivorsMax) continue;
    flush();
    limit = std::min(limit, row_limit(open - best_->threshold()));
  }
  flush();
}

// First row whose penalty is surely greater than `penalty_max`.
std::uint32_t FormSearch::row_limit(std::int64_t penalty_max) const {
  if (penalty_max < 0) return 0;
  const std::span<const std::uint32_t> starts = segment_->penalty_starts();
  const auto step = static_cast<std::uint64_t>(penalty_max) / kPenaltyStep + 1;
  return step < starts.size() ? starts[step] : segment_->rows();
}

// At most its penalty, and at most kPenaltyStep less.
std::int32_t FormSearch::penalty_of_row(std::uint32_t row) const {
  const std::span<const std::uint32_t> starts = segment_->penalty_starts();
  const auto after = std::upper_bound(starts.begin(), starts.end() - 1, row);
  return static_cast<std::int32_t>(after - starts.begin() - 1) * kPenaltyStep;
}

void FormSearch::scan(std::span<const Posting> postings, std::int32_t w, std::int32_t others, bool one_done) {
  const std::uint32_t* const w_of_code = w_of_code_.data();
  const std::int32_t* const below_max = subject_->below_max.data();
  const std::int64_t open = std::int64_t{base_} + w + subject_->max;
  std::int32_t threshold = kNone;
  std::size_t end = postings.size();
  std::array<std::int32_t, 2 * kMax + 2> needed{};  // by the number of other tokens matched
  for (std::size_t at = 0; at < end; at += kBlock) {
    if (best_->threshold() != threshold) {
      threshold = best_->threshold();
      const std::uint32_t limit = row_limit(open + others - (one_done ? first_ : 0) - threshold);
      end = static_cast<std::size_t>(
          std::lower_bound(postings.begin(), postings.begin() + static_cast<std::ptrdiff_t>(end), limit,
                           [](const Posting& posting, std::uint32_t row) { return posting.row < row; }) -
          postings.begin());
      if (at >= end) break;
    }
    const std::size_t stop = std::min(at + kBlock, end);
    const std::int32_t penalty = penalty_of_row(postings[at].row);
    const std::int64_t need = threshold - open + penalty;
    for (int matched = 0; matched < static_cast<int>(needed.size()); ++matched) {
      const std::int64_t value = need + (matched + 1 < size_ ? first_ : 0);
      needed[static_cast<std::size_t>(matched)] = static_cast<std::int32_t>(
          std::clamp<std::int64_t>(value, kNone / 2, std::numeric_limits<std::int32_t>::max() / 2));
    }
    work_->postings += stop - at;
    for (std::size_t i = at; i < stop; ++i) {
      const Posting& posting = postings[i];
      std::uint32_t sum = w_of_code[posting.codes[0]] + w_of_code[posting.codes[1]] + w_of_code[posting.codes[2]] +
                          w_of_code[posting.codes[3]] + w_of_code[posting.codes[4]];
      if (posting.more != 0) sum += posting.more * (1U << kCountShift | w_max_);
      const std::int32_t below = below_max[posting.person];
      if (static_cast<std::int32_t>(sum & kSumMask) - below < needed[sum >> kCountShift]) continue;
      __builtin_prefetch(segment_->row_start(posting.row));
      survivors_.push_back({posting.row, subject_->max - below});
    }
    if (survivors_.size() >= kSurvivorsMax) flush();
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
  std::int32_t bound = base_ - model_->record_form[static_cast<std::size_t>(Segment::kind_of_row(row))].raw;
  int matched = 0;
  for (const std::uint32_t word : row) {
    const std::uint32_t term = word & kTermMask;
    std::int32_t w_most = 0;
    for (std::uint32_t cell = cell_of_term_[term]; cell != 0; cell = cells_[cell - 1].next) {
      w_most = std::max(w_most, cells_[cell - 1].w);
    }
    matched += w_most > 0;
    bound += w_most - segment_->term(term).leftover;
  }
  if (matched < size_) bound -= first_;
  if (std::int64_t{bound} + survivor.person_max < best_->threshold()) return;
  seen = {survivor.row, search_};
  offer_people(survivor.row, score(row), survivor.person_max);
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
  const Bits evidence = person_bits(subject_->facts, {packed.dob(), packed.sex(), packed.state(), numbers_}, nullptr);
  best_->offer({segment_->revision(person), name + evidence, name, evidence, form_number_});
}

}  // namespace semak
