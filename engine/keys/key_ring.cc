#include "engine/keys/key_ring.h"

#include <cstring>
#include <utility>

#include "engine/keys/key_file.h"
#include "engine/keys/secret.h"

namespace semak {
namespace {

constexpr char kSealFormat = 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kMarkBytes = 16;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

struct KeyRing::Impl {
  KeyNames names;
  Secret signing_key{crypto_sign_SECRETKEYBYTES};
  Secret data_key{kDataKeyBytes};
  Secret mark_key{kMarkKeyBytes};

  explicit Impl(const Secret& secrets) : names(names_of(secrets)) {
    PublicKey ignored;
    ::crypto_sign_seed_keypair(ignored.data(), signing_key.data(), secrets.data());
    std::memcpy(data_key.data(), secrets.data() + kSeedBytes, kDataKeyBytes);
    std::memcpy(mark_key.data(), secrets.data() + kSeedBytes + kDataKeyBytes, kMarkKeyBytes);
    for (Secret* secret : {&signing_key, &data_key, &mark_key}) secret->freeze();
  }
};

KeyRing::KeyRing() = default;
KeyRing::~KeyRing() = default;

Result<std::unique_ptr<KeyRing>> KeyRing::create(const std::filesystem::path& file,
                                                 const std::optional<std::string>& passphrase) {
  Secret secrets(kSecretsBytes);
  ::randombytes_buf(secrets.data(), secrets.size());
  SEMAK_TRY_STATUS(write_key_file(file, secrets, passphrase));
  std::unique_ptr<KeyRing> ring(new KeyRing());
  ring->impl_ = std::make_unique<Impl>(secrets);
  return ring;
}

Result<std::unique_ptr<KeyRing>> KeyRing::open(const std::filesystem::path& file,
                                               const std::optional<std::string>& passphrase) {
  SEMAK_TRY(const Secret secrets, read_key_file(file, passphrase));
  std::unique_ptr<KeyRing> ring(new KeyRing());
  ring->impl_ = std::make_unique<Impl>(secrets);
  return ring;
}

Status KeyRing::write_copy(const std::filesystem::path& file, const std::string& passphrase) const {
  if (passphrase.empty()) return Error{ErrorCode::invalid_input, "a copy of the keys needs a passphrase"};
  Secret secrets(kSecretsBytes);
  std::memcpy(secrets.data(), impl_->signing_key.data(), kSeedBytes);  // libsodium's signing key begins with its seed
  std::memcpy(secrets.data() + kSeedBytes, impl_->data_key.data(), kDataKeyBytes);
  std::memcpy(secrets.data() + kSeedBytes + kDataKeyBytes, impl_->mark_key.data(), kMarkKeyBytes);
  return write_key_file(file, secrets, passphrase);
}

std::string KeyRing::id() const { return impl_->names.id; }
const PublicKey& KeyRing::public_key() const { return impl_->names.public_key; }

Signature KeyRing::sign(std::string_view message) const {
  Signature signature;
  ::crypto_sign_detached(signature.data(), nullptr, bytes_of(message), message.size(), impl_->signing_key.data());
  return signature;
}

// Format, nonce, ciphertext with its tag.
std::string KeyRing::seal(std::string_view plain, std::string_view context) const {
  std::string sealed(1 + kNonceBytes + plain.size() + kTagBytes, '\0');
  sealed[0] = kSealFormat;
  unsigned char* nonce = bytes_of(sealed) + 1;
  ::randombytes_buf(nonce, kNonceBytes);
  ::crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, bytes_of(plain), plain.size(),
                                               bytes_of(context), context.size(), nullptr, nonce,
                                               impl_->data_key.data());
  return sealed;
}

Result<std::string> KeyRing::open_sealed(std::string_view sealed, std::string_view context) const {
  if (sealed.size() < 1 + kNonceBytes + kTagBytes || sealed.front() != kSealFormat) {
    return Error{ErrorCode::corruption, "sealed data is damaged"};
  }
  const unsigned char* nonce = bytes_of(sealed) + 1;
  const std::size_t size = sealed.size() - 1 - kNonceBytes;
  std::string plain(size - kTagBytes, '\0');
  if (::crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), nullptr, nullptr, nonce + kNonceBytes, size,
                                                   bytes_of(context), context.size(), nonce,
                                                   impl_->data_key.data()) != 0) {
    return Error{ErrorCode::corruption,
                 "sealed data is damaged, of another place or sealed with other keys than " + impl_->names.id};
  }
  return plain;
}

std::string KeyRing::mark(std::string_view kind, std::string_view value) const {
  const std::uint64_t kind_size = kind.size();  // so that no two pairs run together to the same bytes
  std::array<unsigned char, 8> prefix;
  for (int i = 0; i < 8; ++i) prefix[i] = static_cast<unsigned char>(kind_size >> (8 * i));
  crypto_generichash_state state;
  ::crypto_generichash_init(&state, impl_->mark_key.data(), impl_->mark_key.size(), kMarkBytes);
  ::crypto_generichash_update(&state, prefix.data(), prefix.size());
  ::crypto_generichash_update(&state, bytes_of(kind), kind.size());
  ::crypto_generichash_update(&state, bytes_of(value), value.size());
  std::string mark(kMarkBytes, '\0');
  ::crypto_generichash_final(&state, bytes_of(mark), mark.size());
  return hex(mark);
}

}  // namespace semak
