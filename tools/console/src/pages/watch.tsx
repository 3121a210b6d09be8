// People under monitoring and what it found.
import { useState } from "preact/hooks";
import type { Alert, AlertPage, Enrolment, EnrolmentPage } from "../../generated/contract";
import { api, field_errors } from "../api/client";
import { go, link } from "../route";
import { purpose_title, use_signed } from "../session";
import { day, moment, partial_date, t, t_code } from "../text/language";
import { Dialog, Empty, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, CheckField, DateField, ErrorList, iso_of, parts_of, TextField, type Errors } from "../ui/form";
import { as_problem, use_load, use_pages, use_send } from "../ui/load";
import { Badge } from "../ui/outcome";
import { Facts, Table } from "../ui/table";
import { check_subject, empty_subject, subject_of, subject_pointers, SubjectFields } from "../ui/subject";
import { answering, Purpose } from "./check";
import { in_a_year } from "./checks";
import { bits } from "../ui/compare";

const state_of = (enrolment: Enrolment) => enrolment.ended || new Date(enrolment.until).getTime() < Date.now() - 86400000;
const first_name = (enrolment: Enrolment) => enrolment.subject?.name || enrolment.subject?.names?.[0]?.text || "";

export function WatchPage() {
  const { me } = use_signed();
  const list = use_pages<Enrolment, EnrolmentPage>((cursor, signal) => api("GET /v1/enrolments", { signal, query: { cursor } }), []);
  return (
    <>
      <PageHead title={t("watch.title")} lead={t("watch.lead")}>
        <a class="button button-primary" href={link("watch", "new")}>{t("watch.add")}</a>
      </PageHead>
      <Loaded load={list}>{(rows) => rows.length === 0
        ? <Empty title={t("watch.none")} actions={<a class="button" href={link("watch", "new")}>{t("watch.add")}</a>}>{t("watch.none_do")}</Empty>
        : <Table caption={t("watch.title")} rows={rows} id_of={(row) => row.id} more={list.more} columns={[
            { title: t("form.name"), lead: true, cell: (row) => <a href={link("watch", row.id)}>{first_name(row) || row.reference || t("checks.no_reference")}</a> },
            { title: t("list.reference"), cell: (row) => row.reference || "–" },
            { title: t("form.purpose"), cell: (row) => purpose_title(me, row.purpose) },
            { title: t("watch.since"), cell: (row) => day(row.since) },
            { title: t("watch.until"), cell: (row) => day(row.until) },
            { title: t("batch.state"), cell: (row) => state_of(row) ? <Badge tone="plain">{t("watch.ended")}</Badge> : <Badge tone="good">{t("watch.on")}</Badge> },
          ]} />}
      </Loaded>
    </>
  );
}

export function WatchNewPage() {
  const { me } = use_signed();
  const policies = answering(me.policies).filter((policy) => policy.name !== "default");
  const [purpose, set_purpose] = useState(policies.length === 1 ? policies[0]!.name : "");
  const [draft, set_draft] = useState(empty_subject());
  const [until, set_until] = useState(parts_of(in_a_year()));
  const [reference, set_reference] = useState("");
  const [consent, set_consent] = useState(false);
  const [errors, set_errors] = useState<Errors>({});
  const { busy, problem, send } = use_send();
  const policy = policies.find((one) => one.name === purpose);
  const submit = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!policy) found.purpose = t("check.purpose_missing");
    Object.assign(found, check_subject(draft, "who", policy?.needs ?? [["name"]]));
    const last = iso_of(until);
    if (!last || last.length !== 10) found.until = t("watch.until_bad");
    if (!consent) found.consent = t("watch.consent_missing");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async (once) => {
      try {
        await api<Enrolment>("POST /v1/enrolments", { once, body: {
          subject: subject_of(draft), purpose, consent, until: last, ...(reference.trim() ? { reference: reference.trim() } : {}) } });
        say(t("watch.begun"));
        go("watch");
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), { "/purpose": "purpose", "/consent": "consent", "/until": "until", "/reference": "reference", ...subject_pointers("who") });
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  return (
    <>
      <PageHead title={t("watch.add")} lead={t("watch.explain")} crumb={<a href={link("watch")}>{t("nav.watch")}</a>} />
      <form class="sheet" onSubmit={submit} noValidate>
        <ErrorList errors={errors} />
        {problem && <Failure problem={problem} />}
        <Purpose id="purpose" policies={policies} value={purpose} set={set_purpose} error={errors.purpose} />
        <SubjectFields prefix="who" draft={draft} set={set_draft} errors={errors} />
        <div class="section">
          <DateField id="until" label={t("watch.until")} hint={t("watch.until_hint")} value={until} set={set_until} {...(errors.until ? { error: errors.until } : {})} />
          <TextField id="reference" label={t("form.reference")} hint={t("form.reference_hint")} optional value={reference} set={set_reference} max={120} />
          <CheckField id="consent" label={t("watch.consent")} value={consent} set={set_consent} {...(errors.consent ? { error: errors.consent } : {})} />
        </div>
        <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("watch.begin")}</Button></div>
      </form>
    </>
  );
}

export function WatchDetailPage({ id }: { id: string }) {
  const { me, may } = use_signed();
  const load = use_load<Enrolment>((signal) => api("GET /v1/enrolments/{id}", { path: { id }, signal }), [id]);
  const alerts = use_pages<Alert, AlertPage>((cursor, signal) => api("GET /v1/alerts", { signal, query: { cursor, enrolment_id: id } }), [id]);
  const [ending, set_ending] = useState(false);
  const { busy, problem, send } = use_send();
  return (
    <>
      <PageHead window_title={t("watch.one")} title={load.data ? first_name(load.data) || t("watch.one") : t("watch.one")} crumb={<a href={link("watch")}>{t("nav.watch")}</a>}>
        {load.data && !state_of(load.data) && may("endEnrolment") && <Button kind="grave" onClick={() => set_ending(true)}>{t("watch.end")}</Button>}
      </PageHead>
      <Loaded load={load}>{(enrolment) => (
        <div class="stack-large">
          <section class="sheet">
            <Facts rows={[
              [t("batch.state"), state_of(enrolment) ? <Badge tone="plain">{t("watch.ended")}</Badge> : <Badge tone="good">{t("watch.on")}</Badge>],
              [t("form.number"), <span class="id">{[enrolment.subject?.id_number, ...(enrolment.subject?.id_numbers ?? []).map((number) => number.text)].filter(Boolean).join(" · ") || "–"}</span>],
              [t("form.born"), partial_date(enrolment.subject?.date_of_birth)],
              [t("form.purpose"), purpose_title(me, enrolment.purpose)],
              [t("list.reference"), enrolment.reference || "–"],
              [t("watch.since"), moment(enrolment.since)],
              [t("watch.until"), day(enrolment.until)],
              !!enrolment.screening_id && [t("checked.title"), <a href={link("checks", enrolment.screening_id)}>{t("watch.its_check")}</a>],
            ]} />
          </section>
          <section class="section"><h2>{t("nav.alerts")}</h2><AlertTable list={alerts} /></section>
        </div>)}
      </Loaded>
      {ending && (
        <Dialog title={t("watch.end")} onClose={() => set_ending(false)}>
          <div class="stack">
            <p>{t("watch.end_explain")}</p>
            {problem && <Failure problem={problem} />}
            <div class="form-end">
              <Button kind="grave" busy={busy} onClick={() => send(async () => {
                load.set(await api<Enrolment>("POST /v1/enrolments/{id}/end", { path: { id } }));
                set_ending(false);
                say(t("watch.ended_now"));
              })}>{t("watch.end_go")}</Button>
              <Button onClick={() => set_ending(false)}>{t("action.cancel")}</Button>
            </div>
          </div>
        </Dialog>)}
    </>
  );
}

const ALERT_TONES = { new_hit: "watch", changed: "watch", cleared: "calm", undecidable: "grave", decidable: "calm" } as const;

function AlertTable({ list }: { list: ReturnType<typeof use_pages<Alert, AlertPage>> }) {
  const { me, may } = use_signed();
  return (
    <Loaded load={list}>{(rows) => rows.length === 0
      ? <Empty title={t("alerts.none")}>{t("alerts.none_do")}</Empty>
      : <Table caption={t("nav.alerts")} rows={rows} id_of={(row) => row.id} more={list.more} columns={[
          { title: t("alerts.what"), lead: true, cell: (row) => <><Badge tone={ALERT_TONES[row.kind]}>{t_code("alert.", row.kind)}</Badge>
            <div style={{ marginTop: "6px" }}>{t_code("alert.say.", row.kind)}{row.reason ? ` ${t_code("alert.reason.", row.reason)}` : ""}</div></> },
          { title: t("list.reference"), cell: (row) => row.enrolment_id
            ? <a href={link("watch", row.enrolment_id)}>{row.reference || t("watch.one")}</a>
            : t("alert.people", { n: row.people ?? 0, purpose: purpose_title(me, row.purpose ?? "") }) },
          ...(may("getCase") ? [{ title: t("register.record"), cell: (row: Alert) => row.record_id
            ? <>{row.register} · <span class="id">{row.record_id}</span>{row.score_centibits !== undefined && <span class="small soft"> {bits(row.score_centibits)} {t("compare.bits")}</span>}</> : "–" }] : []),
          { title: t("list.when"), cell: (row) => moment(row.time) },
          { title: t("alerts.seen"), action: true, cell: (row) => <Seen alert={row} /> },
        ]} />}
    </Loaded>
  );
}

/** Each alert is marked on its own, so that several may be marked in one go. */
function Seen({ alert }: { alert: Alert }) {
  const [seen, set_seen] = useState(false);
  const { busy, problem, send } = use_send();
  if (seen || alert.acknowledged) return <Badge tone="plain">{t("alerts.seen")}</Badge>;
  return (
    <>
      {problem && <Failure problem={problem} />}
      <Button small busy={busy} onClick={() => send(async () => {
        await api("POST /v1/alerts/{id}/acknowledge", { path: { id: alert.id } });
        set_seen(true);
      })}>{t("alerts.mark")}</Button>
    </>
  );
}

export function AlertsPage() {
  const [all, set_all] = useState(false);
  const list = use_pages<Alert, AlertPage>((cursor, signal) =>
    api("GET /v1/alerts", { signal, query: { cursor, unacknowledged: all ? undefined : true } }), [all]);
  return (
    <>
      <PageHead title={t("nav.alerts")} lead={t("alerts.lead")} />
      <CheckField id="all" label={t("alerts.all")} value={all} set={set_all} />
      <div class="section"><AlertTable list={list} /></div>
      <Notice tone="plain" title={t("alerts.means")}><p>{t("alerts.means_not")}</p></Notice>
    </>
  );
}
