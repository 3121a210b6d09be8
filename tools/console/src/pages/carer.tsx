// Carers: one carer's standing (OYLS) for a child as of a day, and all adults of a household at once.
import { useState } from "preact/hooks";
import type { HouseholdResult, Screening } from "../../generated/contract";
import { api, field_errors } from "../api/client";
import { go, link } from "../route";
import { use_signed } from "../session";
import { t, t_code, today_iso } from "../text/language";
import { Failure, Notice, PageHead } from "../ui/feedback";
import { Button, CheckField, DateField, ErrorList, iso_of, NO_DATE, parts_of, TextField, type DateParts, type Errors } from "../ui/form";
import { as_problem, use_send } from "../ui/load";
import { OutcomeBadge, outcome_title, outcome_tone, StandingBadge } from "../ui/outcome";
import { Table } from "../ui/table";
import { check_subject, empty_subject, needs_text, subject_of, subject_pointers, SubjectFields, type SubjectDraft } from "../ui/subject";
import { answering, Purpose } from "./check";


interface ChildDraft { reference: string; born: DateParts }
const child_of = (child: ChildDraft) => {
  const born = iso_of(child.born);
  return child.reference.trim() || born
    ? { child: { ...(child.reference.trim() ? { reference: child.reference.trim() } : {}), ...(born ? { date_of_birth: born } : {}) } } : {};
};

function ChildFields({ child, set, errors }: { child: ChildDraft; set: (child: ChildDraft) => void; errors: Errors }) {
  return (
    <div class="field-row">
      <TextField id="child-reference" label={t("carer.child_reference")} hint={t("carer.child_reference_hint")} optional value={child.reference}
        set={(reference) => set({ ...child, reference })} max={120} {...(errors["child-reference"] ? { error: errors["child-reference"] } : {})} />
      <DateField id="child-born" label={t("carer.child_born")} hint={t("carer.child_born_hint")} optional value={child.born} set={(born) => set({ ...child, born })}
        {...(errors["child-born"] ? { error: errors["child-born"] } : {})} />
    </div>
  );
}

export function CarerPage() {
  const { me } = use_signed();
  const policies = answering(me.policies).filter((policy) => policy.standing);
  const [purpose, set_purpose] = useState(policies[0]?.name ?? "");
  const policy = policies.find((one) => one.name === purpose);
  const [draft, set_draft] = useState(empty_subject());
  const [child, set_child] = useState<ChildDraft>({ reference: "", born: NO_DATE });
  const [as_of, set_as_of] = useState(parts_of(today_iso()));
  const [reference, set_reference] = useState("");
  const [consent, set_consent] = useState(false);
  const [errors, set_errors] = useState<Errors>({});
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    const found = check_subject(draft, "who", policy?.needs ?? [["name"]], child.reference.trim() !== "");
    if (iso_of(child.born) === null) found["child-born"] = t("check.born_bad");
    const on = iso_of(as_of);
    if (!on || on.length !== 10) found.as_of = t("carer.as_of_bad");
    if (policy?.consent && !consent) found.consent = t("check.consent_missing");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async (once) => {
      try {
        const made = await api<Screening>("POST /v1/standings", { once, body: {
          subject: subject_of(draft), ...child_of(child), as_of: on, consent, ...(purpose ? { purpose } : {}), ...(reference.trim() ? { reference: reference.trim() } : {}) } });
        go("checks", made.id);
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), { "/as_of": "as_of", "/consent": "consent", "/child": "child-reference", "/purpose": "purpose", ...subject_pointers("who") });
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  return (
    <>
      <PageHead title={t("carer.title")} lead={t("carer.lead")} />
      {policies.length === 0
        ? <Notice tone="watch" title={t("carer.no_policy")}><p>{t("carer.no_policy_do")}</p></Notice>
        : (
          <form class="columns" onSubmit={submit} noValidate>
            <div class="sheet">
              <ErrorList errors={errors} />
              {problem && <Failure problem={problem} />}
              {policies.length > 1 && <Purpose id="purpose" policies={policies} value={purpose} set={set_purpose} error={errors.purpose} />}
              <h2 style={{ margin: policies.length > 1 ? "24px 0 16px" : "0 0 16px" }}>{t("carer.carer")}</h2>
              <SubjectFields prefix="who" draft={draft} set={set_draft} errors={errors} />
              <h2 style={{ margin: "32px 0 16px" }}>{t("carer.child")}</h2>
              <ChildFields child={child} set={set_child} errors={errors} />
              <div class="section">
                <DateField id="as_of" label={t("carer.as_of")} hint={t("carer.as_of_hint")} value={as_of} set={set_as_of} {...(errors.as_of ? { error: errors.as_of } : {})} />
                <TextField id="reference" label={t("form.reference")} hint={t("form.reference_hint")} optional value={reference} set={set_reference} max={120} />
                {(policy?.consent ?? true) && <CheckField id="consent" label={t("check.consent")} hint={t("check.consent_hint")} value={consent} set={set_consent} {...(errors.consent ? { error: errors.consent } : {})} />}
              </div>
              <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("carer.go")}</Button></div>
            </div>
            <aside class="stack">
              {policy && policy.needs.length > 0 && <Notice><p>{t("check.needs", { what: needs_text(policy.needs) })}</p></Notice>}
              <Notice tone="plain" title={t("carer.about")}><p>{t("carer.about_1")}</p><p style={{ marginTop: "8px" }}>{t("carer.about_2")}</p></Notice>
            </aside>
          </form>)}
    </>
  );
}

interface Adult { draft: SubjectDraft; relationship: string }
const name_of = (draft: SubjectDraft, index: number) => draft.name.trim() || t("household.adult_n", { n: index + 1 });

export function HouseholdPage() {
  const { me } = use_signed();
  const policies = answering(me.policies).filter((policy) => policy.name !== "default");
  const [purpose, set_purpose] = useState(policies.find((policy) => policy.standing)?.name ?? "");
  const policy = policies.find((one) => one.name === purpose);
  const [adults, set_adults] = useState<Adult[]>([{ draft: empty_subject(), relationship: "" }, { draft: empty_subject(), relationship: "" }]);
  const [child, set_child] = useState<ChildDraft>({ reference: "", born: NO_DATE });
  const [reference, set_reference] = useState("");
  const [consent, set_consent] = useState(false);
  const [errors, set_errors] = useState<Errors>({});
  const [result, set_result] = useState<HouseholdResult>();
  const { busy, problem, send } = use_send();
  const put = (index: number, part: Partial<Adult>) => set_adults(adults.map((adult, at) => at === index ? { ...adult, ...part } : adult));
  const submit = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!policy) found.purpose = t("check.purpose_missing");
    adults.forEach((adult, index) => Object.assign(found, check_subject(adult.draft, `adult${index}`, policy?.needs ?? [["name"]], child.reference.trim() !== "")));
    if (iso_of(child.born) === null) found["child-born"] = t("check.born_bad");
    if (policy?.consent && !consent) found.consent = t("household.consent_missing");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async (once) => {
      try {
        set_result(await api<HouseholdResult>("POST /v1/screenings/household", { once, body: {
          purpose, consent, ...(reference.trim() ? { reference: reference.trim() } : {}), ...child_of(child),
          adults: adults.map((adult) => ({ subject: subject_of(adult.draft), ...(adult.relationship.trim() ? { relationship: adult.relationship.trim() } : {}) })) } }));
        scrollTo(0, 0);
      } catch (fault) {
        const pointers = Object.assign({ "/purpose": "purpose", "/consent": "consent", "/child": "child-reference" },
          ...adults.map((_, index) => subject_pointers(`adult${index}`, `/adults/${index}/subject`))) as Record<string, string>;
        const of_fields = field_errors(as_problem(fault), pointers);
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  if (result) {
    return (
      <>
        <PageHead title={t("household.result")} />
        <div class="stack-large">
          <Notice tone={outcome_tone(result.outcome)} title={outcome_title(result.outcome)}><p>{t_code("household.say.", result.outcome === "refer" ? "under_verification" : result.outcome)}</p></Notice>
          <Table caption={t("household.result")} rows={result.screenings.map((screening, index) => ({ screening, index }))} id_of={(row) => row.screening.id} columns={[
            { title: t("form.name"), lead: true, cell: ({ screening, index }) => <a href={link("checks", screening.id)}>{name_of(adults[index]?.draft ?? empty_subject(), index)}</a> },
            { title: t("household.relationship"), cell: ({ index }) => adults[index]?.relationship || "–" },
            { title: t("list.outcome"), cell: ({ screening }) => <OutcomeBadge outcome={screening.outcome} /> },
            { title: t("standing.title"), cell: ({ screening }) => screening.standing ? <StandingBadge state={screening.standing.state} /> : "–" },
            { title: t("batch.why"), cell: ({ screening }) => screening.reason ? t_code("incomplete.", screening.reason) : "" },
          ]} />
          <div class="row no-print"><Button onClick={() => set_result(undefined)}>{t("household.again")}</Button><Button onClick={() => print()}>{t("action.print")}</Button></div>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead title={t("household.title")} lead={t("household.lead")} />
      <form class="stack-large" onSubmit={submit} noValidate>
        <ErrorList errors={errors} />
        {problem && <Failure problem={problem} />}
        <section class="sheet">
          <Purpose id="purpose" policies={policies} value={purpose} set={set_purpose} error={errors.purpose} />
          {policy && policy.needs.length > 0 && <p class="soft small" style={{ marginTop: "8px" }}>{t("check.needs", { what: needs_text(policy.needs) })}</p>}
          {policy?.standing && <div style={{ marginTop: "24px" }}><ChildFields child={child} set={set_child} errors={errors} /></div>}
        </section>
        {adults.map((adult, index) => (
          <fieldset class="sheet" key={index}>
            <legend class="hidden-text">{t("household.adult_n", { n: index + 1 })}</legend>
            <div class="sheet-head">
              <h2 aria-hidden="true">{t("household.adult_n", { n: index + 1 })}</h2>
              {adults.length > 1 && <Button small kind="plain" onClick={() => set_adults(adults.filter((_, at) => at !== index))}>
                {t("household.remove")}<span class="hidden-text"> {name_of(adult.draft, index)}</span></Button>}
            </div>
            <SubjectFields prefix={`adult${index}`} draft={adult.draft} set={(draft) => put(index, { draft })} errors={errors} brief />
            <div class="field" style={{ marginTop: "16px" }}>
              <TextField id={`adult${index}-relationship`} label={t("household.relationship")} optional value={adult.relationship} set={(relationship) => put(index, { relationship })} max={60} />
            </div>
          </fieldset>))}
        <div class="row"><Button onClick={() => set_adults([...adults, { draft: empty_subject(), relationship: "" }])}>{t("household.add")}</Button></div>
        <section class="sheet">
          <TextField id="reference" label={t("form.reference")} hint={t("form.reference_hint")} optional value={reference} set={set_reference} max={120} />
          <CheckField id="consent" label={t("household.consent")} hint={t("check.consent_hint")} value={consent} set={set_consent} {...(errors.consent ? { error: errors.consent } : {})} />
          <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("household.go", { n: adults.length })}</Button></div>
        </section>
      </form>
    </>
  );
}
