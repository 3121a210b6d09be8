// The handlers of the table in routes.cc, one for each operation of openapi.json, by the file that they live in.
#pragma once

#include "tools/semakd/resources/room.h"

namespace semak {

#define SEMAK_HANDLER(name) Response name(Room& room, const Caller& caller, const Request& request)

// screenings.cc
void create_screening(Room& room, const Caller& caller, const Request& request, Reply reply);
SEMAK_HANDLER(screen_household);
SEMAK_HANDLER(get_standing);
SEMAK_HANDLER(list_screenings);
SEMAK_HANDLER(get_screening);
SEMAK_HANDLER(erase_screening);
SEMAK_HANDLER(report_subject);

// receipts.cc
SEMAK_HANDLER(get_receipt);
SEMAK_HANDLER(verify_receipt_by_id);
SEMAK_HANDLER(verify_receipt_sent);

// batches.cc
SEMAK_HANDLER(create_batch);
SEMAK_HANDLER(list_batches);
SEMAK_HANDLER(preview_batch);
SEMAK_HANDLER(get_batch);
SEMAK_HANDLER(cancel_batch);
SEMAK_HANDLER(watch_batch);

// batch_results.cc
SEMAK_HANDLER(get_batch_results);

// cases.cc
SEMAK_HANDLER(list_cases);
SEMAK_HANDLER(get_case);
SEMAK_HANDLER(assign_case);
SEMAK_HANDLER(note_case);
SEMAK_HANDLER(decide_case);
SEMAK_HANDLER(reopen_case);

// registers.cc
SEMAK_HANDLER(list_registers);
SEMAK_HANDLER(confirm_register);
SEMAK_HANDLER(get_register);
SEMAK_HANDLER(list_changes);
SEMAK_HANDLER(look_up);

// records.cc
SEMAK_HANDLER(list_records);
SEMAK_HANDLER(create_record);
SEMAK_HANDLER(get_record);
SEMAK_HANDLER(correct_record);
SEMAK_HANDLER(withdraw_record);
SEMAK_HANDLER(get_record_history);

// register_uploads.cc
SEMAK_HANDLER(upload_register);
SEMAK_HANDLER(preview_register);
SEMAK_HANDLER(get_upload);
SEMAK_HANDLER(get_upload_rejects);

// monitoring.cc
SEMAK_HANDLER(enrol_one);
SEMAK_HANDLER(enrol_many);
SEMAK_HANDLER(list_enrolments);
SEMAK_HANDLER(get_enrolment);
SEMAK_HANDLER(end_enrolment);
SEMAK_HANDLER(list_alerts);
SEMAK_HANDLER(acknowledge_alert);

// webhook_handlers.cc
SEMAK_HANDLER(create_webhook);
SEMAK_HANDLER(list_webhooks);
SEMAK_HANDLER(delete_webhook);
SEMAK_HANDLER(test_webhook);

// audit.cc
SEMAK_HANDLER(list_audit);
SEMAK_HANDLER(verify_audit);
SEMAK_HANDLER(export_audit);
SEMAK_HANDLER(get_audit_checkpoint);

// keys.cc
SEMAK_HANDLER(list_keys);
SEMAK_HANDLER(create_key);
SEMAK_HANDLER(revoke_key);
SEMAK_HANDLER(list_roles);
SEMAK_HANDLER(get_me);

// policies.cc
SEMAK_HANDLER(list_policies);
SEMAK_HANDLER(get_policy);
SEMAK_HANDLER(put_policy);
SEMAK_HANDLER(check_policy);

// backups.cc
SEMAK_HANDLER(create_backup);
SEMAK_HANDLER(list_backups);
SEMAK_HANDLER(get_backup);

// overview.cc
SEMAK_HANDLER(get_overview);

// document.cc
SEMAK_HANDLER(get_openapi);

#undef SEMAK_HANDLER

}  // namespace semak
