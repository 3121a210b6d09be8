// Searches one segment for one reading of the subject.
//
// Bounds. Let Q be the reading's tokens and P(row) the row's penalty: what all its tokens cost unmatched. A row's
// score is at most
//     C - P(row) + sum of w over the pairs of its alignment - F if an identifying query token stays unmatched
// with C = minus all query leftovers and the reading's own penalty, w = gain + both leftovers saved (> 0 or the pair
// is left unused), F = query_leftover_first: the scorer's other corrections only subtract. Since the leftovers of the
// matched row tokens are part of P(row), the score is also at most C + sum of v - F..., v = gain + query leftover.
// A person adds at most `person_max` (PersonBounds), which is known by class of rows and by person_code: people with a
// related number are scored apart, first; people of near birth dates can be taken apart as well, which lowers the
// person_max of all others for good.
//
// A cell is a query token with a term of the segment that it may be aligned with. Cells are processed, list by list;
// processing one examines every row that has its term.
// Why nothing is lost: take a row that belongs into the answer, and the alignment that gives its score. If none of
// its cells has been processed when the search stops, its score is at most R, the best sum of v over unprocessed
// cells, one for each query token, and the search stops only when R + person_max < threshold, or when no cell is left:
// then rows without cells are examined by ascending penalty until that alone excludes the rest. If one has been, the
// row was examined then; it was passed over only if an upper bound of its score was under the threshold of that time,
// and thresholds only rise. The bounds of an examined row:
// - the list is cut at the row penalty where even the best unprocessed cells of the other query tokens would not do;
//   rows behind it with a processed cell in their alignment have been examined before or will be under that cell;
// - the signature in the posting names the row's other tokens by code: each counts with the greatest w of any cell
//   with that code, each token that found no slot with the greatest w of all; less the corrections that follow from
//   codes without a cell, which no alignment can match (SearchTable, charges_). Before that, the same by the codes'
//   clusters (CoarseSieve): a cluster's weight is the greatest of its cells, it may be aligned with whatever query
//   token any of them is of, and it is unmatched only if none of its terms has a cell;
// - then the same with the row's own terms, and the sum by query tokens besides; and last the scorer itself.
// All comparisons are strict, so equal scores stay and are decided by revision.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "engine/match/model.h"
#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"
#include "index/best_hits.h"
#include "index/person_bounds.h"
#include "index/search_table.h"
#include "index/snapshot_impl.h"
#include "index/token_plan.h"
#include "normalize/profile.h"

namespace semak {

class FormSearch {
 public:
  FormSearch();

  struct Work {
    std::uint64_t postings = 0;
    std::uint64_t scored = 0;
    std::uint64_t postings_max = 0;  // 0: no limit
    bool exceeded() const { return postings_max != 0 && postings > postings_max; }
  };

  // Offers all people of `part` that may belong into `best` by this reading. `related`: people of the part whose
  // numbers are related to the subject's; the name bounds do not hold for them, so they are scored at once.
  // Stops, leaving work.exceeded(), when the limit is passed.
  void search(const Model& model, const Snapshot::Impl::Part& part, const NameForm& form, std::uint8_t form_number,
              std::span<const TokenPlan* const> plans, PersonBounds& person, std::span<const std::uint32_t> related,
              BestHits& best, Work& work);

 private:
  static constexpr int kMax = NormalizedName::kTokensMax;

  struct Cell {
    std::uint32_t term;
    std::uint32_t next;  // of the same term: 1 + cell, 0: none
    std::int32_t gain;
    std::int32_t w;
    std::uint16_t code;
    std::uint8_t query;
    RelationKind relation;
  };
  // How far a query token's plan has been processed.
  struct Progress {
    std::uint32_t step = 0;              // steps [0, step) are done
    std::vector<std::int32_t> w_behind;  // by step: greatest w of the cells from its start on
    std::int32_t leftover = 0;
    std::uint32_t begin(const TokenPlan& plan) const { return step == 0 ? 0 : plan.steps[step - 1].end; }
  };
  struct Survivor {
    std::uint32_t row;
    std::int32_t person_max;
    std::int32_t most;  // that the row can score
  };

  void prepare(const NameForm& form);
  void turn_to_segment();
  void make_bounds();
  std::int64_t corrections(bool query_left, std::uint32_t flags) const;
  void add_cells(int query);
  void clear();
  std::int32_t best_left(int query, std::uint32_t step) const;  // v, or kNone
  std::int64_t rest_bound(int changed, std::uint32_t step) const;
  // What to do next: process the cells of `query` up to `step`, or (kDates) the people of dates up to `step`.
  struct Choice {
    int query = kNothing;
    std::uint32_t step = 0;
  };
  static constexpr int kNothing = -1;
  static constexpr int kDates = -2;
  Choice choose() const;
  std::span<const Posting> postings_of(const PlannedList& list) const {
    return {segment_->posting_at(list.first), list.count};
  }
  void process(int query, std::uint32_t step);
  void process_dates(std::uint32_t step);
  // What a posting's signature can add to C, the person apart: w of its codes less corrections.
  struct SignatureBound {
    const std::uint32_t* values;
    const std::int32_t* charges;
    const std::int32_t* best_of_queries;
    std::uint32_t w_max;   // units
    std::uint32_t flags;   // of the list's own term
    std::uint32_t needed;  // query tokens that cost `first` if none of the codes may be aligned with them
    std::uint32_t others;  // query tokens that the list's own term leaves
    std::uint8_t known;    // bits of the list's own term, coarse
    std::int32_t first;
    std::int32_t operator()(const Posting& posting) const;
  };
  // `query`: whose list it is, or kNothing.
  SignatureBound signature_bound(int query, std::uint32_t flags) const;
  // A list to scan: of a term of one query token.
  struct List {
    std::int32_t w;       // of its cell
    std::int64_t others;  // the most that the other query tokens' unprocessed cells can add
    SignatureBound bound;
  };
  void scan(std::span<const Posting> postings, const List& list);
  // What postings are sifted by: a row's name can score `name` besides what its signature says.
  struct Sieve {
    SignatureBound bound;
    std::int64_t name;
    const std::int32_t* person_max;  // by person_code
    std::int32_t person_most;        // of any code
  };
  void sift(std::span<const Posting> block, const Sieve& sieve);
  void sift_by_row(std::span<const Posting> postings, const Sieve& sieve);
  void scan_class(std::span<const Posting> postings, int c, const List& list);
  void scan_unmatched();
  void flush();
  void examine(const Survivor& survivor);
  std::int64_t read_row(std::span<const std::uint32_t> row);
  Bits score_row(std::span<const std::uint32_t> row);
  void offer_people(std::span<const std::uint32_t> people, Bits name, std::int32_t person_max);
  void offer_person(std::uint32_t person, Bits name);

  // Of this search
  const Model* model_ = nullptr;
  const Snapshot::Impl::Part* part_ = nullptr;
  const Segment* segment_ = nullptr;
  std::span<const TokenPlan* const> plans_;
  PersonBounds* person_ = nullptr;
  BestHits* best_ = nullptr;
  Work* work_ = nullptr;
  FormKind kind_ = FormKind::whole;
  std::uint8_t form_number_ = 0;
  int size_ = 0;
  std::int32_t base_ = 0;   // C
  std::int32_t first_ = 0;  // F
  std::uint32_t w_max_ = 0;
  std::int32_t group_max_ = std::numeric_limits<std::int32_t>::min();  // people met by date may share their row
  std::array<AlignToken, kMax> query_tokens_;
  std::array<bool, kMax> identifies_{};
  std::uint32_t identifying_ = 0;  // bits of the query tokens that do
  bool names_father_ = false;
  std::array<std::int32_t, 1 << SearchTable::kFlagBits> charges_{};           // by flags of a row
  std::array<std::int32_t, 1 << SearchTable::kQueryBits> best_of_queries_{};  // sum of their best w, by their bits
  std::array<Progress, kMax> progress_;

  // Scratch, all zero between searches
  std::vector<std::unique_ptr<SearchTable>> tables_;
  SearchTable* table_ = nullptr;
  std::vector<Cell> cells_;
  static constexpr std::size_t kBlock = 64;  // postings sifted at once
  static constexpr std::size_t kSurvivorsMax = 64;
  std::array<Survivor, kSurvivorsMax + kBlock> survivors_;
  std::size_t surviving_ = 0;
  std::array<int, kRowClasses> open_classes_{};  // that R does not exclude yet
  int open_ = 0;
  std::vector<AlignEdge> edges_;  // of the row read last, and its tokens
  std::array<AlignToken, kMax> tokens_;
  std::vector<IdentityNumber> numbers_;
  // Rows scored lately, so that rows with several processed cells are seldom scored twice.
  struct Seen {
    std::uint32_t row = 0;
    std::uint32_t search = 0;
  };
  std::vector<Seen> seen_;
  std::uint32_t search_ = 0;
};

}  // namespace semak
