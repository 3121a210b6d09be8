// Places of MyKad codes and names of states.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "normalize/identity_number.h"
#include "normalize/table_rows.h"

extern const char semak_normalize_place_codes_begin[], semak_normalize_place_codes_end[];
extern const char semak_normalize_states_begin[], semak_normalize_states_end[];

namespace semak {
namespace {

struct Place {
  std::string_view name;
  std::uint8_t state = 0;
};

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

const std::array<Place, 100>& places() {
  static const std::array<Place, 100> table = [] {
    std::array<Place, 100> result;
    for (const TableRow& row : table_rows(semak_normalize_place_codes_begin, semak_normalize_place_codes_end, 5)) {
      result[static_cast<std::size_t>(number(row[0]))] = {row[1], static_cast<std::uint8_t>(number(row[2]))};
    }
    return result;
  }();
  return table;
}

using StateMap = std::unordered_map<std::string_view, std::uint8_t>;

const StateMap& states() {
  static const StateMap map = [] {
    StateMap result;
    for (const TableRow& row : table_rows(semak_normalize_states_begin, semak_normalize_states_end, 3)) {
      result.emplace(row[0], static_cast<std::uint8_t>(number(row[1])));
    }
    return result;
  }();
  return map;
}

}  // namespace

std::string_view place_of(int code) {
  return code < 0 || code > 99 ? std::string_view{} : places()[static_cast<std::size_t>(code)].name;
}

std::uint8_t state_of_place(int code) {
  return code < 0 || code > 99 ? std::uint8_t{0} : places()[static_cast<std::size_t>(code)].state;
}

std::uint8_t parse_state(std::string_view text) {
  std::array<char, 64> buffer;
  std::size_t size = 0;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) continue;
    if (size == buffer.size()) return 0;
    buffer[size++] = upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  std::string_view key(buffer.data(), size);
  const auto look = [](std::string_view word) {
    const auto found = states().find(word);
    return found == states().end() ? std::uint8_t{0} : found->second;
  };
  if (const std::uint8_t state = look(key); state != 0) return state;
  // "Johor Darul Ta'zim", "Perlis Indera Kayangan", "Negeri Johor", "State of Johor", "Sarawak Bumi Kenyalang"
  for (const std::string_view honour : {"darul", "indera", "inderakayangan", "bumi", "negeribawahbayu", "malaysia"}) {
    if (const std::size_t at = key.find(honour); at != std::string_view::npos && at > 0) {
      if (const std::uint8_t state = look(key.substr(0, at)); state != 0) return state;
    }
  }
  for (const std::string_view front : {"negeri", "stateof", "state"}) {
    if (key.starts_with(front)) {
      if (const std::uint8_t state = parse_state(key.substr(front.size())); state != 0) return state;
    }
  }
  return 0;
}

}  // namespace semak
