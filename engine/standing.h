// What the OYLS registers say of a carer: as of a date, and for a child where one is named (domain: Child Act 2001
// ss. 30(1)(b), 30(1)(c)(ii), 40(1)(b), 46).
#pragma once

#include <cstdint>
#include <string>

#include "engine/ids.h"
#include "engine/partial_date.h"

namespace semak {

enum class StandingState : std::uint8_t {
  unknown,    // nobody in the asked registers is certainly this person
  fit,        // in force on that date, and for that child if one was named
  not_fit,    // refused, or an order for another child
  expired,    // the order ended or the child turned 18
  revoked,    // by the court or by withdrawal
  suspended,  // pending an investigation
  pending,    // applied for, not decided
};
const char* to_string(StandingState state);

struct ChildQuery {
  std::string reference;  // the child's, as in the orders; empty: any
  PartialDate dob;        // if the order does not say it
};

struct Standing {
  StandingState state = StandingState::unknown;
  PartialDate as_of;
  std::string register_name, record_id;  // that says so; empty for unknown
  RevisionId revision;
  std::string order, section, child_reference;
  // First and last day in force; valid_to is the earlier of the order's end and the day before the child's 18th
  // birthday.
  PartialDate valid_from, valid_to;
};

}  // namespace semak
