#include "index/dictionary_builder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <tbb/parallel_invoke.h>

#include "engine/check.h"
#include "engine/match/name_alignment.h"
#include "engine/match/rarity.h"
#include "index/deletion_index.h"

namespace semak {
namespace {

struct Source {
  const PeopleBatch::Token* token;
  std::uint32_t batch;
  std::uint32_t number;
};

// All batches' tokens in the order of their keys; equal keys side by side.
std::vector<Source> sorted_sources(std::span<const PeopleBatch> batches) {
  std::vector<Source> sources;
  for (std::uint32_t b = 0; b < batches.size(); ++b) {
    for (std::uint32_t i = 0; i < batches[b].tokens.size(); ++i) sources.push_back({&batches[b].tokens[i], b, i});
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.token->key() < b.token->key(); });
  return sources;
}

std::uint32_t per_billion(double per_million) {
  return static_cast<std::uint32_t>(std::llround(std::clamp(per_million * 1000, 0.0, 1e9)));
}

class Builder {
 public:
  Builder(const Model& model, std::span<const PeopleBatch> batches, const Segment* base)
      : model_(model), batches_(batches), base_(base) {}

  DictionaryArrays build() {
    for (const PeopleBatch& batch : batches_) out_.weight_people += batch.people();
    if (base_ != nullptr) out_.weight_people = base_->header().weight_people;
    collect();
    weigh();
    tbb::parallel_invoke([&] { index_texts(); }, [&] { index_skeletons(); }, [&] { index_keys(); },
                         [&] { index_endings(); });
    make_terms();
    return std::move(out_);
  }

 private:
  std::string_view text(std::size_t token) const {
    const TokenEntry& entry = out_.tokens[token];
    return std::string_view(out_.token_bytes).substr(entry.text, entry.skeleton - entry.text);
  }
  std::string_view skeleton(std::size_t token) const {
    const TokenEntry& entry = out_.tokens[token];
    return std::string_view(out_.token_bytes).substr(entry.skeleton, out_.tokens[token + 1].text - entry.skeleton);
  }
  std::size_t size() const { return out_.roles_of_token.size(); }

  void collect() {
    for (const PeopleBatch& batch : batches_) out_.token_of_batch.emplace_back(batch.tokens.size());
    const PeopleBatch::Token* last = nullptr;
    for (const Source& source : sorted_sources(batches_)) {
      if (last == nullptr || last->key() != source.token->key()) {
        last = source.token;
        TokenEntry entry;
        entry.text = static_cast<std::uint32_t>(out_.token_bytes.size());
        out_.token_bytes += last->text;
        entry.skeleton = static_cast<std::uint32_t>(out_.token_bytes.size());
        out_.token_bytes += last->skeleton;
        entry.family = last->family;
        entry.script = static_cast<std::uint8_t>(last->script);
        out_.tokens.push_back(entry);
        out_.roles_of_token.push_back(0);
      }
      out_.token_of_batch[source.batch][source.number] = static_cast<std::uint32_t>(size() - 1);
      out_.roles_of_token.back() = static_cast<std::uint8_t>(out_.roles_of_token.back() | source.token->roles);
      out_.tokens.back().people += source.token->people;
    }
    SEMAK_CHECK(out_.token_bytes.size() <= std::numeric_limits<std::uint32_t>::max());
    TokenEntry end;
    end.text = end.skeleton = static_cast<std::uint32_t>(out_.token_bytes.size());
    out_.tokens.push_back(end);
  }

  // A token that the base does not have counts as one of nobody.
  std::uint32_t people_in_base(const TokenKey& key) const {
    const std::optional<std::uint32_t> first = base_->find(key.script, key.text);
    if (!first) return 0;
    for (std::uint32_t at = *first; at < base_->tokens(); ++at) {
      const TokenKey other = base_->key(at);
      if (other.script != key.script || other.text != key.text) break;
      if (other == key) return base_->token(at).people;
    }
    return 0;
  }

  void weigh() {
    for (std::size_t i = 0; i < size(); ++i) {
      TokenEntry& entry = out_.tokens[i];
      const auto script = static_cast<Script>(entry.script);
      if (base_ != nullptr) {
        entry.people = people_in_base({script, text(i), entry.family, skeleton(i)});
      }
      entry.national = per_billion(national_per_million(text(i), script));
      entry.rarity = static_cast<std::uint16_t>(
          std::clamp(rarity(model_, entry.people, out_.weight_people, entry.national * 1e-3).raw, 0,
                     int{std::numeric_limits<std::uint16_t>::max()}));
    }
  }

  void index_texts() {
    DeletionIndexBuilder index;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (out_.tokens[i].script != static_cast<std::uint8_t>(Script::latin) || text(i).size() < 2) continue;
      index.add(i, text(i), text_deletions_max(text(i)));
    }
    index.finish(out_.text_deletions, out_.text_deleted);
  }

  void index_endings() {
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (out_.tokens[i].script != static_cast<std::uint8_t>(Script::latin) || text(i).size() <= kSuffixMin) continue;
      out_.token_endings.push_back(i);
    }
    std::sort(out_.token_endings.begin(), out_.token_endings.end(), [this](std::uint32_t a, std::uint32_t b) {
      const int order = compare_backwards(text(a), text(b));
      return order != 0 ? order < 0 : a < b;
    });
  }

  void index_skeletons() {
    DeletionIndexBuilder latin;
    DeletionIndexBuilder other;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (skeleton(i).empty()) continue;
      const bool is_latin = out_.tokens[i].script == static_cast<std::uint8_t>(Script::latin);
      (is_latin ? latin : other).add(i, skeleton(i), skeleton_deletions_max(skeleton(i)));
    }
    latin.finish(out_.latin_skeletons, out_.latin_skeleton_entries);
    other.finish(out_.other_skeletons, out_.other_skeleton_entries);
  }

  void index_keys() {
    out_.token_slots.assign(std::bit_ceil(size() * 2 + 1), 0);
    const std::size_t mask = out_.token_slots.size() - 1;
    for (std::uint32_t i = 0; i < size(); ++i) {
      const auto script = static_cast<Script>(out_.tokens[i].script);
      out_.token_masks.push_back(letter_mask(text(i)));
      if (out_.tokens[i].family != 0) out_.families.push_back({out_.tokens[i].family, i});
      if (i > 0 && out_.tokens[i - 1].script == out_.tokens[i].script && text(i - 1) == text(i)) continue;
      std::size_t slot = hash_of_text(script, text(i)) & mask;
      while (out_.token_slots[slot] != 0) slot = (slot + 1) & mask;
      out_.token_slots[slot] = i + 1;
    }
    std::sort(out_.families.begin(), out_.families.end(), [](const FamilyEntry& a, const FamilyEntry& b) {
      return std::pair(a.family, a.token) < std::pair(b.family, b.token);
    });
  }

  void make_terms() {
    for (std::uint32_t i = 0; i < size(); ++i) {
      out_.term_of_token.push_back(static_cast<std::uint32_t>(out_.terms.size()));
      for (int role = 0; role < kTokenRoles; ++role) {
        if ((out_.roles_of_token[i] >> role & 1) == 0) continue;
        TermEntry term;
        term.token = i;
        term.role = static_cast<std::uint8_t>(role);
        term.leftover = record_leftover(model_, static_cast<TokenRole>(role), Bits{out_.tokens[i].rarity}).raw;
        SEMAK_CHECK(term.leftover >= 0);
        out_.terms.push_back(term);
      }
    }
    out_.term_of_token.push_back(static_cast<std::uint32_t>(out_.terms.size()));
    SEMAK_CHECK(out_.terms.size() <= kTermMask);
    out_.terms.push_back({});
  }

  const Model& model_;
  std::span<const PeopleBatch> batches_;
  const Segment* base_;
  DictionaryArrays out_;
};

}  // namespace

DictionaryArrays build_dictionary(const Model& model, std::span<const PeopleBatch> batches, const Segment* base) {
  return Builder(model, batches, base).build();
}

}  // namespace semak
