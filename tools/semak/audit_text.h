// What a verification of the audit log found, for people and for programs.
#pragma once

#include <string>

#include "engine/audit/audit_log.h"

namespace semak {

// `key_told`: the public key came from elsewhere than from what was verified.
std::string audit_report_json(const AuditReport& report, bool key_told, double seconds);
std::string audit_report_text(const AuditReport& report, bool key_told, double seconds);

std::string hash_text(const Hash256& hash);
std::string time_text(std::int64_t time_ms);  // 2026-11-20T03:00:00.123Z

}  // namespace semak
