#include "tools/semakd/resources/routes.h"

#include <memory>
#include <optional>
#include <utility>

#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/query.h"

namespace semak {
namespace {

constexpr RoleSet kCounter{Role::submitter, Role::caseworker};
constexpr RoleSet kCaseworker{Role::caseworker};
constexpr RoleSet kRegistrar{Role::registrar};
constexpr RoleSet kAuditor{Role::auditor};
constexpr RoleSet kAdmin{Role::admin};
constexpr RoleSet kSearchers{Role::caseworker, Role::registrar};
constexpr RoleSet kReaders{Role::caseworker, Role::registrar, Role::auditor, Role::admin};
constexpr RoleSet kFollowers{Role::registrar, Role::auditor};
constexpr RoleSet kHookers{Role::submitter, Role::caseworker, Role::admin};
constexpr RoleSet kVerifiers{Role::submitter, Role::caseworker, Role::auditor};

constexpr Method kGet = Method::get, kPost = Method::post, kPut = Method::put, kDelete = Method::delete_;
constexpr Lane kSoon = Lane::interactive, kBulk = Lane::bulk, kNow = Lane::inline_;
constexpr std::size_t kNone = 0, kPeople = std::size_t{16} << 20;  // a body of 10,000 people
constexpr bool kQuery = true, kForm = true, kOnlyForm = false;

// method, path, operation, who may, what answers, queue, body, query parameters, multipart, JSON
constexpr ResourceRow kRows[] = {
    {kPost, "/v1/screenings", "createScreening", kCounter, nullptr, kSoon, kSmallBody, false, false, true, false,
     create_screening},
    {kGet, "/v1/screenings", "listScreenings", kCounter, list_screenings, kSoon, kNone, kQuery},
    {kPost, "/v1/screenings/household", "screenHousehold", kCounter, screen_household, kSoon, kSmallBody},
    {kGet, "/v1/screenings/{id}", "getScreening", kCounter, get_screening},
    {kGet, "/v1/screenings/{id}/receipt", "getReceipt", kCounter, get_receipt, kSoon, kNone, kQuery},
    {kPost, "/v1/screenings/{id}/erase", "eraseScreening", kCaseworker, erase_screening, kSoon, kSmallBody},
    {kPost, "/v1/standings", "getStanding", kCounter, get_standing, kSoon, kSmallBody},

    {kPost, "/v1/batches", "createBatch", kCounter, create_batch, kBulk, kLargeBody, false, kForm},
    {kGet, "/v1/batches", "listBatches", kCounter, list_batches, kSoon, kNone, kQuery},
    {kPost, "/v1/batches/preview", "previewBatch", kCounter, preview_batch, kBulk, kLargeBody, false, kForm, kOnlyForm},
    {kGet, "/v1/batches/{id}", "getBatch", kCounter, get_batch},
    {kGet, "/v1/batches/{id}/results", "getBatchResults", kCounter, get_batch_results, kBulk, kNone, kQuery},
    {kGet, "/v1/batches/{id}/events", "watchBatch", kCounter, watch_batch},
    {kPost, "/v1/batches/{id}/cancel", "cancelBatch", kCounter, cancel_batch},

    {kGet, "/v1/cases", "listCases", kCaseworker, list_cases, kSoon, kNone, kQuery},
    {kGet, "/v1/cases/{id}", "getCase", kCaseworker, get_case},
    {kPost, "/v1/cases/{id}/assign", "assignCase", kCaseworker, assign_case, kSoon, kSmallBody},
    {kPost, "/v1/cases/{id}/notes", "noteCase", kCaseworker, note_case, kSoon, kSmallBody},
    {kPost, "/v1/cases/{id}/decision", "decideCase", kCaseworker, decide_case, kSoon, kSmallBody},
    {kPost, "/v1/cases/{id}/reopen", "reopenCase", kCaseworker, reopen_case, kSoon, kSmallBody},

    {kGet, "/v1/registers", "listRegisters", kReaders, list_registers},
    {kGet, "/v1/registers/{name}", "getRegister", kReaders, get_register},
    {kPost, "/v1/registers/{name}/complete", "confirmRegister", kRegistrar, confirm_register, kBulk},
    {kGet, "/v1/registers/{name}/records", "listRecords", kRegistrar, list_records, kSoon, kNone, kQuery},
    {kPost, "/v1/registers/{name}/records", "createRecord", kRegistrar, create_record, kSoon, kSmallBody},
    {kGet, "/v1/registers/{name}/records/{id}", "getRecord", kRegistrar, get_record},
    {kPut, "/v1/registers/{name}/records/{id}", "correctRecord", kRegistrar, correct_record, kSoon, kSmallBody},
    {kPost, "/v1/registers/{name}/records/{id}/withdraw", "withdrawRecord", kRegistrar, withdraw_record, kSoon,
     kSmallBody},
    {kGet, "/v1/registers/{name}/records/{id}/history", "getRecordHistory", kRegistrar, get_record_history},
    {kGet, "/v1/registers/{name}/changes", "listChanges", kFollowers, list_changes, kSoon, kNone, kQuery},
    {kPost, "/v1/registers/{name}/uploads", "uploadRegister", kRegistrar, upload_register, kBulk, kLargeBody, false,
     kForm, kOnlyForm},
    {kPost, "/v1/registers/{name}/uploads/preview", "previewRegister", kRegistrar, preview_register, kBulk, kLargeBody,
     false, kForm, kOnlyForm},
    {kGet, "/v1/registers/{name}/uploads/{upload}", "getUpload", kRegistrar, get_upload},
    {kGet, "/v1/registers/{name}/uploads/{upload}/rejects", "getUploadRejects", kRegistrar, get_upload_rejects, kBulk},
    {kPost, "/v1/lookups", "lookUp", kSearchers, look_up, kSoon, kSmallBody},
    {kPost, "/v1/subject-reports", "reportSubject", kCaseworker, report_subject, kBulk, kSmallBody},

    {kPost, "/v1/enrolments", "enrol", kCounter, enrol_one, kSoon, kSmallBody},
    {kPost, "/v1/enrolments/bulk", "enrolMany", kCounter, enrol_many, kBulk, kPeople},
    {kGet, "/v1/enrolments", "listEnrolments", kCounter, list_enrolments, kSoon, kNone, kQuery},
    {kGet, "/v1/enrolments/{id}", "getEnrolment", kCounter, get_enrolment},
    {kPost, "/v1/enrolments/{id}/end", "endEnrolment", kCounter, end_enrolment},
    {kGet, "/v1/alerts", "listAlerts", kCounter, list_alerts, kSoon, kNone, kQuery},
    {kPost, "/v1/alerts/{id}/acknowledge", "acknowledgeAlert", kCounter, acknowledge_alert},
    {kPost, "/v1/webhooks", "createWebhook", kHookers, create_webhook, kSoon, kSmallBody},
    {kGet, "/v1/webhooks", "listWebhooks", kHookers, list_webhooks},
    {kDelete, "/v1/webhooks/{id}", "deleteWebhook", kHookers, delete_webhook},
    {kPost, "/v1/webhooks/{id}/test", "testWebhook", kHookers, test_webhook, kBulk},

    {kGet, "/v1/audit", "listAudit", kAuditor, list_audit, kSoon, kNone, kQuery},
    {kPost, "/v1/audit/verify", "verifyAudit", kAuditor, verify_audit, kBulk},
    {kGet, "/v1/audit/export", "exportAudit", kAuditor, export_audit, kBulk},
    {kGet, "/v1/audit/checkpoint", "getAuditCheckpoint", kEveryRole, get_audit_checkpoint},
    {kGet, "/v1/receipts/{id}/verify", "verifyReceiptById", kVerifiers, verify_receipt_by_id},
    {kPost, "/v1/receipts/verify", "verifyReceipt", kEveryRole, verify_receipt_sent, kSoon, kSmallBody},

    {kGet, "/v1/keys", "listKeys", kAdmin, list_keys},
    {kPost, "/v1/keys", "createKey", kAdmin, create_key, kSoon, kSmallBody},
    {kPost, "/v1/keys/{id}/revoke", "revokeKey", kAdmin, revoke_key},
    {kGet, "/v1/roles", "listRoles", kEveryRole, list_roles},
    {kGet, "/v1/policies", "listPolicies", kEveryRole, list_policies},
    {kGet, "/v1/policies/{name}", "getPolicy", kEveryRole, get_policy},
    {kPut, "/v1/policies/{name}", "putPolicy", kAdmin, put_policy, kSoon, 2 * kSmallBody},
    {kPost, "/v1/policies/check", "checkPolicy", kAdmin, check_policy, kSoon, 2 * kSmallBody},
    {kPost, "/v1/backups", "createBackup", kAdmin, create_backup},
    {kGet, "/v1/backups", "listBackups", kAdmin, list_backups},
    {kGet, "/v1/backups/{id}", "getBackup", kAdmin, get_backup},
    {kGet, "/v1/overview", "getOverview", kEveryRole, get_overview, kSoon, kNone, kQuery},
    {kGet, "/v1/me", "getMe", kEveryRole, get_me},
    {kGet, "/openapi.json", "getOpenapi", kEveryRole, get_openapi, kNow, kNone, false, false, true, true},
};

// What roles cannot say: who belongs to another tenant than the agency does not do the agency's work, and is not told
// what all tenants together hold about a person.
bool within_tenant(const Caller& caller, const ResourceRow& row) {
  if (row.open) return true;
  if (!role_fits_tenant(caller.actor.role, caller.actor.tenant)) return false;
  return row.handle != report_subject || sees_all_tenants(caller);
}

std::optional<Response> refuse(const ResourceRow& row, const Caller& caller, const Request& request) {
  if (!within_tenant(caller, row)) {
    return problem_response(Problem{ProblemKind::forbidden, phrase(Phrase::only_the_agency, caller.language), {}, {}},
                            caller);
  }
  if (row.takes_query || request.query.empty()) return std::nullopt;
  QueryReader query(request, caller.language);
  return problem_response(*query.finish(), caller);
}

}  // namespace

std::span<const ResourceRow> resource_rows() { return kRows; }

std::vector<const char*> operations_of(Role role) {
  std::vector<const char*> operations;
  for (const ResourceRow& row : kRows)
    if (row.roles.has(role)) operations.push_back(row.operation);
  return operations;
}

std::vector<Route> resource_routes(Services& services) {
  auto room = std::make_shared<Room>(services);
  std::vector<Route> routes;
  for (const ResourceRow& row : kRows) {
    Route route;
    route.method = row.method;
    route.pattern = row.pattern;
    route.operation = row.operation;
    route.roles = row.roles;
    route.open = row.open;
    route.lane = row.lane;
    route.body_max = row.body_max;
    route.accepts.clear();
    if (row.json) route.accepts.push_back("application/json");
    if (row.multipart) route.accepts.push_back("multipart/form-data");
    if (row.handle_later != nullptr) {
      route.handle_later = [room, &row](const Caller& caller, const Request& request, Reply reply) {
        if (auto refusal = refuse(row, caller, request)) return reply(*std::move(refusal));
        row.handle_later(*room, caller, request, std::move(reply));
      };
    } else {
      route.handle = [room, &row](const Caller& caller, const Request& request) {
        if (auto refusal = refuse(row, caller, request)) return *std::move(refusal);
        return row.handle(*room, caller, request);
      };
    }
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace semak
