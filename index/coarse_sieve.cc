#include "index/coarse_sieve.h"

#if defined(__x86_64__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12's own header has operands that are never read
#include <immintrin.h>
#define SEMAK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")))
#endif

namespace semak {

bool can_run(Instructions instructions) {
  if (instructions == Instructions::portable) return true;
#if defined(__x86_64__)
  static const bool avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                             __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
                             __builtin_cpu_supports("avx512vbmi") != 0;
  return avx512;
#else
  return false;
#endif
}

CoarseSieve::CoarseSieve() : best_(can_run(Instructions::avx512) ? Instructions::avx512 : Instructions::portable) {}

std::size_t CoarseSieve::sift(std::span<const Posting> block, std::uint8_t known, std::int64_t needed,
                              std::uint32_t* near, Instructions instructions) const {
  // Weights are rounded up and costs down, and so is this: towards letting a row pass. A weight of 255 may be any.
  const auto least = static_cast<std::int32_t>(std::clamp<std::int64_t>(needed / kUnit - (needed < 0), -256, 255));
#if defined(__x86_64__)
  constexpr std::size_t kFew = 4;  // not worth filling registers for
  if (instructions == Instructions::avx512 && block.size() > kFew) return sift_avx512(block, known, least, near);
#endif
  return sift_portable(block, known, least, near);
}

std::size_t CoarseSieve::sift_portable(std::span<const Posting> block, std::uint8_t known, std::int32_t needed,
                                       std::uint32_t* near) const {
  std::size_t nearby = 0;
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    std::int32_t sum = 0;
    std::uint32_t bits = known;
    for (const std::uint16_t code : block[i].codes) {
      sum += weights_[cluster_of(code)];
      bits |= bits_[cluster_of(code)];
    }
    near[nearby] = i;
    nearby += static_cast<unsigned>(sum >= std::min(costs_[bits] + needed, 255)) | (block[i].unslotted() != 0);
  }
  return nearby;
}

#if defined(__x86_64__)
namespace {

// 256 bytes in registers.
struct Registers {
  __m512i of[4];
};

SEMAK_AVX512 inline Registers load(const std::uint8_t* table) {
  return {{_mm512_load_si512(table), _mm512_load_si512(table + 64), _mm512_load_si512(table + 128),
           _mm512_load_si512(table + 192)}};
}

SEMAK_AVX512 inline __m512i look_up(const Registers& table, __m512i places) {
  const __m512i low = _mm512_permutex2var_epi8(table.of[0], places, table.of[1]);
  const __m512i high = _mm512_permutex2var_epi8(table.of[2], places, table.of[3]);
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(places), low, high);
}

// The 32-bit word `word` of each of sixteen postings, four in each of `quads`.
template <int word>
SEMAK_AVX512 inline __m512i words_of(const __m512i (&quads)[4]) {
  const __m512i places =
      _mm512_setr_epi32(word, word + 4, word + 8, word + 12, word + 16, word + 20, word + 24, word + 28, word, word + 4,
                        word + 8, word + 12, word + 16, word + 20, word + 24, word + 28);
  const __m512i low = _mm512_permutex2var_epi32(quads[0], places, quads[1]);
  const __m512i high = _mm512_permutex2var_epi32(quads[2], places, quads[3]);
  return _mm512_mask_blend_epi32(0xff00, low, high);
}

}  // namespace

// Sixteen postings at a time. Their words: the row; codes 0 and 1; 2 and 3; 4, person, more. A code's lower byte is its
// cluster, so bytes 0 and 2 of a word are looked up, byte 0 of the last.
SEMAK_AVX512 std::size_t CoarseSieve::sift_avx512(std::span<const Posting> block, std::uint8_t known,
                                                  std::int32_t needed, std::uint32_t* near) const {
  constexpr std::size_t kPostings = 16;
  const Registers weights = load(weights_.data());
  const Registers bits = load(bits_.data());
  const Registers costs = load(costs_.data());
  const __m512i two = _mm512_set1_epi32(0x00ff00ff);
  const __m512i one = _mm512_set1_epi32(0x000000ff);
  const __m512i unslotted = _mm512_set1_epi32(0x7f000000);
  const __m512i places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  std::size_t nearby = 0;
  for (std::size_t at = 0; at < block.size(); at += kPostings) {
    const std::size_t size = std::min(kPostings, block.size() - at);
    const Posting* const first = block.data() + at;
    __m512i quads[4];
    if (size == kPostings) {
      for (int i = 0; i < 4; ++i) quads[i] = _mm512_loadu_si512(first + 4 * i);
    } else {
      const std::uint64_t there = (std::uint64_t{1} << (2 * size)) - 1;  // 64-bit halves of postings
      for (int i = 0; i < 4; ++i) {
        quads[i] = _mm512_maskz_loadu_epi64(static_cast<__mmask8>(there >> (8 * i)), first + 4 * i);
      }
    }
    const __m512i a = words_of<1>(quads);
    const __m512i b = words_of<2>(quads);
    const __m512i c = words_of<3>(quads);
    const __m512i weight_ab = _mm512_and_si512(_mm512_adds_epu8(look_up(weights, a), look_up(weights, b)), two);
    const __m512i weight = _mm512_adds_epu8(weight_ab, _mm512_and_si512(look_up(weights, c), one));
    const __m512i sum = _mm512_add_epi32(_mm512_and_si512(weight, one), _mm512_srli_epi32(weight, 16));
    const __m512i bits_ab = _mm512_or_si512(look_up(bits, a), look_up(bits, b));
    const __m512i bits_row = _mm512_or_si512(_mm512_or_si512(bits_ab, _mm512_srli_epi32(bits_ab, 16)),
                                             _mm512_or_si512(look_up(bits, c), _mm512_set1_epi32(known)));
    const __m512i cost = _mm512_and_si512(look_up(costs, _mm512_and_si512(bits_row, one)), one);
    const __m512i least = _mm512_min_epi32(_mm512_add_epi32(cost, _mm512_set1_epi32(needed)), _mm512_set1_epi32(255));
    const auto passing = static_cast<__mmask16>(
        (_mm512_cmpge_epi32_mask(sum, least) | _mm512_test_epi32_mask(c, unslotted)) & ((1U << size) - 1));
    const __m512i found = _mm512_add_epi32(places, _mm512_set1_epi32(static_cast<int>(at)));
    _mm512_storeu_si512(near + nearby, _mm512_maskz_compress_epi32(passing, found));
    nearby += static_cast<std::size_t>(__builtin_popcount(passing));
  }
  return nearby;
}
#endif

}  // namespace semak
