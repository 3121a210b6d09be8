// Many checks at once: a file, its columns, its rows, sent; then how far it is, and the results.
import { useEffect, useState } from "preact/hooks";
import type { Batch, BatchPage, BatchResult, BatchResultPage, Preview } from "../../generated/contract";
import { address, api } from "../api/client";
import { go, link } from "../route";
import { policy_title, purpose_title, use_signed } from "../session";
import { count, day, language, moment, t, t_code } from "../text/language";
import { Steps } from "../ui/columns";
import { percent } from "../ui/compare";
import { Split } from "../ui/chart";
import { Empty, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, CheckField, ErrorList, SelectField, TextField, type Errors } from "../ui/form";
import { use_load, use_pages, use_send } from "../ui/load";
import { Badge, OutcomeBadge, StandingBadge } from "../ui/outcome";
import { Facts, Table } from "../ui/table";
import { needs_text } from "../ui/subject";
import { FilePart, UploadSteps, use_upload } from "../ui/upload";
import { answering, Purpose } from "./check";

const BATCH_TONES = { waiting: "plain", running: "watch", done: "good", cancelled: "void", failed: "grave" } as const;
export const BatchBadge = ({ state }: { state: Batch["state"] }) => <Badge tone={BATCH_TONES[state]}>{t_code("batch.state.", state)}</Badge>;

export function BatchesPage() {
  const { me } = use_signed();
  const list = use_pages<Batch, BatchPage>((cursor, signal) => api("GET /v1/batches", { signal, query: { cursor } }), []);
  return (
    <>
      <PageHead title={t("batches.title")} lead={t("batches.lead")}>
        <a class="button button-primary" href={link("batches", "new")}>{t("batch.new")}</a>
      </PageHead>
      <Loaded load={list}>{(rows) => rows.length === 0
        ? <Empty title={t("batches.none")} actions={<a class="button" href={link("batches", "new")}>{t("batch.new")}</a>}>{t("batches.none_do")}</Empty>
        : <Table caption={t("batches.title")} rows={rows} id_of={(row) => row.id} more={list.more} columns={[
            { title: t("batch.file"), lead: true, cell: (row) => <a href={link("batches", row.id)}>{row.file_name || row.reference || t("batch.unnamed")}</a> },
            { title: t("batch.state"), cell: (row) => <BatchBadge state={row.state} /> },
            { title: t("form.purpose"), cell: (row) => purpose_title(me, row.purpose) },
            { title: t("batch.rows"), number: true, cell: (row) => count(row.rows) },
            { title: t("batch.to_look"), number: true, cell: (row) => count(row.outcomes.under_verification) },
            { title: t("list.when"), cell: (row) => moment(row.created) },
          ]} />}
      </Loaded>
    </>
  );
}

export function BatchNewPage() {
  const { me } = use_signed();
  const policies = answering(me.policies).filter((policy) => policy.name !== "default");
  const [purpose, set_purpose] = useState(policies.length === 1 ? policies[0]!.name : "");
  const [reference, set_reference] = useState("");
  const [consent, set_consent] = useState(false);
  const [errors, set_errors] = useState<Errors>({});
  const sending = use_send();
  const policy = policies.find((one) => one.name === purpose);

  const upload = use_upload((form, signal) => api<Preview>("POST /v1/batches/preview", { form, signal }), (form) => {
    form.set("purpose", purpose);
    if (reference.trim()) form.set("reference", reference.trim());
    form.set("consent", String(consent));
  });
  const { preview, step } = upload;
  // On: the purpose and the file decide what the preview says.
  const begin = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!purpose) found.purpose = t("check.purpose_missing");
    if (!upload.file) found.file = t("file.missing");
    set_errors(found);
    if (Object.keys(found).length === 0) upload.read();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (policy?.consent && !consent) return set_errors({ consent: t("batch.consent_missing") });
    set_errors({});
    sending.send(async (once) => {
      const batch = await api<Batch>("POST /v1/batches", { form: upload.form(), once });
      say(t("batch.sent"));
      go("batches", batch.id);
    });
  };
  return (
    <>
      <PageHead title={t("batch.new")} crumb={<a href={link("batches")}>{t("nav.batches")}</a>} lead={t("batch.new_lead")} />
      <Steps titles={[t("batch.step_file"), t("batch.step_columns"), t("batch.step_rows"), t("batch.step_send")]} at={step} />
      {step === 0 && (
        <form class="stack-large" onSubmit={begin} noValidate>
          <ErrorList errors={errors} />
          {upload.problem && <Failure problem={upload.problem} />}
          <div class="sheet">
            <Purpose id="purpose" policies={policies} value={purpose} set={set_purpose} error={errors.purpose} />
            {policy && policy.needs.length > 0 && <p class="soft small" style={{ marginTop: "8px" }}>{t("check.needs", { what: needs_text(policy.needs) })}</p>}
            <div class="field" style={{ marginTop: "24px" }}>
              <TextField id="reference" label={t("form.reference")} hint={t("form.reference_hint")} optional value={reference} set={set_reference} max={120} />
            </div>
          </div>
          <FilePart upload={upload} drop={t("batch.drop")} hint={t("batch.drop_hint")} error={errors.file} />
        </form>)}
      {step > 0 && preview && (
        <div class="stack-large">
          <UploadSteps upload={upload} preview={preview}
            next={<Button kind="primary" disabled={preview.rows === 0} onClick={() => upload.go(3)}>{t("action.next")}</Button>} />
          {step === 3 && (
            <form class="stack sheet" onSubmit={submit} noValidate>
              <h2>{t("batch.confirm")}</h2>
              <ErrorList errors={errors} />
              {sending.problem && <Failure problem={sending.problem} />}
              <Facts rows={[
                [t("batch.file"), preview.file_name],
                [t("form.purpose"), policy ? policy_title(policy) : purpose],
                [t("batch.rows_sent"), count(preview.rows)],
                preview.rejected > 0 && [t("batch.rows_left"), `${count(preview.rejected)} (${t("batch.rows_left_note")})`],
              ]} />
              <CheckField id="consent" label={t("batch.consent")} hint={t("check.consent_hint")} value={consent} set={set_consent} {...(errors.consent ? { error: errors.consent } : {})} />
              <div class="form-end">
                <Button kind="primary" type="submit" busy={sending.busy}>{t("batch.send", { n: count(preview.rows) })}</Button>
                <Button onClick={() => upload.go(2)}>{t("action.back")}</Button>
              </div>
            </form>)}
        </div>)}
    </>
  );
}

const over = (batch: Batch) => batch.state === "done" || batch.state === "cancelled" || batch.state === "failed";
const RESULT_OUTCOMES = ["no_record", "under_verification", "record", "incomplete", "rejected"];

export function BatchDetailPage({ id }: { id: string }) {
  const { me } = use_signed();
  const load = use_load<Batch>((signal) => api("GET /v1/batches/{id}", { path: { id }, signal }), [id]);
  const batch = load.data;
  const cancelling = use_send();
  // Live: server-sent events; where they do not come through, asked again every few seconds.
  useEffect(() => {
    if (!batch || over(batch)) return;
    const events = new EventSource(address("GET /v1/batches/{id}/events", { id }));
    const take = (event: Event) => { try { load.set(JSON.parse((event as MessageEvent<string>).data) as Batch); } catch { /* a heartbeat */ } };
    events.addEventListener("progress", take);
    events.addEventListener("end", (event) => { take(event); events.close(); load.reload(); });
    let timer = 0;
    events.onerror = () => { events.close(); timer = window.setInterval(load.reload, 4000); };
    return () => { events.close(); clearInterval(timer); };
  }, [id, batch === undefined || over(batch)]);
  return (
    <>
      <PageHead title={batch?.file_name || t("batch.title")} crumb={<a href={link("batches")}>{t("nav.batches")}</a>}>
        {batch && !over(batch) && <Button kind="grave" small busy={cancelling.busy} onClick={() => cancelling.send(async () => {
          load.set(await api<Batch>("POST /v1/batches/{id}/cancel", { path: { id } }));
        })}>{t("batch.cancel")}</Button>}
      </PageHead>
      {cancelling.problem && <Failure problem={cancelling.problem} />}
      <Loaded load={load}>{(now) => {
        const seen = now.done + now.rejected;
        return (
          <div class="stack-large">
            <section class="sheet stack">
              <div class="row row-apart"><BatchBadge state={now.state} /><span class="soft" role="status">{t("batch.progress", { done: count(seen), rows: count(now.rows) })}</span></div>
              <div class="progress" role="progressbar" aria-label={t("batch.progress_label")} aria-valuemin={0} aria-valuemax={now.rows} aria-valuenow={seen}>
                <div style={{ width: `${now.rows ? (100 * seen) / now.rows : 100}%` }} />
              </div>
              {now.error && <Notice tone="grave" title={t("batch.failed")} alert><p>{now.error}</p></Notice>}
              <Split parts={[
                { tone: "calm", label: t("outcome.no_record"), value: now.outcomes.no_record },
                { tone: "watch", label: t("outcome.under_verification"), value: now.outcomes.under_verification },
                { tone: "grave", label: t("outcome.record"), value: now.outcomes.record },
                { tone: "void", label: t("outcome.incomplete"), value: now.outcomes.incomplete },
                { tone: "plain", label: t("outcome.rejected"), value: now.rejected },
              ]} />
              <Facts tight rows={[
                [t("form.purpose"), purpose_title(me, now.purpose)],
                !!now.reference && [t("list.reference"), now.reference],
                [t("batch.created"), moment(now.created)],
                !!now.finished && [t("batch.finished"), moment(now.finished)],
              ]} />
            </section>
            <Results id={id} state={now.state} done={over(now) ? seen : -1} />
          </div>
        );
      }}</Loaded>
    </>
  );
}

function Results({ id, state, done }: { id: string; state: string; done: number }) {
  const { may } = use_signed();
  const [outcome, set_outcome] = useState("");
  const list = use_pages<BatchResult, BatchResultPage>((cursor, signal) =>
    api("GET /v1/batches/{id}/results", { path: { id }, signal, query: { cursor, outcome, limit: 100 } }), [id, outcome, state, done]);
  const file = (format: string) => address("GET /v1/batches/{id}/results", { id }, { format, outcome, lang: language() });
  return (
    <section class="section">
      <h2>{t("batch.results")}</h2>
      <div class="filters">
        <SelectField id="f-outcome" label={t("list.outcome")} value={outcome} set={set_outcome} empty={t("list.all")}
          options={RESULT_OUTCOMES.map((value) => ({ value, label: t_code("outcome.", value) }))} />
        <a class="button" href={file("xlsx")} download>{t("batch.xlsx")}</a>
        <a class="button" href={file("csv")} download>{t("batch.csv")}</a>
      </div>
      <Notice tone="plain"><p>{t("batch.note")}</p></Notice>
      <div style={{ marginTop: "16px" }}>
        <Loaded load={list}>{(rows) => rows.length === 0
          ? <Empty title={outcome ? t("list.none_match") : t("batch.no_results")}>{outcome ? t("list.none_match_do") : t("batch.no_results_do")}</Empty>
          : <Table caption={t("batch.results")} rows={rows} id_of={(row) => row.row} more={list.more} columns={[
              { title: t("form.name"), lead: true, cell: (row) => row.screening_id
                ? <a href={link("checks", row.screening_id)}>{row.name || row.query_id}</a> : row.name || row.query_id },
              { title: t("batch.row"), cell: (row) => <span class="id">{row.query_id}</span> },
              { title: t("list.outcome"), cell: (row) => row.state === "done" && row.outcome
                ? <><OutcomeBadge outcome={row.outcome} />{row.standing && <> <StandingBadge state={row.standing.state} /></>}</>
                : <Badge tone="plain">{t_code("batch.row.", row.state)}</Badge> },
              { title: t("batch.why"), cell: (row) => row.reject_reason || (row.reason ? t_code("incomplete.", row.reason) : "") },
              ...(may("getCase") ? [{ title: t("compare.probability"), number: true, cell: (row: BatchResult) => row.probability_bp === undefined ? "" :
                row.case_id ? <a href={link("cases", row.case_id)}>{percent(row.probability_bp)}</a> : percent(row.probability_bp) }] : []),
              { title: t("list.valid"), cell: (row) => row.valid_until ? day(row.valid_until) : "" },
            ]} />}
        </Loaded>
      </div>
    </section>
  );
}
