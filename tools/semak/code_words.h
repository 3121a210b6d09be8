// Codes that the engine keeps and programs read, as people at a terminal read them.
#pragma once

#include <string>
#include <string_view>

#include "engine/casework/case.h"
#include "engine/monitor/monitor.h"
#include "engine/person.h"
#include "engine/standing.h"

namespace semak {

std::string priority_in_words(int priority);  // of a case: "high (46)"
std::string in_words(CaseState state);
std::string in_words(Verdict verdict);
std::string in_words(CaseEvent::Kind kind);
std::string in_words(AlertKind kind);
std::string in_words(StandingState state);
std::string in_words(NameType type);                         // what a record's name is: "name", "alias"...
std::string in_words(NumberKind kind);                       // "number" of one whose kind is not known
std::string in_words(Sex sex);                               // empty: unknown
std::string alert_reason_in_words(std::string_view reason);  // Alert::reason; unknown ones as they are

}  // namespace semak
