#include "tools/semak/key_options.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tools/semak/passphrase_option.h"

namespace semak {

Result<std::unique_ptr<KeyRing>> open_keys(const Arguments& arguments, const std::string& folder) {
  const char* elsewhere = std::getenv("SEMAK_KEYS");
  const std::filesystem::path standard = elsewhere != nullptr && *elsewhere != '\0'
                                             ? std::filesystem::path(elsewhere)
                                             : std::filesystem::path(folder) / "keys" / "semak.key";
  SEMAK_TRY(const auto passphrase, passphrase_option(arguments, "passphrase-file", true));
  return KeyRing::open(arguments.text("key-file", standard.string()), passphrase);
}

Result<std::optional<PublicKey>> public_key_option(const Arguments& arguments) {
  if (!arguments.has("key")) return std::optional<PublicKey>();
  const auto bytes = from_hex(arguments.text("key"));
  PublicKey key{};
  if (!bytes || bytes->size() != key.size()) return Error{ErrorCode::invalid_input, say(Say::not_a_public_key)};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return std::optional(key);
}

}  // namespace semak
