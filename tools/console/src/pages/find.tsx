// Finding people in the registers without making a check; and all that is held about a person.
import { useState } from "preact/hooks";
import type { LookupResult, RegisterList, SubjectOut } from "../../generated/contract";
import { api, field_errors } from "../api/client";
import { link } from "../route";
import { use_signed } from "../session";
import { t, t_code } from "../text/language";
import { EvidenceTable, Likelihood, PersonCompare, percent } from "../ui/compare";
import { Empty, Failure, Notice, PageHead } from "../ui/feedback";
import { Button, ErrorList, SelectField, TextField, type Errors } from "../ui/form";
import { as_problem, use_load, use_send } from "../ui/load";
import { StandingPanel } from "../ui/outcome";
import { check_subject, empty_subject, subject_of, subject_pointers, SubjectFields } from "../ui/subject";

export function FindPage() {
  const { may } = use_signed();
  const registers = use_load<RegisterList>((signal) => api("GET /v1/registers", { signal }), []);
  const [register, set_register] = useState("");
  const [draft, set_draft] = useState(empty_subject());
  const [errors, set_errors] = useState<Errors>({});
  const [result, set_result] = useState<{ answer: LookupResult; subject: SubjectOut }>();
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    const found = check_subject(draft, "who", []);
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async () => {
      try {
        const subject = subject_of(draft);
        const answer = await api<LookupResult>("POST /v1/lookups", { body: { subject, top: 10, ...(register ? { registers: [register] } : {}) } });
        set_result({ answer, subject: subject as SubjectOut });
        setTimeout(() => document.getElementById("found")?.focus(), 0);
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), subject_pointers("who"));
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  const list = registers.data?.items ?? [];
  const exists = (name: string) => list.some((one) => one.name === name);
  return (
    <>
      <PageHead title={t("find.title")} lead={t("find.lead")} />
      <form class="sheet" onSubmit={submit} noValidate>
        <ErrorList errors={errors} />
        {problem && <Failure problem={problem} />}
        <SelectField id="register" label={t("register.name")} value={register} set={set_register} empty={t("find.all_registers")}
          options={list.map((one) => ({ value: one.name, label: `${one.name} (${t_code("kind.", one.kind)})` }))} />
        <SubjectFields prefix="who" draft={draft} set={set_draft} errors={errors} />
        <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("find.go")}</Button></div>
      </form>
      {result && (
        <section class="section">
          <h2 id="found" tabIndex={-1}>{t("find.found", { n: result.answer.hits.length })}</h2>
          {result.answer.outcome === "incomplete" && result.answer.reason &&
            <Notice tone="void" title={t("outcome.incomplete")}><p>{t_code("incomplete.", result.answer.reason)}</p></Notice>}
          {result.answer.standing && <StandingPanel standing={result.answer.standing} />}
          {result.answer.hits.length === 0
            ? <Empty title={t("find.none")}>{t("find.none_do")}</Empty>
            : <div class="stack">
                {result.answer.hits.map((hit, index) => (
                  <details class="sheet" key={`${hit.register}/${hit.record_id}`} open={index === 0}>
                    <summary><strong dir="auto">{hit.person?.names[0]?.text ?? hit.record_id}</strong> <span class="soft">{hit.register} · {hit.record_id} · {percent(hit.probability_bp)}</span></summary>
                    <div class="stack" style={{ marginTop: "16px" }}>
                      <Likelihood hit={hit} />
                      {hit.person && <PersonCompare subject={result.subject} person={hit.person} />}
                      <EvidenceTable evidence={hit.evidence} />
                      {may("getRecord") && exists(hit.register) && <a class="button" href={link("registers", hit.register, "records", hit.record_id)}>{t("find.open")}</a>}
                    </div>
                  </details>))}
              </div>}
        </section>)}
    </>
  );
}

/** The answer to a data subject's request, as it comes: to be read and printed. */
export function PersonPage() {
  const [draft, set_draft] = useState(empty_subject());
  const [reason, set_reason] = useState("");
  const [errors, set_errors] = useState<Errors>({});
  const [report, set_report] = useState<Record<string, unknown>>();
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    const found = check_subject(draft, "who", [["name", "id_number"], ["name", "birth_date"]]);
    if (!reason.trim()) found.reason = t("form.reason_missing");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async () => set_report(await api<Record<string, unknown>>("POST /v1/subject-reports", { body: { subject: subject_of(draft), reason: reason.trim() } })));
  };
  return (
    <>
      <PageHead title={t("person.title")} lead={t("person.lead")} />
      <form class="sheet no-print" onSubmit={submit} noValidate>
        <ErrorList errors={errors} />
        {problem && <Failure problem={problem} />}
        <SubjectFields prefix="who" draft={draft} set={set_draft} errors={errors} />
        <div class="section">
          <TextField id="reason" label={t("form.reason")} hint={t("form.reason_hint")} value={reason} set={set_reason} max={400} {...(errors.reason ? { error: errors.reason } : {})} />
        </div>
        <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("person.go")}</Button></div>
      </form>
      {report && (
        <section class="section">
          <div class="row row-apart"><h2>{t("person.report")}</h2><Button small onClick={() => print()}>{t("action.print")}</Button></div>
          <Tree value={report} />
        </section>)}
    </>
  );
}

/** Any JSON as headed lists: what a program wrote, readable by a person. */
export function Tree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (Array.isArray(value)) {
    return value.length === 0 ? <span class="soft">–</span> : <ol class="stack-small">{value.map((each, index) => <li key={index} class={depth === 1 ? "sheet" : undefined}><Tree value={each} depth={depth + 1} /></li>)}</ol>;
  }
  if (value && typeof value === "object") {
    const rows = Object.entries(value as Record<string, unknown>);
    if (depth === 0) {
      return <div class="stack">{rows.map(([name, inner]) => <section key={name} class="stack-small"><h3>{t_code("tree.", name)}</h3><Tree value={inner} depth={1} /></section>)}</div>;
    }
    return <dl class="facts facts-tight">{rows.map(([name, inner]) => <><dt>{t_code("tree.", name)}</dt><dd><Tree value={inner} depth={depth + 1} /></dd></>)}</dl>;
  }
  return <span class="id-long">{value === "" || value === null || value === undefined ? "–" : String(value)}</span>;
}
