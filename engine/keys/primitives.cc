// What needs no key of ours: hashes, hex, ids, checking a signature.
#include <algorithm>
#include <chrono>

#include "engine/keys/key_ring.h"
#include "engine/keys/secret.h"

namespace semak {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Hash256 hash256(std::string_view bytes) {
  Hash256 hash;
  sodium_ready();
  ::crypto_generichash(hash.data(), hash.size(), bytes_of(bytes), bytes.size(), nullptr, 0);
  return hash;
}

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::string random_bytes(std::size_t size) {
  sodium_ready();
  std::string bytes(size, '\0');
  ::randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string new_id() {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's: no I, L, O, U
  constexpr int kTimeDigits = 10, kRandomDigits = 16;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  std::string id;
  id.reserve(kTimeDigits + kRandomDigits);
  for (int i = kTimeDigits - 1; i >= 0; --i) id += kDigits[ms >> (5 * i) & 31];
  for (const char c : random_bytes(kRandomDigits)) id += kDigits[static_cast<unsigned char>(c) & 31];
  return id;
}

bool signature_is_good(std::string_view message, const Signature& signature, const PublicKey& key) {
  sodium_ready();
  return ::crypto_sign_verify_detached(signature.data(), bytes_of(message), message.size(), key.data()) == 0;
}

}  // namespace semak
