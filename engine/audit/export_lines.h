// The lines of an export, one JSON object each, in one spelling only: a reader writes what it understood again and
// wants the same bytes back, so nothing can hide in a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/audit/audit_log.h"

namespace semak {

// Line 1: what to expect.
struct ExportHeader {
  AuditHead head;
  std::string key_id;  // of the checkpoints; empty if there is none
  PublicKey public_key{};
};

// Without the line's end.
std::string line_of(const ExportHeader& header);
std::string line_of(const AuditEntry& entry);
std::string line_of(const AuditCheckpoint& checkpoint);

std::optional<ExportHeader> header_in(std::string_view line);
std::optional<AuditEntry> entry_in(std::string_view line);
std::optional<AuditCheckpoint> checkpoint_in(std::string_view line);

}  // namespace semak
