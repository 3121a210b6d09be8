#include "engine/monitor/change_match.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <unordered_map>
#include <utility>

#include "engine/check.h"
#include "engine/match/explain.h"
#include "engine/match/model.h"
#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"
#include "engine/monitor/near_numbers.h"
#include "engine/monitor/pair_score.h"
#include "index/related_tokens.h"
#include "index/segment_builder.h"
#include "index/snapshot_rarity.h"

namespace semak {
namespace {

// Open to its owner alone, and gone with this.
class PrivateFolder {
 public:
  static Result<PrivateFolder> make() {
    std::error_code failed;
    std::string path = (std::filesystem::temp_directory_path(failed) / "semak-watch-XXXXXX").string();
    if (failed || ::mkdtemp(path.data()) == nullptr) {
      return Error{ErrorCode::io, "no temporary folder can be made for matching; set TMPDIR to one that exists"};
    }
    return PrivateFolder(std::filesystem::path(path));
  }
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// The dictionary of the changed records: which of their tokens a watched one is related to, without relating it to
// each.
Result<Segment> dictionary_of(std::span<const IndexedPerson> changed, std::uint64_t normalizer_version) {
  SEMAK_TRY(const PrivateFolder folder, PrivateFolder::make());
  std::vector<PeopleBatch> batches(1);
  for (const IndexedPerson& person : changed) batches.front().add(person);
  const SegmentOrder order{folder.path(), "changed.seg", normalizer_version, nullptr};
  SEMAK_TRY(const SegmentRef ref, build_segment(default_model(), std::move(batches), order, {}));
  return Segment::open(folder.path(), ref, /*verify_payload=*/false);  // mapped, so it may be deleted
}

std::uint32_t token_in(const Segment& segment, const NameToken& token) {
  const TokenKey key{token.script, token.text, token.family, token.skeleton};
  const std::optional<std::uint32_t> first = segment.find(token.script, token.text);
  SEMAK_CHECK(first.has_value());
  std::uint32_t at = *first;
  while (segment.key(at) != key) ++at;
  return at;
}

// A row of a changed record.
struct ChangedRow {
  std::uint32_t record = 0;
  std::int32_t penalty = 0;                                    // what all its tokens cost unmatched, and its form
  std::vector<std::pair<std::uint32_t, std::int32_t>> tokens;  // of the dictionary, and what each costs unmatched
};

struct RelatedWatched {
  std::uint32_t token = 0;  // of the watch list's dictionary
  std::int32_t gain = 0;    // the most that a pair of the two can gain
};

// All that does not depend on the watched page.
class Changes {
 public:
  Changes(const WatchList& watched, const Snapshot& snapshot, std::span<const IndexedPerson> changed,
          const Segment& dictionary)
      : numbers_(changed) {
    const Model& model = default_model();
    std::vector<Bits> rarities(dictionary.tokens());
    for (std::uint32_t record = 0; record < changed.size(); ++record) {
      const SnapshotRarity rarity(snapshot, changed[record].revision);
      for (const NameForm& form : changed[record].profile.forms) {
        ChangedRow row{record, model.record_form[static_cast<std::size_t>(form.kind)].raw, {}};
        for (const NameToken& token : form.tokens) {
          const std::uint32_t at = token_in(dictionary, token);
          rarities[at] = rarity.of_record(token);
          const std::int32_t leftover = record_leftover(model, token.role, rarities[at]).raw;
          row.penalty += leftover;
          row.tokens.emplace_back(at, leftover);
        }
        rows_.push_back(std::move(row));
      }
    }
    relate_tokens(watched, dictionary, rarities);
  }

  const std::vector<ChangedRow>& rows() const { return rows_; }
  const NearNumbers& numbers() const { return numbers_; }
  std::span<const RelatedWatched> related(std::uint32_t token) const {
    return std::span(related_).subspan(starts_[token], starts_[token + 1] - starts_[token]);
  }

 private:
  void relate_tokens(const WatchList& watched, const Segment& dictionary, const std::vector<Bits>& rarities) {
    struct Found {
      std::uint32_t token;
      RelatedWatched watched;
    };
    tbb::enumerable_thread_specific<std::vector<Found>> found;
    const std::vector<PeopleBatch::Token>& tokens = watched.tokens();
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, tokens.size(), 256), [&](const auto& range) {
      std::vector<Found>& mine = found.local();
      std::vector<RelatedToken> related;
      for (std::size_t i = range.begin(); i != range.end(); ++i) {
        const PeopleBatch::Token& token = tokens[i];
        find_related(dictionary, {token.text, token.skeleton, token.family, token.script}, related);
        for (const RelatedToken& other : related) {
          const Bits rarity = rarities[other.token];
          const Bits gain = pair_gain_max(default_model(), other.relation, rarity, rarity);
          mine.push_back({other.token, {static_cast<std::uint32_t>(i), gain.raw}});
        }
      }
    });
    starts_.assign(dictionary.tokens() + 1, 0);
    for (const std::vector<Found>& some : found) {
      for (const Found& one : some) ++starts_[one.token + 1];
    }
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    related_.resize(starts_.back());
    std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
    for (const std::vector<Found>& some : found) {
      for (const Found& one : some) related_[next[one.token]++] = one.watched;
    }
  }

  std::vector<ChangedRow> rows_;
  NearNumbers numbers_;
  std::vector<std::size_t> starts_;
  std::vector<RelatedWatched> related_;
};

// Rarities of the register for one record, remembering neighbourhoods, which are dear to weigh.
class Neighbourhoods {
 public:
  Bits of(const NameToken& token, const Relation& relation, const SnapshotRarity& rarity) {
    key_.assign(1, static_cast<char>(token.script));
    key_.append(reinterpret_cast<const char*>(&token.family), sizeof token.family);
    key_.append(reinterpret_cast<const char*>(&relation.cost.raw), sizeof relation.cost.raw);
    key_.append(token.text).append(1, '\0').append(token.skeleton);
    const auto known = known_.find(key_);
    if (known != known_.end()) return known->second;
    return known_.emplace(key_, rarity.of_neighbourhood(token, relation)).first->second;
  }

 private:
  std::string key_;
  std::unordered_map<std::string, Bits> known_;
};

class RecordRarity final : public RaritySource {
 public:
  RecordRarity(const Snapshot& snapshot, RevisionId revision, Neighbourhoods& neighbourhoods)
      : rarity_(snapshot, revision), neighbourhoods_(neighbourhoods) {}
  Bits of_record(const NameToken& token) const override { return rarity_.of_record(token); }
  Bits of_neighbourhood(const NameToken& token, const Relation& relation) const override {
    return neighbourhoods_.of(token, relation, rarity_);
  }

 private:
  SnapshotRarity rarity_;
  Neighbourhoods& neighbourhoods_;
};

// One page against all changes.
class PageMatch {
 public:
  PageMatch(const WatchList& watched, std::uint32_t page, const Snapshot& snapshot,
            std::span<const IndexedPerson> changed, std::span<const ReferralTerms> terms, const Changes& changes,
            Neighbourhoods& neighbourhoods)
      : watched_(watched),
        number_(page),
        page_(watched.page(page)),
        snapshot_(snapshot),
        changed_(changed),
        terms_(terms),
        changes_(changes),
        neighbourhoods_(neighbourhoods) {}

  void run(std::vector<WatchMatch>& matches, ChangeMatchWork& work) {
    find_by_numbers();
    find_by_names(work);
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end(), [](const Pair& a, const Pair& b) { return a.key == b.key; }),
                 pairs_.end());
    work.scored += pairs_.size();
    std::optional<RecordRarity> rarities;
    std::uint32_t record = 0;
    for (const Pair& pair : pairs_) {
      if (!rarities || pair.record() != record) {
        record = pair.record();
        rarities.emplace(snapshot_, changed_[record].revision, neighbourhoods_);
      }
      const std::optional<PairScore> score =
          score_pair(page_.profile(pair.person()), changed_[record].profile, pair.related, *rarities);
      if (!score ||
          !terms_[page_.group(pair.person())].refers(page_.numbered(pair.person()), score->all, score->person)) {
        continue;
      }
      matches.push_back({{number_, pair.person()}, record, score->all, score->person});
    }
  }

 private:
  struct Pair {
    std::uint64_t key;  // record << 32 | person
    bool related;       // by number
    std::uint32_t record() const { return static_cast<std::uint32_t>(key >> 32); }
    std::uint32_t person() const { return static_cast<std::uint32_t>(key); }
    // Related first.
    bool operator<(const Pair& other) const { return key != other.key ? key < other.key : related && !other.related; }
  };
  void add_pair(std::uint32_t person, std::uint32_t record, bool related) {
    pairs_.push_back({std::uint64_t{record} << 32 | person, related});
  }
  bool watches(std::uint32_t person) const { return !page_.gone(person) && terms_[page_.group(person)].asked; }

  void find_by_numbers() {
    std::vector<IdentityNumber> numbers;
    std::vector<std::uint32_t> records;
    for (std::uint32_t person = 0; person < page_.people(); ++person) {
      if (!page_.has_numbers(person) || !watches(person)) continue;
      page_.numbers(person, numbers);
      changes_.numbers().find(numbers, records);
      for (const std::uint32_t record : records) add_pair(person, record, true);
    }
  }

  // What each row needs from a changed row, less that row's penalty.
  std::vector<std::int32_t> starting_bounds() const {
    constexpr std::int32_t kNot = std::numeric_limits<std::int32_t>::min() / 2;
    std::vector<std::int32_t> bounds(page_.rows());
    for (std::uint32_t row = 0; row < page_.rows(); ++row) {
      const std::uint32_t person = page_.person_of_row(row);
      const Bits least = terms_[page_.group(person)].floors(page_.numbered(person)).refer;
      bounds[row] = watches(person) && least != ReferralTerms::kNever
                        ? page_.base_of_row(row) + page_.facts_max(person) - least.raw
                        : kNot;
    }
    return bounds;
  }

  void find_by_names(ChangeMatchWork& work) {
    constexpr std::uint32_t kNone = 0xffffffff;
    std::vector<std::uint32_t> local(watched_.tokens().size(), kNone);
    const std::span<const std::uint32_t> names = watched_.tokens_of_page(number_);
    for (std::uint32_t token = 0; token < names.size(); ++token) local[names[token]] = token;
    const std::vector<std::int32_t> start = starting_bounds();
    std::vector<std::int32_t> bounds;
    std::vector<IdentityNumber> numbers;
    for (const ChangedRow& changed : changes_.rows()) {
      bounds = start;
      for (const auto& [token, leftover] : changed.tokens) {
        for (const RelatedWatched& related : changes_.related(token)) {
          if (local[related.token] != kNone) add_gains(local[related.token], related.gain + leftover, bounds);
        }
      }
      std::uint32_t last = kNone;
      const PersonFacts facts = facts_of(changed_[changed.record].profile);
      for (std::uint32_t row = 0; row < bounds.size(); ++row) {
        if (bounds[row] < changed.penalty) continue;
        ++work.bounded;
        const std::uint32_t person = page_.person_of_row(row);
        if (person == last) continue;
        page_.numbers(person, numbers);
        const PackedFacts packed = page_.facts(person);
        const Bits said = person_bits({packed.dob(), packed.sex(), packed.state(), numbers}, facts, nullptr);
        if (bounds[row] - page_.facts_max(person) + said.raw < changed.penalty) continue;
        add_pair(person, changed.record, false);
        last = person;
      }
    }
  }

  void add_gains(std::uint32_t token, std::int32_t gain, std::vector<std::int32_t>& bounds) const {
    const std::uint8_t roles = page_.tokens()[token].roles;
    for (std::uint32_t role = 0; role < kTokenRoles; ++role) {
      if ((roles >> role & 1U) == 0) continue;
      const std::int32_t w = gain + query_leftover(default_model(), static_cast<TokenRole>(role)).raw;
      if (w <= 0) continue;
      for (const std::uint32_t row : page_.rows_of_word(token << 3 | role)) bounds[row] += w;
    }
  }

  const WatchList& watched_;
  std::uint32_t number_;
  const WatchPage& page_;
  const Snapshot& snapshot_;
  std::span<const IndexedPerson> changed_;
  std::span<const ReferralTerms> terms_;
  const Changes& changes_;
  Neighbourhoods& neighbourhoods_;
  std::vector<Pair> pairs_;
};

}  // namespace

Result<std::vector<WatchMatch>> match_changes(const WatchList& watched, const Snapshot& snapshot,
                                              std::span<const IndexedPerson> changed,
                                              std::span<const ReferralTerms> terms, ChangeMatchWork* work) {
  std::vector<WatchMatch> matches;
  if (changed.empty() || watched.pages() == 0) return matches;
  SEMAK_TRY(const Segment dictionary, dictionary_of(changed, snapshot.manifest().normalizer_version));
  const Changes changes(watched, snapshot, changed, dictionary);
  struct Mine {
    std::vector<WatchMatch> matches;
    ChangeMatchWork work;
    Neighbourhoods neighbourhoods;
  };
  tbb::enumerable_thread_specific<Mine> mine;
  tbb::parallel_for(std::size_t{0}, watched.pages(), [&](std::size_t page) {
    Mine& here = mine.local();
    PageMatch(watched, static_cast<std::uint32_t>(page), snapshot, changed, terms, changes, here.neighbourhoods)
        .run(here.matches, here.work);
  });
  for (Mine& some : mine) {
    matches.insert(matches.end(), some.matches.begin(), some.matches.end());
    if (work != nullptr) {
      work->bounded += some.work.bounded;
      work->scored += some.work.scored;
    }
  }
  std::sort(matches.begin(), matches.end());
  return matches;
}

}  // namespace semak
