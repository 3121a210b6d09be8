// What an oyls record says of its carer on a day, and which of several records says it.
#pragma once

#include <cstdint>

#include "engine/record.h"
#include "engine/standing.h"

namespace semak {

// `child`: null if none is named. Fills all but register, record and revision; never `unknown`.
//
//   for another child than the one named                not_fit
//   TOLAK                                               not_fit; pending before its status_date
//   PERMOHONAN SIASATAN PENILAIAN PANEL SOKONG TANGGUH  pending
//   BATAL, TARIK DIRI, or a revoked_date                revoked from revoked_date, else status_date, else on any day
//   GANTUNG                                             suspended from status_date, else on any day, to the last one
//   TAMAT, MENINGGAL                                    expired from status_date, else on any day
//   PERINTAH, AKTIF, and the above before their day:    by the order's dates
//     before order_from                                 pending
//     after order_to, or the child is 18                expired
//     otherwise                                         fit; not_fit if a child is named and the order names none
//   no status: as AKTIF where there is an order (a number or a first day), else pending
//
// The last day of an order is in force, the child's 18th birthday is not (a child of 29 February is 18 on 1 March).
// Without order_to the law's own end holds: 2 years from order_from for s. 30(1)(c)(ii), 3 years for s. 40(1)(b). What
// is unknown of a date counts against the carer: a start is taken as late, an end as early as it can be, and of an
// `as_of` without its day the first and the last day must both hold.
Standing standing_of(const Record& record, PartialDate as_of, const ChildQuery* child);

// Whether `a` says more of a carer than `b`: fit, suspended, pending, revoked, expired, not_fit, unknown; then the
// later order.
bool says_more(const Standing& a, const Standing& b);

// The day in Malaysia (UTC+8 all year).
PartialDate day_of(std::int64_t unix_seconds);

}  // namespace semak
