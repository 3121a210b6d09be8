#include "tools/semak/policy_file.h"

#include <fstream>
#include <utility>

#include "engine/policies/policy_book.h"
#include "tools/semak/messages.h"

namespace semak {
namespace {

constexpr std::size_t kBytesMax = 1 << 20;  // parse_policy says what is wrong with one that is too long

}  // namespace

Result<PolicyFile> read_policy_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::not_found, say(Say::no_file, path)};
  PolicyFile file;
  file.toml.resize(kBytesMax);
  in.read(file.toml.data(), static_cast<std::streamsize>(file.toml.size()));
  file.toml.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return Error{ErrorCode::io, path + ": cannot be read"};
  SEMAK_TRY(file.policy, parse_policy(file.toml, path));
  return file;
}

}  // namespace semak
