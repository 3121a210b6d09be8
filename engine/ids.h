// Integers that cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace semak {

template <class Tag, class Integer = std::uint64_t>
struct StrongId {
  Integer value = 0;
  constexpr auto operator<=>(const StrongId&) const = default;
};

// A register of one database; assigned at its creation, never reused.
using RegisterId = StrongId<struct RegisterTag, std::uint32_t>;
// One immutable state of one record. Numbered 1, 2, 3... over the whole database, in the order of the change log.
using RevisionId = StrongId<struct RevisionTag, std::uint64_t>;
// Counts the published states of a database. 0: nothing was ever published.
using Generation = StrongId<struct GenerationTag, std::uint64_t>;

}  // namespace semak

template <class Tag, class Integer>
struct std::hash<semak::StrongId<Tag, Integer>> {
  std::size_t operator()(semak::StrongId<Tag, Integer> id) const { return std::hash<Integer>{}(id.value); }
};
