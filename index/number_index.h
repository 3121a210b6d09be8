// People by identity number, exactly or nearly. Each number is filed once, under a hash that can be updated for one
// edit; a subject's number is looked up with every edit that relate_numbers() may accept.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "index/packed_person.h"
#include "index/segment.h"

namespace semak {

struct NumberArrays {
  std::vector<NumberBucket> buckets;
  std::vector<std::uint64_t> alphabet;  // kAlphabetLengths squared
};

NumberArrays build_number_index(std::span<const PackedNumbers> people, std::span<const char> pool);

// Replaces `out`: people of the segment with a number related to one of `numbers` (relate_numbers is not none),
// ascending, once each.
void find_related_numbers(const Segment& segment, std::span<const IdentityNumber> numbers,
                          std::vector<std::uint32_t>& out);

}  // namespace semak
