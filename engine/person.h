// What both a record and a subject say about a person, as given and not yet normalised.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace semak {

enum class Sex : std::uint8_t { unknown = 0, male = 1, female = 2 };

enum class NameType : std::uint8_t { registered, charged_as, known_as, former, jawi, han, tamil };

struct TypedName {
  NameType type = NameType::registered;
  std::string text;  // UTF-8, verbatim
  bool operator==(const TypedName&) const = default;
};

enum class NumberKind : std::uint8_t {
  unknown,  // decide from the text
  mykad,    // any 12-digit number since 1990: MyKad, MyKid, MyPR, MyKAS
  old_ic,
  police,
  army,
  passport,
  unhcr,
  birth_certificate,
  other,
};

struct TypedNumber {
  NumberKind kind = NumberKind::unknown;
  std::string text;  // verbatim
  std::string issuer;
  std::string valid_from;  // ISO 8601 or empty
  std::string valid_to;
  bool operator==(const TypedNumber&) const = default;
};

// Stable names used in files and JSON: "mykad", "old_ic", ...; "M", "F", "".
const char* to_string(NumberKind kind);
const char* to_string(NameType type);
const char* to_string(Sex sex);

}  // namespace semak
