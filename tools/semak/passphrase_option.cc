#include "tools/semak/passphrase_option.h"

#include <cstdlib>
#include <fstream>

namespace semak {

Result<std::optional<std::string>> passphrase_option(const Arguments& arguments, std::string_view option,
                                                     bool environment_too) {
  if (!arguments.has(option)) {
    const char* value = environment_too ? std::getenv("SEMAK_PASSPHRASE") : nullptr;
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
  }
  const std::string file = arguments.text(option);
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line)) return Error{ErrorCode::not_found, say(Say::no_passphrase_in, file)};
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return std::optional(std::move(line));
}

}  // namespace semak
