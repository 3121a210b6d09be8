#include "index/row_builder.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

#include "engine/check.h"
#include "index/checksum.h"

namespace semak {
namespace {

constexpr std::size_t kGrain = 8192;

// A row on its way: where it is, and what it is ordered by.
struct RowRef {
  std::uint64_t key;  // penalty (16 bits, saturated), then a hash of terms and kind
  std::uint32_t person;
  std::uint32_t size_kind;     // tokens << 3 | FormKind
  const std::uint32_t* words;  // terms
};

constexpr int kPenaltyBits = 16;
constexpr std::int32_t kPenaltyMax = (1 << kPenaltyBits) - 1;

std::uint64_t row_key(const DictionaryArrays& dictionary, std::span<const std::uint32_t> terms, std::uint64_t kind) {
  std::int32_t penalty = 0;
  std::uint64_t hash = mix64(kind + 1);
  for (const std::uint32_t term : terms) {
    penalty += dictionary.terms[term].leftover;
    hash = mix64(hash ^ term);
  }
  return static_cast<std::uint64_t>(std::min(penalty, kPenaltyMax)) << (64 - kPenaltyBits) | hash >> kPenaltyBits;
}

int compare_content(const RowRef& a, const RowRef& b) {
  if (a.size_kind != b.size_kind) return a.size_kind < b.size_kind ? -1 : 1;
  const std::size_t size = a.size_kind >> 3;
  for (std::size_t i = 0; i < size; ++i) {
    if (a.words[i] != b.words[i]) return a.words[i] < b.words[i] ? -1 : 1;
  }
  return 0;
}

bool row_before(const RowRef& a, const RowRef& b) {
  if (a.key != b.key) return a.key < b.key;
  if (const int order = compare_content(a, b); order != 0) return order < 0;
  return a.person < b.person;
}

// Terms of every row of every batch, and refs to them.
class Rows {
 public:
  Rows(std::span<const PeopleBatch> batches, const DictionaryArrays& dictionary, const PeopleArrays& people)
      : batches_(batches), dictionary_(dictionary), people_(people) {
    std::size_t total = 0;
    for (const PeopleBatch& batch : batches_) total += batch.rows();
    refs_.resize(total);
    terms_.resize(batches_.size());
    std::size_t first = 0;
    for (std::size_t b = 0; b < batches_.size(); ++b) {
      convert(b, first);
      first += batches_[b].rows();
    }
    sort();
  }
  std::span<const RowRef> refs() const { return refs_; }

 private:
  void convert(std::size_t b, std::size_t first) {
    const PeopleBatch& batch = batches_[b];
    terms_[b].resize(batch.words.size());
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, batch.people(), kGrain), [&](const auto& range) {
      for (std::size_t person = range.begin(); person != range.end(); ++person) {
        std::size_t row = person == 0 ? 0 : batch.person_rows[person - 1];
        for (; row < batch.person_rows[person]; ++row) {
          convert_row(b, row, people_.person_of_batch[b][person], refs_[first + row]);
        }
      }
    });
  }
  void convert_row(std::size_t b, std::size_t row, std::uint32_t person, RowRef& ref) {
    const PeopleBatch& batch = batches_[b];
    const std::size_t begin = row == 0 ? 0 : batch.row_words[row - 1] >> 3;
    const std::size_t end = batch.row_words[row] >> 3;
    const auto kind = static_cast<std::uint32_t>(batch.row_words[row] & 7);
    std::uint32_t* terms = terms_[b].data();
    for (std::size_t i = begin; i < end; ++i) {
      terms[i] = dictionary_.term(dictionary_.token_of_batch[b][batch.words[i] >> 3], batch.words[i] & 7);
    }
    ref.key = row_key(dictionary_, {terms + begin, end - begin}, kind);
    ref.person = person;
    ref.size_kind = static_cast<std::uint32_t>(end - begin) << 3 | kind;
    ref.words = terms + begin;
  }

  // By penalty into buckets first: each is small enough to be sorted in cache.
  void sort() {
    if (refs_.size() < 100000) {
      std::sort(refs_.begin(), refs_.end(), row_before);
      return;
    }
    constexpr int kShift = 64 - kPenaltyBits + 1;
    std::vector<std::size_t> starts((std::size_t{1} << (kPenaltyBits - 1)) + 1, 0);
    for (const RowRef& ref : refs_) ++starts[(ref.key >> kShift) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
    std::vector<RowRef> sorted(refs_.size());
    for (const RowRef& ref : refs_) sorted[next[ref.key >> kShift]++] = ref;
    refs_.swap(sorted);
    tbb::parallel_for(std::size_t{0}, starts.size() - 1, [&](std::size_t bucket) {
      tbb::parallel_sort(refs_.begin() + static_cast<std::ptrdiff_t>(starts[bucket]),
                         refs_.begin() + static_cast<std::ptrdiff_t>(starts[bucket + 1]), row_before);
    });
  }

  std::span<const PeopleBatch> batches_;
  const DictionaryArrays& dictionary_;
  const PeopleArrays& people_;
  std::vector<RowRef> refs_;
  std::vector<std::vector<std::uint32_t>> terms_;
};

// A row that is not yet in its place.
struct Group {
  std::size_t first;  // of the equal RowRefs
  std::size_t last;
  PersonCode code;
};

std::uint32_t penalty_of(const RowRef& ref) { return static_cast<std::uint32_t>(ref.key >> (64 - kPenaltyBits)); }

std::vector<Group> group_rows(std::span<const RowRef> refs, const PeopleArrays& people) {
  std::vector<Group> groups;
  for (std::size_t first = 0; first < refs.size();) {
    std::size_t last = first;
    PersonCode code = people.codes[refs[first].person];
    for (; last < refs.size() && refs[last].key == refs[first].key && compare_content(refs[last], refs[first]) == 0;
         ++last) {
      code = join_person_codes(code, people.codes[refs[last].person]);
    }
    groups.push_back({first, last, code});
    first = last;
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return row_class(a.code) < row_class(b.code); });
  return groups;
}

// Class by class: [k] is the first of its rows whose penalty is at least k steps, the last the end of the class.
void mark_penalties(std::span<const RowRef> refs, std::span<const Group> groups, RowArrays& out) {
  std::uint32_t most = 0;
  for (const Group& group : groups) most = std::max(most, penalty_of(refs[group.first]));
  const std::size_t steps = most / kPenaltyStep + 2;
  const auto end = static_cast<std::uint32_t>(out.words.size());
  std::size_t row = 0;
  const auto place = [&] { return row < groups.size() ? out.starts[row] : end; };
  for (int c = 0; c < kRowClasses; ++c) {
    out.class_starts.push_back(place());
    std::size_t marked = 0;
    for (; row < groups.size() && row_class(groups[row].code) == c; ++row) {
      for (; marked * kPenaltyStep <= penalty_of(refs[groups[row].first]); ++marked) {
        out.penalty_starts.push_back(place());
      }
    }
    for (; marked < steps; ++marked) out.penalty_starts.push_back(place());
  }
  out.class_starts.push_back(end);
}

// Rows of each person, ascending, from pairs of row and person by ascending row.
ShortLists file_by_person(std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs, std::size_t people) {
  std::vector<std::uint32_t> starts(people + 1, 0);
  for (const auto& [row, person] : pairs) ++starts[person + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<std::uint32_t> rows(starts.back());
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
  for (const auto& [row, person] : pairs) rows[next[person]++] = row;
  ShortLists lists;
  lists.ones.reserve(people);
  for (std::size_t person = 0; person < people; ++person) {
    lists.add(std::span(rows).subspan(starts[person], starts[person + 1] - starts[person]));
  }
  return lists;
}

// Numbers the terms of a cluster, the commonest first. Those behind the owned ones share the rest among themselves,
// lest a rare neighbour of a query token vouch for every row with a common name.
void number_terms(DictionaryArrays& dictionary, std::span<const std::uint32_t> counts, std::uint32_t cluster,
                  std::span<std::uint32_t> terms) {
  std::sort(terms.begin(), terms.end(),
            [&](std::uint32_t a, std::uint32_t b) { return std::pair(counts[b], a) < std::pair(counts[a], b); });
  for (std::uint32_t rank = 0; rank < terms.size(); ++rank) {
    const std::uint32_t number =
        rank < kNumbersOwned ? rank : kNumbersOwned + (rank - kNumbersOwned) % (kNumbers - kNumbersOwned);
    dictionary.terms[terms[rank]].code = code_of(cluster, number);
  }
}

// Clusters of equally many postings, of terms in the order of their spellings, fathers' names apart.
void assign_codes(DictionaryArrays& dictionary, std::span<const std::uint32_t> counts) {
  std::vector<std::uint32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0U);
  const std::size_t owned = std::min<std::size_t>(kClustersOwned, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(owned), order.end(),
      [&](std::uint32_t a, std::uint32_t b) { return std::pair(counts[b], a) < std::pair(counts[a], b); });
  std::uint32_t cluster = 1;
  for (std::size_t i = 0; i < owned; ++i) number_terms(dictionary, counts, cluster++, std::span(order).subspan(i, 1));
  const std::span<std::uint32_t> rest = std::span(order).subspan(owned);
  const auto is_father = [&](std::uint32_t term) {
    return dictionary.terms[term].role == static_cast<std::uint8_t>(TokenRole::father);
  };
  std::sort(rest.begin(), rest.end(),
            [&](std::uint32_t a, std::uint32_t b) { return std::pair(is_father(a), a) < std::pair(is_father(b), b); });
  std::uint64_t postings = 0;
  for (const std::uint32_t term : rest) postings += counts[term];
  std::uint64_t behind = 0;
  for (std::size_t first = 0; first < rest.size();) {
    const std::uint64_t until = postings * (cluster - kClustersOwned) / (kClusters - 1 - kClustersOwned);
    std::size_t last = first;
    while (last < rest.size() && (last == first || behind < until)) behind += counts[rest[last++]];
    if (cluster == kClusters - 1) last = rest.size();
    number_terms(dictionary, counts, cluster++, rest.subspan(first, last - first));
    first = last;
  }
}

}  // namespace

void ShortLists::add(std::span<const std::uint32_t> list) {
  if (list.size() == 1) {
    ones.push_back(list[0]);
    return;
  }
  SEMAK_CHECK(more.size() < kMany);
  ones.push_back(kMany | static_cast<std::uint32_t>(more.size()));
  more.push_back(static_cast<std::uint32_t>(list.size()));
  more.insert(more.end(), list.begin(), list.end());
}

std::span<const std::uint32_t> ShortLists::list(std::size_t at) const {
  const std::uint32_t value = ones[at];
  if ((value & kMany) == 0) return std::span(ones).subspan(at, 1);
  const std::uint32_t place = value & ~kMany;
  return std::span(more).subspan(place + 1, more[place]);
}

Result<PeopleArrays> order_people(std::span<const PeopleBatch> batches) {
  struct Ref {
    std::uint64_t revision;
    std::uint32_t batch, person;
  };
  PeopleArrays out;
  std::vector<Ref> refs;
  for (std::uint32_t b = 0; b < batches.size(); ++b) {
    for (std::uint32_t i = 0; i < batches[b].people(); ++i) refs.push_back({batches[b].revisions[i], b, i});
    out.person_of_batch.emplace_back(batches[b].people());
  }
  if (refs.size() >= kMany) return Error{ErrorCode::invalid_input, "too many people for one index segment"};
  tbb::parallel_sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.revision < b.revision; });
  if (!refs.empty()) out.revision_first = refs.front().revision;
  if (!refs.empty() && refs.back().revision - out.revision_first > 0xffffffffULL) {
    return Error{ErrorCode::invalid_input, "revisions too far apart for one index segment"};
  }
  std::vector<IdentityNumber> identity;
  for (std::uint32_t person = 0; person < refs.size(); ++person) {
    const Ref& ref = refs[person];
    const PeopleBatch& batch = batches[ref.batch];
    SEMAK_CHECK(person == 0 || refs[person - 1].revision != ref.revision);
    out.person_of_batch[ref.batch][ref.person] = person;
    out.revisions.push_back(static_cast<std::uint32_t>(ref.revision - out.revision_first));
    out.facts.push_back(batch.facts[ref.person]);
    out.codes.push_back(batch.codes[ref.person]);
    PackedNumbers packed = batch.numbers[ref.person];
    if (packed.pooled()) {
      packed.unpack(batch.number_pool, identity);
      packed = PackedNumbers::pack(identity, out.number_pool);
    }
    out.numbers.push_back(packed);
  }
  return out;
}

RowArrays collapse_rows(std::span<const PeopleBatch> batches, const DictionaryArrays& dictionary,
                        const PeopleArrays& people) {
  const Rows rows(batches, dictionary, people);
  const std::span<const RowRef> refs = rows.refs();
  const std::vector<Group> groups = group_rows(refs, people);
  RowArrays out;
  ShortLists row_people;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::vector<std::uint32_t> same;
  for (const Group& group : groups) {
    const RowRef& ref = refs[group.first];
    const std::size_t size = ref.size_kind >> 3;
    SEMAK_CHECK(size > 0 && out.words.size() < kMany);
    const auto row = static_cast<std::uint32_t>(out.words.size());
    same.clear();
    for (std::size_t i = group.first; i < group.last; ++i) {
      if (!same.empty() && same.back() == refs[i].person) continue;
      same.push_back(refs[i].person);
      pairs.emplace_back(row, refs[i].person);
    }
    row_people.add(same);
    out.starts.push_back(row);
    out.codes.push_back(group.code);
    out.words.push_back(row_people.ones.back());
    out.words.insert(out.words.end(), ref.words, ref.words + size);
    out.words[row + 1] |= (ref.size_kind & 7) << kTermBits;
    out.words.back() |= kRowEnd;
  }
  out.row_people_more = std::move(row_people.more);
  mark_penalties(refs, groups, out);
  out.person_rows = file_by_person(pairs, people.revisions.size());
  return out;
}

namespace {

// The terms of a row, the rarest first: should slots run out, it is the commonest tokens that find none.
struct Terms {
  std::array<std::uint32_t, NormalizedName::kTokensMax> of;
  std::size_t size = 0;

  void read(const DictionaryArrays& dictionary, const RowArrays& rows, std::uint32_t row) {
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      const std::uint16_t rarity_a = dictionary.tokens[dictionary.terms[a].token].rarity;
      const std::uint16_t rarity_b = dictionary.tokens[dictionary.terms[b].token].rarity;
      return rarity_a != rarity_b ? rarity_a > rarity_b : a < b;
    };
    size = 0;
    const std::uint32_t* word = &rows.words[row];
    do {
      of[size++] = *++word & kTermMask;
    } while ((*word & kRowEnd) == 0);
    std::sort(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(size), before);
  }

  // The signature of all terms but the one at `own`.
  Posting posting(const DictionaryArrays& dictionary, std::uint32_t row, PersonCode code, std::size_t own) const {
    Posting posting;
    posting.row = row;
    posting.person = static_cast<std::uint8_t>(code);
    posting.more = (code & kPersonCodeMykad) != 0 ? Posting::kMykad : std::uint8_t{0};
    std::size_t slot = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (i == own) continue;
      if (slot < Posting::kSlots) {
        posting.codes[slot++] = dictionary.terms[of[i]].code;
      } else {
        ++posting.more;
      }
    }
    return posting;
  }
};

// Rows in so many ranges, whatever the number of threads; each range counts, then fills.
constexpr std::size_t kRanges = 16;

class PostingBuilder {
 public:
  PostingBuilder(DictionaryArrays& dictionary, const RowArrays& rows)
      : dictionary_(dictionary), rows_(rows), row_count_(rows.starts.size()) {}

  std::vector<Posting> build() {
    const std::size_t terms = dictionary_.terms.size() - 1;
    std::vector<std::vector<std::uint32_t>> next(kRanges);  // by range and term: how many, then where
    tbb::parallel_for(std::size_t{0}, kRanges, [&](std::size_t range) {
      next[range].assign(terms, 0);
      for_each_row(range, [&](std::size_t, const Terms& row) {
        for (std::size_t i = 0; i < row.size; ++i) next[range][row.of[i]] += i == 0 || row.of[i] != row.of[i - 1];
      });
    });
    std::vector<std::uint32_t> counts(terms, 0);
    std::uint64_t total = 0;
    for (std::size_t term = 0; term < terms; ++term) {
      dictionary_.terms[term].postings = static_cast<std::uint32_t>(total);
      for (const std::vector<std::uint32_t>& of_range : next) counts[term] += of_range[term];
      if (counts[term] > kUnmarkedMax) total += kMarkSlots;
      for (std::vector<std::uint32_t>& of_range : next) {
        const std::uint32_t count = of_range[term];
        of_range[term] = static_cast<std::uint32_t>(total);
        total += count;
      }
    }
    SEMAK_CHECK(total <= 0xffffffffULL);
    dictionary_.terms.back().postings = static_cast<std::uint32_t>(total);
    assign_codes(dictionary_, counts);
    std::vector<Posting> postings(total);
    tbb::parallel_for(std::size_t{0}, kRanges, [&](std::size_t range) {
      for_each_row(range,
                   [&](std::size_t row, const Terms& terms_of_row) { add(row, terms_of_row, next[range], postings); });
    });
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, terms, 1024), [&](const auto& part) {
      for (std::size_t term = part.begin(); term != part.end(); ++term) {
        if (counts[term] <= kUnmarkedMax) continue;
        mark(std::span(postings).subspan(dictionary_.terms[term].postings, counts[term] + kMarkSlots));
      }
    });
    return postings;
  }

 private:
  template <class Visit>
  void for_each_row(std::size_t range, Visit visit) const {
    Terms terms;
    for (std::size_t row = row_count_ * range / kRanges; row < row_count_ * (range + 1) / kRanges; ++row) {
      terms.read(dictionary_, rows_, rows_.starts[row]);
      visit(row, terms);
    }
  }

  // A term that a row has twice makes one posting, in whose signature it is once more.
  void add(std::size_t row, const Terms& terms, std::vector<std::uint32_t>& next,
           std::vector<Posting>& postings) const {
    for (std::size_t i = 0; i < terms.size; ++i) {
      if (i > 0 && terms.of[i] == terms.of[i - 1]) continue;
      postings[next[terms.of[i]]++] = terms.posting(dictionary_, rows_.starts[row], rows_.codes[row], i);
    }
  }

  // `list`: room for the marks, then the postings.
  void mark(std::span<Posting> list) const {
    const std::span<const Posting> postings = list.subspan(kMarkSlots);
    ClassMarks marks;
    for (std::size_t c = 0; c < kRowClasses; ++c) {
      const auto first = std::ranges::lower_bound(postings, rows_.class_starts[c], {}, &Posting::row);
      marks.first[c] = static_cast<std::uint32_t>(first - postings.begin());
    }
    std::memcpy(static_cast<void*>(list.data()), &marks, sizeof(marks));
  }

  DictionaryArrays& dictionary_;
  const RowArrays& rows_;
  std::size_t row_count_;
};

}  // namespace

std::vector<Posting> make_postings(DictionaryArrays& dictionary, const RowArrays& rows) {
  return PostingBuilder(dictionary, rows).build();
}

Posting make_row_posting(const DictionaryArrays& dictionary, const RowArrays& rows, std::uint32_t row,
                         PersonCode code) {
  Terms terms;
  terms.read(dictionary, rows, row);
  return terms.posting(dictionary, row, code, terms.size);
}

}  // namespace semak
