// The key file: JSON, one object, mode 0600. Beside names and dates it holds the secrets either as they are (protected
// by the file's mode alone) or wrapped: Argon2id makes a key of the passphrase, XChaCha20-Poly1305 seals with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/keys/key_ring.h"
#include "engine/keys/secret.h"
#include "engine/result.h"

namespace semak {

constexpr std::size_t kSeedBytes = 32;  // of the signing key
constexpr std::size_t kDataKeyBytes = 32;
constexpr std::size_t kMarkKeyBytes = 32;
constexpr std::size_t kSecretsBytes = kSeedBytes + kDataKeyBytes + kMarkKeyBytes;  // in this order

// What the file says of the keys; the id is derived from the secrets, so a changed file does not pass.
struct KeyNames {
  std::string id;
  PublicKey public_key{};
};
KeyNames names_of(const Secret& secrets);

// Appears whole or not at all, never over another file. Errors: already_exists, permission, no_space, io.
Status write_key_file(const std::filesystem::path& file, const Secret& secrets,
                      const std::optional<std::string>& passphrase);
// Errors: not_found, permission (others can read it), invalid_input (passphrase), version_mismatch, corruption, io.
Result<Secret> read_key_file(const std::filesystem::path& file, const std::optional<std::string>& passphrase);

}  // namespace semak
