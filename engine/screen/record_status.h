// What a register says of a record besides the person: the fields that decide whether and as what it may be answered,
// by their canonical names (loaders/columns.cc; loaders/headings.csv and choices.csv say what is read as them).
//
//   offender  act, section, act_section, court, case_no, charge_date, conviction_date, sentence, sentence_date,
//             release_date, appeal_status (none, pending, dismissed, allowed, withdrawn, lapsed), appeal_date,
//             quashed (yes, no or its date), quashed_date, victim_relationship, source_agency
//   oyls      status (PERMOHONAN, SIASATAN, PENILAIAN, PANEL, SOKONG, TOLAK, TANGGUH, PERINTAH, AKTIF, TAMAT, BATAL,
//             TARIK DIRI, MENINGGAL, GANTUNG), status_date, application_date, panel_date, order_no, section, court,
//             order_from, order_to, child_ref, child_dob, revoked_date
#pragma once

#include <string_view>

#include "engine/record.h"
#include "engine/result.h"

namespace semak {

// The first field of this name; empty if there is none.
std::string_view field_of(const Record& record, std::string_view name);

// A conviction that was set aside (quashed, or an appeal against it allowed) is answered to nobody: it is in no index
// and no hit, and stays in the store with its history. An appeal against the sentence alone is not recorded as allowed.
bool is_quashed(const Record& record);
// An appeal is pending: the record may be answered to nobody as a record yet.
bool is_under_appeal(const Record& record);

// Whether records of this kind may be quashed or under appeal at all.
constexpr bool has_convictions(RegisterKind kind) { return kind == RegisterKind::offender; }
// The one rule of who takes a place in an index: an active record of which this holds.
inline bool answers(RegisterKind kind, const Record& record) { return !has_convictions(kind) || !is_quashed(record); }

// False where the encoded content of a record cannot make it quashed or under appeal: saves decoding it.
bool may_be_set_aside(std::string_view content);

}  // namespace semak
