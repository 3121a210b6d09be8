#include "bench/quality/script_names.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include "normalize/scripts.h"
#include "normalize/text.h"
#include "tools/gen/random.h"

namespace semak {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells{{}};
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

bool falls_in_unseen_half(const std::string& rumi) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : rumi) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return mix64(hash) % 2 == 1;
}

// Two halves of a name that each mean something: words where there are any, characters in Han.
std::pair<std::string, std::string> halves(const std::string& name) {
  std::size_t cut = name.find("\xC2\xB7");  // ·
  if (cut != std::string::npos) return {name.substr(0, cut), name.substr(cut)};
  cut = name.rfind(' ');
  if (cut != std::string::npos) return {name.substr(0, cut), name.substr(cut)};
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < name.size();) {
    starts.push_back(i);
    next_character(name, i);
  }
  cut = starts.size() > 3 ? starts[starts.size() / 2] : starts.size() > 1 ? starts[1] : 0;
  return {name.substr(0, cut), name.substr(cut)};
}

}  // namespace

std::string ScriptName::group() const { return script == "han" ? "han " + note : script; }

Result<std::vector<ScriptName>> read_script_names(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return Error{ErrorCode::not_found, file.string() + ": cannot be read"};
  std::vector<ScriptName> names;
  bool heading = true;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#' || std::exchange(heading, false)) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 5) return Error{ErrorCode::invalid_input, file.string() + ": not five cells: " + line};
    names.push_back({cells[0], cells[1], cells[2], cells[4], falls_in_unseen_half(cells[0])});
  }
  return names;
}

std::vector<std::string> crossed_names(const std::vector<ScriptName>& names, const std::string& script,
                                       std::size_t count, std::uint64_t seed) {
  std::vector<std::string> own;
  for (const ScriptName& name : names) {
    if (name.script == script) own.push_back(name.other);
  }
  std::set<std::string> taken(own.begin(), own.end());
  std::vector<std::string> made;
  for (std::uint64_t i = 0; made.size() < count && i < 100 * count; ++i) {
    Random random(seed, 1, i);
    const auto draw = [&] { return own[random.below(static_cast<std::uint32_t>(own.size()))]; };
    const std::string crossed = halves(draw()).first + halves(draw()).second;
    if (taken.insert(crossed).second) made.push_back(crossed);
  }
  return made;
}

}  // namespace semak
