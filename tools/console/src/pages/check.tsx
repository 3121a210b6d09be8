// One check: purpose, person, consent. What the purpose needs and what it will answer stand beside it.
import { useState } from "preact/hooks";
import type { PolicySummary, Screening } from "../../generated/contract";
import { api, field_errors } from "../api/client";
import { go } from "../route";
import { policy_title, use_signed } from "../session";
import { t } from "../text/language";
import { Failure, Notice, PageHead } from "../ui/feedback";
import { Button, CheckField, DateField, ErrorList, iso_of, NO_DATE, SelectField, TextField, type DateParts, type Errors } from "../ui/form";
import { as_problem, use_send } from "../ui/load";
import { check_subject, empty_subject, needs_text, subject_of, subject_pointers, SubjectFields } from "../ui/subject";

export const answering = (policies: PolicySummary[]): PolicySummary[] =>
  policies.filter((policy) => policy.you_see !== "nothing" && policy.in_force !== false);

export function Purpose({ id, policies, value, set, error }:
  { id: string; policies: PolicySummary[]; value: string; set: (value: string) => void; error?: string | undefined }) {
  return (
    <SelectField id={id} label={t("form.purpose")} hint={t("form.purpose_hint")} value={value} set={set} empty={t("form.choose")}
      options={policies.map((policy) => ({ value: policy.name, label: policy_title(policy) }))} {...(error ? { error } : {})} />
  );
}

export function CheckPage() {
  const { me } = use_signed();
  const policies = answering(me.policies).filter((policy) => policy.name !== "default");
  const [purpose, set_purpose] = useState(policies.length === 1 ? policies[0]!.name : "");
  const [draft, set_draft] = useState(empty_subject());
  const [child, set_child] = useState({ reference: "", born: NO_DATE as DateParts });
  const [consent, set_consent] = useState(false);
  const [reference, set_reference] = useState("");
  const [errors, set_errors] = useState<Errors>({});
  const { busy, problem, send } = use_send();
  const policy = policies.find((one) => one.name === purpose);
  const wants_child = !!policy?.standing;

  const submit = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!policy) found.purpose = t("check.purpose_missing");
    Object.assign(found, check_subject(draft, "who", policy?.needs ?? [["name"]], child.reference.trim() !== ""));
    if (policy?.consent && !consent) found.consent = t("check.consent_missing");
    const child_born = iso_of(child.born);
    if (wants_child && child_born === null) found["child-born"] = t("check.born_bad");
    set_errors(found);
    if (Object.keys(found).length > 0) return;
    send(async (once) => {
      try {
        const made = await api<Screening>("POST /v1/screenings", {
          once,
          body: {
            purpose, consent, subject: subject_of(draft), ...(reference.trim() ? { reference: reference.trim() } : {}),
            ...(wants_child && (child.reference.trim() || child_born)
              ? { child: { ...(child.reference.trim() ? { reference: child.reference.trim() } : {}), ...(child_born ? { date_of_birth: child_born } : {}) } } : {}),
          },
        });
        go("checks", made.id);
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), { "/purpose": "purpose", "/consent": "consent", "/reference": "reference", "/child": "child-reference", ...subject_pointers("who") });
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };

  return (
    <>
      <PageHead title={t("check.title")} lead={t("check.lead")} />
      <form class="columns" onSubmit={submit} noValidate>
        <div class="sheet">
          <ErrorList errors={errors} />
          {problem && <div style={{ marginBottom: "20px" }}><Failure problem={problem} /></div>}
          <Purpose id="purpose" policies={policies} value={purpose} set={set_purpose} error={errors.purpose} />
          <SubjectFields prefix="who" draft={draft} set={set_draft} errors={errors} />
          {wants_child && (
            <fieldset class="field" style={{ marginTop: "24px" }}>
              <legend class="legend">{t("carer.child")} <span class="field-optional">({t("form.optional")})</span></legend>
              <div class="field-row" style={{ marginTop: "8px" }}>
                <TextField id="child-reference" label={t("carer.child_reference")} value={child.reference} max={120}
                  set={(value) => set_child({ ...child, reference: value })} {...(errors["child-reference"] ? { error: errors["child-reference"] } : {})} />
                <DateField id="child-born" label={t("carer.child_born")} value={child.born} set={(value) => set_child({ ...child, born: value })}
                  {...(errors["child-born"] ? { error: errors["child-born"] } : {})} />
              </div>
            </fieldset>)}
          <div class="section">
            <TextField id="reference" label={t("form.reference")} hint={t("form.reference_hint")} optional value={reference} set={set_reference} max={120}
              {...(errors.reference ? { error: errors.reference } : {})} />
            <CheckField id="consent" label={t("check.consent")} hint={t("check.consent_hint")} value={consent} set={set_consent}
              {...(errors.consent ? { error: errors.consent } : {})} />
          </div>
          <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("check.go")}</Button></div>
        </div>
        <aside class="stack">
          {policy && (
            <Notice title={policy_title(policy)}>
              {policy.needs.length > 0 && <p>{t("check.needs", { what: needs_text(policy.needs) })}</p>}
              <p>{t("check.valid", { n: policy.valid_days })}</p>
            </Notice>)}
          {me.quota?.day ? <p class="small soft">{t("check.quota", { used: me.quota.used ?? 0, day: me.quota.day })}</p> : null}
          <Notice tone="plain" title={t("check.before")}>
            <ul class="stack-small" style={{ marginTop: "8px" }}>
              <li>{t("check.before_1")}</li>
              <li>{t("check.before_2")}</li>
              <li>{t("check.before_3")}</li>
            </ul>
          </Notice>
        </aside>
      </form>
    </>
  );
}
