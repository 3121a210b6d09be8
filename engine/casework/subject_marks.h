// What of a subject can be found again without being kept: marks of its fingerprint and of each of its numbers.
#pragma once

#include <string>
#include <vector>

#include "engine/subject.h"

namespace semak {

inline constexpr const char* kSubjectMark = "subject";
inline constexpr const char* kNumberMark = "number";
inline constexpr const char* kRecordMark = "record";  // of a register's record id

// Identity numbers as they are marked: letters and digits alone, sorted, each once, placeholders left out.
std::vector<std::string> folded_numbers(const Subject& subject);

// Whether the subject is one person wherever it is asked about again: only a number makes it so, since many people
// share a name, and a name and a birth date.
bool is_one_person(const Subject& subject);

}  // namespace semak
