// What a verification of the audit log found, for people and for programs.
#pragma once

#include <string>

#include "engine/audit/audit_log.h"

namespace semak {

// `key_told`: the public key came from elsewhere than from what was verified.
std::string audit_report_json(const AuditReport& report, bool key_told, double seconds);
std::string audit_report_text(const AuditReport& report, bool key_told, double seconds);

std::string hash_text(const Hash256& hash);

}  // namespace semak
