// The names of data/scripts.csv: one person's name in Rumi and in another script.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"

namespace semak {

struct ScriptName {
  std::string rumi;
  std::string other;
  std::string script;  // han, jawi, tamil
  std::string note;    // chinese, sound, malay, arabic, tamil
  // Tables and readings are improved on one half only; the other shows what they are worth. By person.
  bool unseen = false;

  // What figures are kept for: "han chinese", "han sound", "jawi", "tamil".
  std::string group() const;
};

Result<std::vector<ScriptName>> read_script_names(const std::filesystem::path& file);

// `count` names that nobody of `names` has: the words of two of them crossed, in the script `script`. Each shares half
// a name with somebody, so that half a name is not enough to be found.
std::vector<std::string> crossed_names(const std::vector<ScriptName>& names, const std::string& script,
                                       std::size_t count, std::uint64_t seed);

}  // namespace semak
