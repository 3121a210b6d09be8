// The audit chain: read, and recomputed.
import { useState } from "preact/hooks";
import type { AuditCheckpoint, AuditEntry, AuditPage as Page, AuditReport } from "../../generated/contract";
import { address, api } from "../api/client";
import { link } from "../route";
import { use_signed } from "../session";
import { count, moment, t, t_code } from "../text/language";
import { Dialog, Empty, Failure, Loaded, Notice, PageHead } from "../ui/feedback";
import { Button, SelectField, TextField } from "../ui/form";
import { use_load, use_pages, use_send } from "../ui/load";
import { Facts, Table } from "../ui/table";

const KINDS = ["check", "lookup", "decision", "load", "policy", "key_use", "enrolment", "alert", "erasure", "access", "recovery"];

export function AuditPage() {
  const { may } = use_signed();
  const [kind, set_kind] = useState("");
  const [object, set_object] = useState("");
  const [actor, set_actor] = useState("");
  const [asked, set_asked] = useState({ object: "", actor: "" });
  const [shown, set_shown] = useState<AuditEntry>();
  const list = use_pages<AuditEntry, Page>((cursor, signal) =>
    api("GET /v1/audit", { signal, query: { cursor, kind, ...asked, limit: 50 } }), [kind, asked]);
  return (
    <>
      <PageHead title={t("audit.title")} lead={t("audit.lead")}>
        {may("verifyAudit") && <a class="button button-primary" href={link("audit", "verify")}>{t("nav.audit_verify")}</a>}
        {may("exportAudit") && <a class="button" href={address("GET /v1/audit/export")} download>{t("audit.export")}</a>}
      </PageHead>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); set_asked({ object: object.trim(), actor: actor.trim() }); }}>
        <SelectField id="f-kind" label={t("audit.kind")} value={kind} set={set_kind} empty={t("list.all")} options={KINDS.map((value) => ({ value, label: t_code("audit.kind.", value) }))} />
        <TextField id="f-object" label={t("audit.object")} type="search" value={object} set={set_object} max={120} />
        <TextField id="f-actor" label={t("audit.actor")} type="search" value={actor} set={set_actor} max={120} />
        <Button type="submit">{t("list.search")}</Button>
      </form>
      <Loaded load={list}>{(rows) => rows.length === 0
        ? <Empty title={t("list.none_match")}>{t("list.none_match_do")}</Empty>
        : <Table caption={t("audit.title")} rows={rows} id_of={(row) => row.sequence} more={list.more} columns={[
            { title: t("audit.sequence"), lead: true, cell: (row) => <span class="id">{row.sequence}</span> },
            { title: t("list.when"), cell: (row) => moment(row.time) },
            { title: t("audit.kind"), cell: (row) => t_code("audit.kind.", row.kind) },
            { title: t("audit.actor"), cell: (row) => <><span class="id-long">{row.actor}</span><div class="small soft">{row.role ? t_code("role.", row.role) : ""} · {row.tenant}</div></> },
            { title: t("audit.object"), cell: (row) => <span class="id-long">{row.object}</span> },
            { title: t("audit.details"), action: true, cell: (row) =>
              <Button small onClick={() => set_shown(row)}>{t("audit.details")}<span class="hidden-text"> {row.sequence}</span></Button> },
          ]} />}
      </Loaded>
      {shown && (
        <Dialog title={`${t("audit.sequence")} ${shown.sequence}`} onClose={() => set_shown(undefined)}>
          <div class="stack">
            <Facts tight rows={[
              [t("list.when"), moment(shown.time)], [t("audit.kind"), t_code("audit.kind.", shown.kind)],
              [t("audit.actor"), <span class="id-long">{shown.actor}</span>], [t("audit.object"), <span class="id-long">{shown.object}</span>],
              ...Object.entries(shown.details).map(([name, value]) => [name, <span class="id-long">{typeof value === "object" ? JSON.stringify(value) : String(value)}</span>] as const),
              [t("audit.previous"), <span class="id-long">{shown.previous}</span>], [t("audit.hash"), <span class="id-long">{shown.hash}</span>],
            ]} />
            <div class="form-end"><Button onClick={() => set_shown(undefined)}>{t("action.close")}</Button></div>
          </div>
        </Dialog>)}
    </>
  );
}

export function AuditVerifyPage() {
  const checkpoint = use_load<AuditCheckpoint>((signal) => api("GET /v1/audit/checkpoint", { signal }), []);
  const [report, set_report] = useState<{ report: AuditReport; time: number }>();
  const { busy, problem, send } = use_send();
  return (
    <>
      <PageHead title={t("verify.title")} lead={t("verify.lead")} crumb={<a href={link("audit")}>{t("nav.audit")}</a>} />
      <div class="stack-large">
        <div class="row"><Button kind="primary" busy={busy} onClick={() => send(async () => {
          set_report({ report: await api<AuditReport>("POST /v1/audit/verify"), time: Date.now() });
        })}>{busy ? t("verify.busy") : t("verify.go")}</Button></div>
        {problem && <Failure problem={problem} />}
        {report && (
          <div role="status">
            <Notice tone={report.report.clean ? "good" : "grave"} title={report.report.clean ? t("verify.clean") : t("verify.broken", { n: report.report.findings_total })}>
              <p>{report.report.clean ? t("verify.clean_note", { entries: count(report.report.entries), checkpoints: count(report.report.checkpoints) }) : t("verify.broken_do")}</p>
              {report.report.findings.length > 0 && <ul class="stack-small">{report.report.findings.map((finding) => <li key={finding}>{finding}</li>)}</ul>}
            </Notice>
            <section class="sheet" style={{ marginTop: "16px" }}>
              <Facts rows={[[t("verify.time"), moment(report.time)], [t("audit.sequence"), count(report.report.sequence)], [t("audit.hash"), <span class="id-long">{report.report.hash}</span>]]} />
            </section>
          </div>)}
        <section class="section">
          <h2>{t("verify.checkpoint")}</h2>
          <p class="soft" style={{ marginBottom: "12px" }}>{t("verify.checkpoint_lead")}</p>
          <Loaded load={checkpoint}>{(head) => (
            <div class="sheet"><Facts rows={[
              [t("audit.sequence"), count(head.sequence)], [t("list.when"), moment(head.time)], [t("audit.hash"), <span class="id-long">{head.hash}</span>],
              [t("verify.key"), <span class="id-long">{head.key_id ?? "–"}</span>], [t("verify.public_key"), <span class="id-long">{head.public_key}</span>],
              [t("verify.signature"), <span class="id-long">{head.signature ?? "–"}</span>],
            ]} /></div>)}
          </Loaded>
        </section>
      </div>
    </>
  );
}
