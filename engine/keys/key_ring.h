// The secrets of one installation and the few things done with them: sign, seal, and mark blindly. The only place that
// names libsodium's keyed primitives. Key file: JSON, mode 0600, optionally wrapped with a passphrase (Argon2id).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace semak {

using Hash256 = std::array<std::uint8_t, 32>;    // BLAKE2b-256
using Signature = std::array<std::uint8_t, 64>;  // Ed25519
using PublicKey = std::array<std::uint8_t, 32>;  // Ed25519

Hash256 hash256(std::string_view bytes);
std::string hex(std::string_view bytes);
// Empty if it is not hex of whole bytes.
std::optional<std::string> from_hex(std::string_view text);
// 26 characters of Crockford's base 32, ascending with time (48 bits of milliseconds, 80 random): an id that cannot
// be guessed.
std::string new_id();
std::string random_bytes(std::size_t size);
bool signature_is_good(std::string_view message, const Signature& signature, const PublicKey& key);

class KeyRing {
 public:
  // Makes a new key file. Errors: already_exists, permission, io.
  static Result<std::unique_ptr<KeyRing>> create(const std::filesystem::path& file,
                                                 const std::optional<std::string>& passphrase);
  // Errors: not_found, permission (others can read the file), invalid_input (passphrase missing or wrong), corruption.
  static Result<std::unique_ptr<KeyRing>> open(const std::filesystem::path& file,
                                               const std::optional<std::string>& passphrase);
  // Another key file with the same keys, wrapped with `passphrase`: for backups. Errors: already_exists, permission,
  // io; invalid_input if the passphrase is empty.
  Status write_copy(const std::filesystem::path& file, const std::string& passphrase) const;
  ~KeyRing();
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

  // All below are thread-safe and total.
  std::string id() const;  // names the current keys; stands in what they sign
  const PublicKey& public_key() const;
  Signature sign(std::string_view message) const;

  // XChaCha20-Poly1305 with a random nonce; `context` says what is sealed and where, and must be the same at opening.
  std::string seal(std::string_view plain, std::string_view context) const;
  // Errors: corruption (changed, of another key or of another context).
  Result<std::string> open_sealed(std::string_view sealed, std::string_view context) const;

  // Keyed BLAKE2b-128, hex: equal values of one `kind` get equal marks, and marks tell nothing without the key.
  std::string mark(std::string_view kind, std::string_view value) const;

 private:
  KeyRing();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
