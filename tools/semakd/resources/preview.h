// What would be made of an uploaded table: columns, first rows, bad rows. Nothing is stored.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <span>

#include "engine/casework/check.h"
#include "engine/policy.h"
#include "loaders/source.h"
#include "tools/semakd/resources/uploaded_table.h"

namespace semak {

SourceOptions source_options(const UploadedTable& table, RowKind kind, RegisterKind register_kind);

// The schema Preview. `policy`: of subjects, to count those who lack what it needs.
boost::json::object preview_json(const UploadedTable& table, const SourceOptions& options, Language language,
                                 const Policy* policy);

// What loaders and engine say in English, in the caller's language.
std::string worded(std::string english, Language language);

// The schema RowProblem.
boost::json::object row_problem_json(const RejectedRow& row, Language language);

// Whether the subject has all that one line of the policy's needs asks for.
bool has_needed(const Policy& policy, const Subject& subject, const std::optional<ChildQuery>& child);

// Titles of canonical columns, for people.
std::string column_title(std::string_view column, Language language);
// The schema of Register.columns: the kind's own fields.
boost::json::array kind_columns_json(RegisterKind kind, Language language);

}  // namespace semak
