#include "index/related_tokens.h"

#include <algorithm>
#include <bit>

#include "index/deletion_index.h"
#include "normalize/scripts.h"

namespace semak {
namespace {

class Search {
 public:
  Search(const Segment& segment, const TokenView& query, std::vector<std::uint32_t>& candidates)
      : segment_(segment), query_(query), spelled_(spelled()), candidates_(candidates) {
    spelled_.clear();
  }

  void collect() {
    add_spelled(query_.script, query_.text);
    for (const FamilyEntry& entry : segment_.of_family(query_.family)) candidates_.push_back(entry.token);
    if (query_.script == Script::latin) {
      add_edits();
      add_initials();
      add_prefixes();
      add_suffixes();
    }
    add_scripts();
    find_spelled();
  }

 private:
  struct Spelled {
    Script script;
    std::string_view text;
    std::uint64_t hash;
  };

  // Taken up by find_spelled(): each access waits for memory, so they are done side by side.
  void add_spelled(Script script, std::string_view text) {
    const std::uint64_t hash = hash_of_text(script, text);
    segment_.prefetch_slot(hash);
    spelled_.push_back({script, text, hash});
  }
  void find_spelled() {
    for (const Spelled& spelled : spelled_) find_spelled(spelled.script, spelled.text, spelled.hash);
  }
  void find_spelled(Script script, std::string_view text, std::uint64_t hash) {
    const std::optional<std::uint32_t> first = segment_.find(script, text, hash);
    if (!first) return;
    for (std::uint32_t token = *first; token < segment_.tokens(); ++token) {
      const TokenKey key = segment_.key(token);
      if (key.script != script || key.text != text) break;
      candidates_.push_back(token);
    }
  }
  void add_range(std::pair<std::uint32_t, std::uint32_t> range) {
    for (std::uint32_t token = range.first; token < range.second; ++token) candidates_.push_back(token);
  }

  static std::vector<Spelled>& spelled() {
    thread_local std::vector<Spelled> kept;
    return kept;
  }

  // Each letter of one text that the other lacks costs an edit, and a substitution serves one of both sides.
  void add_edits() {
    if (query_.text.size() < 2) return;
    const int edits = text_deletions_max(query_.text);
    const std::size_t first = candidates_.size();
    find_deletions(segment_.text_deletions(), query_.text, edits, candidates_);
    const std::uint32_t mask = letter_mask(query_.text);
    for (std::size_t i = first; i < candidates_.size(); ++i) __builtin_prefetch(&segment_.masks()[candidates_[i]]);
    candidates_.erase(
        std::remove_if(candidates_.begin() + static_cast<std::ptrdiff_t>(first), candidates_.end(),
                       [&](std::uint32_t token) { return std::popcount(mask ^ segment_.masks()[token]) > 2 * edits; }),
        candidates_.end());
  }
  void add_initials() {
    if (query_.text.size() == 1) {
      add_range(segment_.starting_with(Script::latin, query_.text));
    } else if (!query_.text.empty()) {
      add_spelled(Script::latin, query_.text.substr(0, 1));
    }
  }
  void add_prefixes() {
    if (query_.text.size() < kPrefixMin) return;
    add_range(segment_.starting_with(Script::latin, query_.text));
    for (std::size_t size = kPrefixMin; size < query_.text.size(); ++size) {
      add_spelled(Script::latin, query_.text.substr(0, size));
    }
  }
  void add_suffixes() {
    if (query_.text.size() < kSuffixMin) return;
    for (const std::uint32_t token : segment_.ending_with(query_.text)) candidates_.push_back(token);
    for (std::size_t cut = 1; cut + kSuffixMin <= query_.text.size(); ++cut) {
      add_spelled(Script::latin, query_.text.substr(cut));
    }
  }

  void add_scripts() {
    if (!query_.skeleton.empty()) {
      const int edits = skeleton_deletions_max(query_.skeleton);
      find_deletions(segment_.other_skeletons(), query_.skeleton, edits, candidates_);
      if (query_.script != Script::latin) {
        find_deletions(segment_.latin_skeletons(), query_.skeleton, edits, candidates_);
      }
    }
    if (query_.script == Script::latin) {
      for (const std::string_view han : han_of_spelling(query_.text)) add_spelled(Script::han, han);
    }
    if (query_.script == Script::han) {
      for (const std::string_view latin : spellings_of_han(query_.text)) add_spelled(Script::latin, latin);
      // Characters of one simplified form are few, and nothing here says which: all Han tokens are related in turn.
      add_range(segment_.starting_with(Script::han, {}));
    }
  }

  const Segment& segment_;
  const TokenView& query_;
  std::vector<Spelled>& spelled_;
  std::vector<std::uint32_t>& candidates_;
};

}  // namespace

void find_related(const Segment& segment, const TokenView& query, std::vector<RelatedToken>& out) {
  thread_local std::vector<std::uint32_t> candidates;
  candidates.clear();
  out.clear();
  Search(segment, query, candidates).collect();
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const std::uint32_t token : candidates) segment.prefetch_token(token);
  for (const std::uint32_t token : candidates) segment.prefetch_text(token);
  for (const std::uint32_t token : candidates) {
    const Relation relation = relate(query, segment.view(token));
    if (relation.kind != RelationKind::none) out.push_back({token, relation});
  }
}

}  // namespace semak
