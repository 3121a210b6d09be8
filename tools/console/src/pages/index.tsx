// Which page a path is. Whoever may not use a page is told so, with a way on.
import type { ComponentChildren } from "preact";
import type { Operation } from "../../generated/contract";
import { link, parts_of_path } from "../route";
import { use_signed } from "../session";
import { t } from "../text/language";
import { Notice, PageHead } from "../ui/feedback";
import { KeysPage, PoliciesPage, PolicyEditPage, PolicyPage, RolesPage } from "./admin";
import { AuditPage, AuditVerifyPage } from "./audit";
import { BatchDetailPage, BatchesPage, BatchNewPage } from "./batches";
import { CarerPage, HouseholdPage } from "./carer";
import { CaseDetailPage } from "./case";
import { CasesPage } from "./cases";
import { CheckPage } from "./check";
import { CheckDetailPage, ChecksPage } from "./checks";
import { FindPage, PersonPage } from "./find";
import { OverviewPage } from "./overview";
import { ReceiptPage } from "./receipt";
import { RecordEditPage, RecordPage } from "./record";
import { RegisterPage, RegistersPage, UploadPage } from "./registers";
import { AlertsPage, WatchDetailPage, WatchNewPage, WatchPage } from "./watch";
import { WebhooksPage } from "./webhooks";

type Match = [Operation, ComponentChildren] | undefined;

function match(parts: string[]): Match {
  const [at = "", id = "", sub = "", sub_id = "", last = ""] = parts;
  const is = (pattern: string) => {
    const wanted = pattern.split("/");
    return wanted.length === parts.length && wanted.every((want, index) => want === "*" || want === parts[index]);
  };
  if (parts.length === 0) return ["getOverview", <OverviewPage />];
  if (is("check")) return ["createScreening", <CheckPage />];
  if (is("checks")) return ["listScreenings", <ChecksPage />];
  if (is("checks/*")) return ["getScreening", <CheckDetailPage id={id} />];
  if (is("batches")) return ["listBatches", <BatchesPage />];
  if (is("batches/new")) return ["createBatch", <BatchNewPage />];
  if (is("batches/*")) return ["getBatch", <BatchDetailPage id={id} />];
  if (is("watch")) return ["listEnrolments", <WatchPage />];
  if (is("watch/new")) return ["enrol", <WatchNewPage />];
  if (is("watch/*")) return ["getEnrolment", <WatchDetailPage id={id} />];
  if (is("alerts")) return ["listAlerts", <AlertsPage />];
  if (is("webhooks")) return ["listWebhooks", <WebhooksPage />];
  if (is("cases")) return ["listCases", <CasesPage />];
  if (is("cases/*")) return ["getCase", <CaseDetailPage id={id} />];
  if (is("carer")) return ["getStanding", <CarerPage />];
  if (is("household")) return ["screenHousehold", <HouseholdPage />];
  if (is("find")) return ["lookUp", <FindPage />];
  if (is("person")) return ["reportSubject", <PersonPage />];
  if (is("registers")) return ["listRecords", <RegistersPage />];
  if (is("registers/new")) return ["uploadRegister", <UploadPage name="" />];
  if (is("registers/*")) return ["getRegister", <RegisterPage name={id} />];
  if (is("registers/*/add")) return ["createRecord", <RecordEditPage name={id} id="" />];
  if (is("registers/*/upload")) return ["uploadRegister", <UploadPage name={id} />];
  if (is("registers/*/records/*") && sub === "records") return ["getRecord", <RecordPage name={id} id={sub_id} />];
  if (is("registers/*/records/*/correct") && last) return ["correctRecord", <RecordEditPage name={id} id={sub_id} />];
  if (is("audit")) return ["listAudit", <AuditPage />];
  if (is("audit/verify")) return ["verifyAudit", <AuditVerifyPage />];
  if (is("keys")) return ["listKeys", <KeysPage />];
  if (is("roles")) return ["listRoles", <RolesPage />];
  if (is("policies")) return ["listPolicies", <PoliciesPage />];
  if (is("policies/*")) return ["getPolicy", <PolicyPage name={id} />];
  if (is("policies/*/edit")) return ["putPolicy", <PolicyEditPage name={id} />];
  if (at === "receipt" && parts.length <= 2) return ["verifyReceipt", <ReceiptPage id={id} />];
  return undefined;
}

export function Pages({ path }: { path: string }) {
  const { may } = use_signed();
  const found = match(parts_of_path(path));
  if (!found || !may(found[0])) {
    return (
      <>
        <PageHead title={found ? t("page.forbidden") : t("page.missing")} />
        <Notice tone="watch"><p>{found ? t("page.forbidden_do") : t("page.missing_do")}</p><div class="row"><a class="button" href={link()}>{t("nav.overview")}</a></div></Notice>
      </>
    );
  }
  return <>{found[1]}</>;
}
