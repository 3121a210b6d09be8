// Checks made: the list, and one with its answer, its receipt and what may be done with it.
import { useState } from "preact/hooks";
import type { Enrolment, Screening, ScreeningPage, ScreeningSummary } from "../../generated/contract";
import { address, api } from "../api/client";
import { go, link, short_id } from "../route";
import { purpose_title, use_signed } from "../session";
import { day, language, moment, partial_date, t, t_code } from "../text/language";
import { EvidenceTable, Likelihood, PersonCompare, percent } from "../ui/compare";
import { Dialog, Empty, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, CheckField, DateField, iso_of, parts_of, SelectField, TextField } from "../ui/form";
import { use_load, use_pages, use_send } from "../ui/load";
import { Badge, OutcomeBadge, OutcomePanel, StandingBadge, StandingPanel } from "../ui/outcome";
import { Facts, Table } from "../ui/table";
import { answering } from "./check";

const OUTCOMES = ["no_record", "under_verification", "record", "incomplete"];

export function ChecksPage() {
  const { me, may } = use_signed();
  const [outcome, set_outcome] = useState("");
  const [purpose, set_purpose] = useState("");
  const [reference, set_reference] = useState("");
  const [asked, set_asked] = useState("");
  const list = use_pages<ScreeningSummary, ScreeningPage>((cursor, signal) =>
    api("GET /v1/screenings", { signal, query: { cursor, outcome, purpose, reference: asked, limit: 50 } }), [outcome, purpose, asked]);
  const filtered = outcome || purpose || asked;
  return (
    <>
      <PageHead title={t("checks.title")} lead={t("checks.lead")}>
        {may("createScreening") && <a class="button button-primary" href={link("check")}>{t("nav.check")}</a>}
      </PageHead>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); set_asked(reference.trim()); }}>
        <SelectField id="f-outcome" label={t("list.outcome")} value={outcome} set={set_outcome} empty={t("list.all")}
          options={OUTCOMES.map((value) => ({ value, label: t_code("outcome.", value) }))} />
        <SelectField id="f-purpose" label={t("form.purpose")} value={purpose} set={set_purpose} empty={t("list.all")}
          options={answering(me.policies).map((policy) => ({ value: policy.name, label: purpose_title(me, policy.name) }))} />
        <TextField id="f-reference" label={t("list.reference")} type="search" value={reference} set={set_reference} max={120} />
        <Button type="submit">{t("list.search")}</Button>
      </form>
      <Loaded load={list}>{(rows) => rows.length === 0
        ? <Empty title={filtered ? t("list.none_match") : t("checks.none")}
            actions={filtered ? undefined : may("createScreening") && <a class="button" href={link("check")}>{t("nav.check")}</a>}>
            {filtered ? t("list.none_match_do") : t("checks.none_do")}
          </Empty>
        : <Table caption={t("checks.title")} rows={rows} id_of={(row) => row.id} more={list.more} columns={[
            { title: t("list.reference"), lead: true, cell: (row) => <a href={link("checks", row.id)}>{row.reference || short_id(row.id)}</a> },
            { title: t("list.outcome"), cell: (row) => <><OutcomeBadge outcome={row.outcome} />{row.standing && <> <StandingBadge state={row.standing.state} /></>}</> },
            { title: t("form.purpose"), cell: (row) => purpose_title(me, row.purpose) },
            { title: t("list.when"), cell: (row) => moment(row.as_of.time) },
            { title: t("list.valid"), cell: (row) => row.valid_until
              ? row.expired ? <Badge tone="void">{t("list.expired")}</Badge> : day(row.valid_until) : "–" },
          ]} />}
      </Loaded>
    </>
  );
}

export function CheckDetailPage({ id }: { id: string }) {
  const check = use_load<Screening>((signal) => api("GET /v1/screenings/{id}", { path: { id }, signal }), [id]);
  return (
    <>
      <PageHead title={t("checked.title")} crumb={<a href={link("checks")}>{t("nav.checks")}</a>} />
      <Loaded load={check} lines={10}>{(screening) => <CheckDetail screening={screening} reload={check.reload} />}</Loaded>
    </>
  );
}

function CheckDetail({ screening, reload }: { screening: Screening; reload: () => void }) {
  const { me, may } = use_signed();
  const [asking, set_asking] = useState<"" | "watch" | "erase">("");
  const subject = screening.subject;
  const names = subject ? [subject.name, ...(subject.names ?? []).map((name) => name.text)].filter(Boolean) : [];
  const numbers = subject ? [subject.id_number, ...(subject.id_numbers ?? []).map((number) => number.text)].filter(Boolean) : [];
  const hits = screening.hits ?? [];
  const letter = address("GET /v1/screenings/{id}/receipt", { id: screening.id }, { format: "html", lang: language() });
  return (
    <div class="stack-large">
      {screening.expired && <Notice tone="void" title={t("checked.expired")}><p>{t("checked.expired_do")}</p></Notice>}
      <OutcomePanel outcome={screening.outcome} reason={screening.reason}>
        {screening.outcome !== "incomplete" && <a class="button button-primary" href={letter} target="_blank" rel="noopener">{t("checked.letter")}</a>}
        {screening.case_id && may("getCase") && <a class="button button-primary" href={link("cases", screening.case_id)}>{t("checked.case")}</a>}
        {may("enrol") && !screening.erased && <Button onClick={() => set_asking("watch")}>{t("watch.this")}</Button>}
        <a class="button" href={link("check")}>{t("checked.another")}</a>
      </OutcomePanel>
      {screening.standing && screening.standing.state && <StandingPanel standing={screening.standing} />}

      <div class="halves">
        <section class="sheet">
          <h2>{t("checked.asked")}</h2>
          {screening.erased || !subject
            ? <p class="soft">{screening.erased ? t("checked.erased") : t("checked.no_subject")}</p>
            : <Facts rows={[
                [t("form.name"), names.join(" · ") || "–"],
                [t("form.number"), numbers.length ? <span class="id">{numbers.join(" · ")}</span> : "–"],
                [t("form.born"), partial_date(subject.date_of_birth)],
                [t("form.sex"), subject.sex === "M" || subject.sex === "F" ? t(`sex.${subject.sex}`) : "–"],
                !!subject.state && [t("form.state"), subject.state],
                !!screening.child?.reference && [t("carer.child_reference"), screening.child.reference],
              ]} />}
        </section>
        <section class="sheet">
          <h2>{t("checked.about")}</h2>
          <Facts rows={[
            [t("form.purpose"), purpose_title(me, screening.purpose)],
            [t("list.reference"), screening.reference || "–"],
            [t("list.when"), moment(screening.as_of.time)],
            [t("list.valid"), screening.valid_until ? day(screening.valid_until) : t("checked.never_valid")],
            [t("checked.generation"), String(screening.as_of.generation)],
            [t("checked.policy"), <span class="id-long">{screening.policy}</span>],
            [t("checked.id"), <span class="id-long">{screening.id}</span>],
          ]} />
        </section>
      </div>

      {hits.length > 0 && (
        <section class="section">
          <h2>{t("checked.hits")}</h2>
          <div class="stack">
            {hits.map((hit) => (
              <details class="sheet" key={`${hit.register}/${hit.record_id}`} open={hits.length === 1}>
                <summary><strong>{hit.register} · {hit.record_id}</strong> <span class="soft">{percent(hit.probability_bp)}</span></summary>
                <div class="stack" style={{ marginTop: "16px" }}>
                  {hit.under_appeal && <Notice tone="watch" title={t("case.appeal")} />}
                  <Likelihood hit={hit} />
                  {hit.person && subject && <PersonCompare subject={subject} person={hit.person} />}
                  <EvidenceTable evidence={hit.evidence} />
                </div>
              </details>))}
          </div>
        </section>)}

      <p class="small soft">{t("checked.receipt_note")}</p>
      {may("eraseScreening") && !screening.erased &&
        <div class="row no-print"><Button kind="grave" small onClick={() => set_asking("erase")}>{t("erase.this")}</Button></div>}
      {asking === "watch" && <WatchDialog screening_id={screening.id} onClose={() => set_asking("")} />}
      {asking === "erase" && <EraseDialog id={screening.id} onClose={(done) => { set_asking(""); if (done) reload(); }} />}
    </div>
  );
}

export function in_a_year(): string {
  const date = new Date();
  date.setFullYear(date.getFullYear() + 1);
  return date.toISOString().slice(0, 10);
}

function WatchDialog({ screening_id, onClose }: { screening_id: string; onClose: () => void }) {
  const [until, set_until] = useState(parts_of(in_a_year()));
  const [consent, set_consent] = useState(false);
  const [errors, set_errors] = useState<Record<string, string>>({});
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    const day_until = iso_of(until);
    const found: Record<string, string> = {};
    if (!day_until || day_until.length !== 10) found.until = t("watch.until_bad");
    if (!consent) found.watch_consent = t("watch.consent_missing");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async (once) => {
      await api<Enrolment>("POST /v1/enrolments", { once, body: { screening_id, consent, until: day_until } });
      say(t("watch.begun"));
      go("watch");
    });
  };
  return (
    <Dialog title={t("watch.this")} onClose={onClose}>
      <form onSubmit={submit} noValidate class="stack">
        <p>{t("watch.explain")}</p>
        {problem && <Failure problem={problem} />}
        <DateField id="until" label={t("watch.until")} hint={t("watch.until_hint")} value={until} set={set_until} {...(errors.until ? { error: errors.until } : {})} />
        <CheckField id="watch_consent" label={t("watch.consent")} value={consent} set={set_consent} {...(errors.watch_consent ? { error: errors.watch_consent } : {})} />
        <div class="form-end">
          <Button kind="primary" type="submit" busy={busy}>{t("watch.begin")}</Button>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function EraseDialog({ id, onClose }: { id: string; onClose: (done: boolean) => void }) {
  const [reason, set_reason] = useState("");
  const [error, set_error] = useState("");
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    if (!reason.trim()) return set_error(t("form.reason_missing"));
    send(async () => {
      await api("POST /v1/screenings/{id}/erase", { path: { id }, body: { reason: reason.trim() } });
      say(t("erase.done"));
      onClose(true);
    });
  };
  return (
    <Dialog title={t("erase.this")} onClose={() => onClose(false)}>
      <form onSubmit={submit} noValidate class="stack">
        <p>{t("erase.explain")}</p>
        {problem && <Failure problem={problem} />}
        <TextField id="erase-reason" label={t("form.reason")} hint={t("form.reason_hint")} rows={3} value={reason} set={set_reason} max={400} {...(error ? { error } : {})} />
        <div class="form-end">
          <Button kind="grave" type="submit" busy={busy}>{t("erase.go")}</Button>
          <Button onClick={() => onClose(false)}>{t("action.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
