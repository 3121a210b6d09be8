// A few records changed at once, without a file: the keeping of a register by hand. Like ingest(), and through the
// same commit point, but each change names the revision that its author saw.
#pragma once

#include <span>
#include <string_view>

#include "engine/office/office.h"

namespace semak {

// All or nothing. Errors: not_found (no such register), busy (another revision than expected), invalid_input.
// One call at a time for an engine.
Result<IngestReport> change_records(Engine& engine, std::string_view register_name,
                                    std::span<const RecordChange> changes, const Progress& progress);

}  // namespace semak
