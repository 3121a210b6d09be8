// People on the wire: subjects as requests say them, and what is said of subjects and records in answers.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "engine/casework/check.h"
#include "engine/record.h"
#include "engine/subject.h"
#include "tools/semakd/json.h"

namespace semak {

// The member `name` of `parent`; what is wrong goes into `faults`. Purpose, reference and consent are the caller's.
Subject read_subject(JsonObject& parent, std::string_view name, Faults& faults);
std::optional<ChildQuery> read_child(JsonObject& parent, std::string_view name, Faults& faults);
// A member that is a day: YYYY-MM-DD.
std::optional<PartialDate> read_day(JsonObject& parent, std::string_view name, Language language);
// The schema RecordContent. `id`: of the path; empty: the record must have one of its own.
Record read_record(JsonObject& parent, std::string_view name, std::string_view id, Faults& faults);

boost::json::object subject_json(const Subject& subject);
boost::json::object child_json(const ChildQuery& child);
// The schema Person: who a record is about, without what it says they did.
boost::json::object person_json(const Record& record);
boost::json::object record_json(const Record& record);
boost::json::object fields_json(const Record& record);

std::optional<RegisterKind> register_kind_from(std::string_view text);

}  // namespace semak
