// Answers on the wire, shaped by what the caller may see of them under the policy that they were given by.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "engine/casework/case.h"
#include "engine/office/office.h"
#include "tools/semakd/session.h"

namespace semak {

// Of one caller, for one response.
class AnswerWriter {
 public:
  AnswerWriter(Office& office, const Caller& caller) : office_(office), caller_(caller) {}

  // What this caller may see of answers under the policy of this id.
  View view_of(const std::string& policy_id);

  // The schemas Screening (with receipt, subject and hits) and ScreeningSummary.
  boost::json::object screening(const Check& check, boost::json::storage_ptr storage = {});
  std::string screening_text(const Check& check);  // serialised
  boost::json::object summary(const Check& check);
  boost::json::object standing(const Standing& standing, View view) const;
  // The schema Hit: who the record is about from View::comparison on, its fields from View::record on.
  boost::json::object hit(const Hit& hit, View view);
  // "under_verification" for whoever reads outcomes only, "refer" for the others.
  std::string_view outcome(Outcome outcome, View view) const;

 private:
  boost::json::object common(const Check& check, View view, boost::json::storage_ptr storage);

  Office& office_;
  const Caller& caller_;
  std::map<std::string, View, std::less<>> views_;  // by policy id
};

std::int64_t centibits(Bits bits);
std::int64_t basis_points(double probability);  // 0..10000

std::string rfc3339(std::int64_t time_ms);
// The schema CaseCounts.
boost::json::object case_counts_json(const CaseCounts& counts);

}  // namespace semak
