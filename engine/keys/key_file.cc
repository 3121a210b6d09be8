#include "engine/keys/key_file.h"

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace semak {
namespace {

namespace json = boost::json;

constexpr char kFormat[] = "semak-keys-1";
constexpr char kPlain[] = "none";
constexpr char kWrapped[] = "argon2id-xchacha20poly1305";
constexpr std::size_t kFileBytesMax = 16 << 10;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Error system_error(int number, const std::filesystem::path& file, const char* doing) {
  const ErrorCode code = number == ENOENT                                         ? ErrorCode::not_found
                         : number == EEXIST                                       ? ErrorCode::already_exists
                         : number == EACCES || number == EPERM || number == EROFS ? ErrorCode::permission
                         : number == ENOSPC || number == EDQUOT                   ? ErrorCode::no_space
                                                                                  : ErrorCode::io;
  return {code, file.string() + ": " + doing + ": " + std::strerror(number)};
}

Error damaged(const std::filesystem::path& file, const char* what) {
  return {ErrorCode::corruption, file.string() + ": the key file is damaged: " + what};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Parameters of the passphrase's key, as in the file.
struct Wrapping {
  std::uint64_t operations = crypto_pwhash_OPSLIMIT_MODERATE;
  std::uint64_t memory_bytes = crypto_pwhash_MEMLIMIT_MODERATE;
  std::string salt, nonce, sealed;
};

// What the wrapped secrets are bound to: nobody can put other names over them.
std::string binding(const KeyNames& names) {
  return std::string(kFormat) + " " + names.id + " " +
         hex({reinterpret_cast<const char*>(names.public_key.data()), names.public_key.size()});
}

Result<Secret> passphrase_key(const std::string& passphrase, const Wrapping& wrapping) {
  Secret key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  if (::crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), bytes_of(wrapping.salt),
                      wrapping.operations, static_cast<std::size_t>(wrapping.memory_bytes),
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{ErrorCode::unavailable, "not enough memory to make a key of the passphrase (" +
                                             std::to_string(wrapping.memory_bytes >> 20) + " MiB)"};
  }
  return key;
}

Result<Wrapping> wrap(const Secret& secrets, const KeyNames& names, const std::string& passphrase) {
  Wrapping wrapping;
  wrapping.salt = random_bytes(crypto_pwhash_SALTBYTES);
  wrapping.nonce = random_bytes(kNonceBytes);
  SEMAK_TRY(const Secret key, passphrase_key(passphrase, wrapping));
  const std::string bound = binding(names);
  wrapping.sealed.resize(secrets.size() + kTagBytes);
  ::crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(wrapping.sealed.data()), nullptr,
                                               secrets.data(), secrets.size(), bytes_of(bound), bound.size(), nullptr,
                                               bytes_of(wrapping.nonce), key.data());
  return wrapping;
}

Result<Secret> unwrap(const Wrapping& wrapping, const KeyNames& names, const std::string& passphrase,
                      const std::filesystem::path& file) {
  SEMAK_TRY(const Secret key, passphrase_key(passphrase, wrapping));
  const std::string bound = binding(names);
  Secret secrets(kSecretsBytes);
  if (::crypto_aead_xchacha20poly1305_ietf_decrypt(secrets.data(), nullptr, nullptr, bytes_of(wrapping.sealed),
                                                   wrapping.sealed.size(), bytes_of(bound), bound.size(),
                                                   bytes_of(wrapping.nonce), key.data()) != 0) {
    return Error{ErrorCode::invalid_input, file.string() + ": wrong passphrase (or the key file was changed)"};
  }
  return secrets;
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

// The file's text, in guarded memory: it may hold the secrets.
Result<Secret> file_text(const Secret& secrets, const std::optional<std::string>& passphrase) {
  const KeyNames names = names_of(secrets);
  const std::string head = std::string("{\"format\": \"") + kFormat + "\",\n \"id\": \"" + names.id +
                           "\",\n \"public_key\": \"" +
                           hex({reinterpret_cast<const char*>(names.public_key.data()), names.public_key.size()}) +
                           "\",\n \"created\": \"" + now_text() + "\",\n \"wrapping\": \"";
  const auto joined = [](std::string_view a, std::string_view b, std::string_view c) {
    Secret text(a.size() + b.size() + c.size());
    unsigned char* at = text.data();
    for (const std::string_view part : {a, b, c}) {
      if (!part.empty()) std::memcpy(at, part.data(), part.size());
      at += part.size();
    }
    return text;
  };
  if (!passphrase) {
    Secret digits(2 * secrets.size() + 1);
    ::sodium_bin2hex(reinterpret_cast<char*>(digits.data()), digits.size(), secrets.data(), secrets.size());
    return joined(head + kPlain + "\",\n \"secrets\": \"", digits.text().substr(0, 2 * secrets.size()), "\"}\n");
  }
  SEMAK_TRY(const Wrapping wrapping, wrap(secrets, names, *passphrase));
  return joined(head + kWrapped + "\",\n \"operations\": " + std::to_string(wrapping.operations) +
                    ",\n \"memory_bytes\": " + std::to_string(wrapping.memory_bytes) + ",\n \"salt\": \"" +
                    hex(wrapping.salt) + "\",\n \"nonce\": \"" + hex(wrapping.nonce) + "\",\n \"secrets\": \"",
                hex(wrapping.sealed), "\"}\n");
}

Status write_synced(int descriptor, std::string_view text, const std::filesystem::path& file) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(errno, file, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return system_error(errno, file, "cannot be written");
  return {};
}

Status sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0 || ::fsync(opened.number()) != 0) return system_error(errno, folder, "cannot be synced");
  return {};
}

Result<Secret> file_bytes(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.number() < 0) return system_error(errno, file, "the key file cannot be opened");
  struct stat state{};
  if (::fstat(opened.number(), &state) != 0) return system_error(errno, file, "the key file cannot be opened");
  if ((state.st_mode & 077) != 0) {
    return Error{
        ErrorCode::permission,
        file.string() + ": others can read the key file; take that from them (chmod 600) and consider the keys known"};
  }
  if (!S_ISREG(state.st_mode) || state.st_size > static_cast<off_t>(kFileBytesMax))
    return damaged(file, "not a key file");
  Secret text(static_cast<std::size_t>(state.st_size));
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t got = ::read(opened.number(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, file, "the key file cannot be read");
    if (got == 0) return damaged(file, "it ends early");
    have += static_cast<std::size_t>(got);
  }
  return text;
}

// A member that is hex of exactly `size` bytes.
std::optional<std::string> hex_member(const json::object& object, std::string_view name, std::size_t size) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  std::optional<std::string> bytes = from_hex(std::string_view(value->get_string()));
  if (!bytes || bytes->size() != size) return std::nullopt;
  return bytes;
}

std::string_view text_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::optional<std::uint64_t> count_member(const json::object& object, std::string_view name, std::uint64_t least,
                                          std::uint64_t most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
  const auto count = static_cast<std::uint64_t>(value->get_int64());
  return count < least || count > most ? std::nullopt : std::optional(count);
}

Result<Secret> plain_secrets(const json::object& object, const std::filesystem::path& file) {
  const std::string_view digits = text_member(object, "secrets");
  Secret secrets(kSecretsBytes);
  std::size_t size = 0;
  if (::sodium_hex2bin(secrets.data(), secrets.size(), digits.data(), digits.size(), nullptr, &size, nullptr) != 0 ||
      size != kSecretsBytes) {
    return damaged(file, "its secrets");
  }
  return secrets;
}

Result<Secret> wrapped_secrets(const json::object& object, const KeyNames& names, const std::string& passphrase,
                               const std::filesystem::path& file) {
  Wrapping wrapping;
  const auto operations =
      count_member(object, "operations", crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_OPSLIMIT_SENSITIVE);
  const auto memory =
      count_member(object, "memory_bytes", crypto_pwhash_MEMLIMIT_MIN, crypto_pwhash_MEMLIMIT_SENSITIVE);
  auto salt = hex_member(object, "salt", crypto_pwhash_SALTBYTES);
  auto nonce = hex_member(object, "nonce", kNonceBytes);
  auto sealed = hex_member(object, "secrets", kSecretsBytes + kTagBytes);
  if (!operations || !memory || !salt || !nonce || !sealed) return damaged(file, "its wrapping");
  wrapping.operations = *operations;
  wrapping.memory_bytes = *memory;
  wrapping.salt = std::move(*salt);
  wrapping.nonce = std::move(*nonce);
  wrapping.sealed = std::move(*sealed);
  return unwrap(wrapping, names, passphrase, file);
}

Result<Secret> secrets_in(const json::object& object, const std::filesystem::path& file,
                          const std::optional<std::string>& passphrase) {
  if (text_member(object, "format") != kFormat) {
    return Error{ErrorCode::version_mismatch, file.string() + ": not a key file of this version of Semak"};
  }
  KeyNames names{std::string(text_member(object, "id")), {}};
  const auto key = hex_member(object, "public_key", names.public_key.size());
  if (!key) return damaged(file, "its public key");
  std::memcpy(names.public_key.data(), key->data(), key->size());
  const std::string_view wrapping = text_member(object, "wrapping");
  if (wrapping != kPlain && wrapping != kWrapped) return damaged(file, "its wrapping");
  const bool wrapped = wrapping == kWrapped;
  if (wrapped != passphrase.has_value()) {
    return Error{ErrorCode::invalid_input,
                 file.string() + (wrapped ? ": the key file wants its passphrase"
                                          : ": a passphrase was given, but the key file is not protected by one")};
  }
  auto secrets = wrapped ? wrapped_secrets(object, names, *passphrase, file) : plain_secrets(object, file);
  if (!secrets) return secrets;
  const KeyNames derived = names_of(*secrets);
  if (derived.id != names.id || derived.public_key != names.public_key)
    return damaged(file, "its names are not its keys'");
  return secrets;
}

}  // namespace

KeyNames names_of(const Secret& secrets) {
  KeyNames names;
  Secret signing_key(crypto_sign_SECRETKEYBYTES);
  ::crypto_sign_seed_keypair(names.public_key.data(), signing_key.data(), secrets.data());
  // 64 bits of a hash: enough to tell rings apart, nothing about the keys.
  constexpr std::string_view kLabel = "semak-key-ring-id-1";
  std::array<unsigned char, crypto_generichash_BYTES> hash;
  crypto_generichash_state state;
  ::crypto_generichash_init(&state, nullptr, 0, hash.size());
  ::crypto_generichash_update(&state, bytes_of(kLabel), kLabel.size());
  ::crypto_generichash_update(&state, secrets.data(), secrets.size());
  ::crypto_generichash_final(&state, hash.data(), hash.size());
  names.id = hex({reinterpret_cast<const char*>(hash.data()), 8});
  return names;
}

Status write_key_file(const std::filesystem::path& file, const Secret& secrets,
                      const std::optional<std::string>& passphrase) {
  if (passphrase && passphrase->empty()) return Error{ErrorCode::invalid_input, "an empty passphrase protects nothing"};
  std::error_code failed;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, failed))) {
    return Error{ErrorCode::already_exists, file.string() + ": there is a key file already"};
  }
  SEMAK_TRY(const Secret text, file_text(secrets, passphrase));
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (!std::filesystem::exists(folder, failed)) {
    std::filesystem::create_directories(folder, failed);
    if (!failed) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    if (failed) return system_error(failed.value(), folder, "cannot be made");
  }
  // Written aside and linked: a key file is whole, and an existing one is never replaced.
  const std::filesystem::path aside = file.string() + "." + hex(random_bytes(8));
  Status written;
  {
    const Descriptor opened(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (opened.number() < 0) return system_error(errno, aside, "cannot be made");
    written = write_synced(opened.number(), text.text(), aside);
  }
  if (written && ::link(aside.c_str(), file.c_str()) != 0) written = system_error(errno, file, "cannot be made");
  ::unlink(aside.c_str());
  return written ? sync_folder(folder) : written;
}

Result<Secret> read_key_file(const std::filesystem::path& file, const std::optional<std::string>& passphrase) {
  SEMAK_TRY(const Secret text, file_bytes(file));
  // What is parsed may be secret too: parser and values live in guarded memory.
  Secret values(8 * kFileBytesMax), scratch(kFileBytesMax);
  json::monotonic_resource storage(values.data(), values.size());
  json::parser parser({}, {}, scratch.data(), scratch.size());
  parser.reset(&storage);
  json::error_code failed;
  parser.write(text.text().data(), text.size(), failed);
  if (failed) return damaged(file, "not JSON");
  const json::value parsed = parser.release();
  if (!parsed.is_object()) return damaged(file, "not a JSON object");
  return secrets_in(parsed.get_object(), file, passphrase);
}

}  // namespace semak
