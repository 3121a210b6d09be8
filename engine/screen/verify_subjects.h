// Subjects to try a database with, made from its own records: as they are, or changed in the ways that people, forms
// and scanners change them, and some strangers put together from parts of several records. The same for the same seed.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/subject.h"

namespace semak {

Result<std::vector<Subject>> recall_subjects(const Engine& engine, const Snapshot& snapshot, std::uint64_t count,
                                             std::uint64_t seed);

}  // namespace semak
