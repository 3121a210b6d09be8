// How long work tells how far it is. Stages call it; tools draw it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace semak {

// `stage`: what is being done, English, e.g. "reading"; `done` of `total` units, total 0 if unknown.
// Called at most every few thousand units, possibly from several threads (never at the same time).
using Progress = std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)>;

}  // namespace semak
