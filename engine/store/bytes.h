// Bytes as this stage writes them: little-endian varints, length-prefixed text, big-endian integers in keys (so that
// they sort), and one 64-bit hash. Readers never trust a length.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace semak {

inline void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

inline void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

inline void append_fixed32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

inline void append_fixed64(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value >> shift);
}

inline void append_key32(std::string& key, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(value >> shift);
}

inline void append_key64(std::string& key, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(value >> shift);
}

// REQUIRES: eight bytes at `bytes`.
inline std::uint64_t read_key64(const char* bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Takes values off the front. After the first failure ok() is false and everything reads as zero or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

  // Only the shortest form is accepted, so that equal values have equal bytes.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail();
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) return fail();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return (byte == 0 && shift > 0) ? fail() : value;
    }
    return fail();
  }

  // A varint of at most `max`.
  std::uint64_t varint_up_to(std::uint64_t max) {
    const std::uint64_t value = varint();
    return value <= max ? value : fail();
  }

  std::uint8_t byte() {
    if (rest_.empty()) return static_cast<std::uint8_t>(fail());
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::uint64_t fixed64() { return fixed(8); }
  std::uint32_t fixed32() { return static_cast<std::uint32_t>(fixed(4)); }

  std::string_view text() {
    const std::uint64_t size = varint();
    if (!ok_ || size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }

  std::uint64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

 private:
  std::uint64_t fixed(std::size_t bytes) {
    if (rest_.size() < bytes) return fail();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(bytes);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

template <class Enum>
void append_enum(std::string& out, Enum value) {
  append_varint(out, static_cast<std::uint64_t>(value));
}

// One that is not beyond `highest`.
template <class Enum>
Enum read_enum(ByteReader& in, Enum highest) {
  return static_cast<Enum>(in.varint_up_to(static_cast<std::uint64_t>(highest)));
}

// For comparing contents and finding damage, not against an adversary. Stable: stored in databases.
inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  // Folded 64x64 -> 128 bit products; the constants are the fractional digits of sqrt(2), sqrt(3), sqrt(5).
  constexpr std::uint64_t kA = 0x6a09e667f3bcc909, kB = 0xbb67ae8584caa73b, kC = 0x3c6ef372fe94f82b;
  const auto fold = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const auto word = [](const char* at, std::size_t size) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, size);  // little-endian machines only, as the index
    return value;
  };
  std::uint64_t state = seed ^ kA;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 16; at += 16, left -= 16) state = fold(word(at, 8) ^ state ^ kB, word(at + 8, 8) ^ kC) ^ state;
  const std::size_t low = left < 8 ? left : 8;
  const std::uint64_t first = low > 0 ? word(at, low) : 0;
  const std::uint64_t second = left > 8 ? word(at + 8, left - 8) : 0;
  state = fold(first ^ state ^ kC, second ^ kB) ^ state;
  return fold(state ^ kA, bytes.size() ^ kB);
}

}  // namespace semak
