// The fields of a person who is asked about, the same wherever one is asked about.
import type { NameType, PolicySummary, Subject, TypedNumber } from "../../generated/contract";
import { partial_date, t, t_code, today_iso } from "../text/language";
import { Button, DateField, iso_of, MyKadField, NO_DATE, parts_of, RadioField, SelectField, TextField, type DateParts, type Errors } from "./form";
import { digits_of, MALAYSIAN_STATES, NUMBER_KINDS, read_mykad, type NumberKind } from "./mykad";

export interface SubjectDraft {
  name: string;
  kind: NumberKind;
  number: string;
  issuer: string;
  born: DateParts;
  born_typed: boolean; // by hand: the number does not overwrite it
  sex: "" | "M" | "F";
  sex_typed: boolean;
  state: string;
  others: { type: NameType; text: string }[];
}

export const empty_subject = (): SubjectDraft => ({
  name: "", kind: "mykad", number: "", issuer: "", born: NO_DATE, born_typed: false, sex: "", sex_typed: false, state: "", others: [],
});

export function subject_of(draft: SubjectDraft): Subject {
  const born = iso_of(draft.born);
  const others = draft.others.filter((other) => other.text.trim());
  const number = draft.number.trim();
  const typed: TypedNumber = { kind: draft.kind, text: number, ...(draft.issuer.trim() ? { issuer: draft.issuer.trim() } : {}) };
  return {
    ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
    ...(others.length ? { names: others.map((other) => ({ type: other.type, text: other.text.trim() })) } : {}),
    ...(number ? { id_numbers: [typed] } : {}),
    ...(born ? { date_of_birth: born } : {}),
    ...(draft.sex ? { sex: draft.sex } : {}),
    ...(draft.state ? { state: draft.state } : {}),
  };
}

type Needs = PolicySummary["needs"];

/** "nama dan nombor pengenalan; atau nama dan tarikh lahir" */
export function needs_text(needs: Needs): string {
  return needs.map((line) => line.map((field) => t_code("needs.", field)).join(` ${t("needs.and")} `)).join(`; ${t("needs.or")} `);
}

/** What must be mended, by field id. `prefix` is that of the fields. */
export function check_subject(draft: SubjectDraft, prefix: string, needs: Needs, child = false): Errors {
  const errors: Errors = {};
  const born = iso_of(draft.born);
  if (born === null) errors[`${prefix}-born`] = t("check.born_bad");
  else if (born && born > today_iso().slice(0, born.length)) errors[`${prefix}-born`] = t("check.born_future");
  const digits = digits_of(draft.number).length;
  if (draft.kind === "mykad" && digits > 0 && digits < 12) errors[`${prefix}-number`] = t("check.mykad_short", { n: digits });
  const has: Record<string, boolean> = {
    name: draft.name.trim() !== "", id_number: draft.number.trim() !== "", birth_date: (born ?? "").length === 10,
    birth_year: !!born, sex: draft.sex !== "", child,
  };
  if (needs.length > 0 && !needs.some((line) => line.every((field) => has[field]))) {
    const line = needs.slice().sort((a, b) => a.filter((f) => !has[f]).length - b.filter((f) => !has[f]).length)[0]!;
    const ids: Record<string, string> = { name: "name", id_number: "number", birth_date: "born", birth_year: "born", sex: "sex" };
    for (const field of line) {
      const id = ids[field];
      if (!has[field] && id && !errors[`${prefix}-${id}`])
        errors[`${prefix}-${id}`] = t(`check.missing.${id as "name" | "number" | "born" | "sex"}`);
    }
  } else if (needs.length === 0 && !has.name && !has.id_number) {
    errors[`${prefix}-name`] = t("check.missing.anything");
  }
  return errors;
}

/** Pointers of the service's complaints to the fields' ids. */
export const subject_pointers = (prefix: string, at = "/subject"): Record<string, string> => ({
  [at]: `${prefix}-name`, [`${at}/name`]: `${prefix}-name`, [`${at}/names`]: `${prefix}-other-0`, [`${at}/id_number`]: `${prefix}-number`,
  [`${at}/id_numbers`]: `${prefix}-number`, [`${at}/date_of_birth`]: `${prefix}-born`, [`${at}/sex`]: `${prefix}-sex`, [`${at}/state`]: `${prefix}-state`,
});

const NAME_TYPES: NameType[] = ["known_as", "former", "jawi", "han", "tamil"];

export function SubjectFields({ prefix, draft, set, errors, brief }:
  { prefix: string; draft: SubjectDraft; set: (draft: SubjectDraft) => void; errors: Errors; brief?: boolean }) {
  const put = (part: Partial<SubjectDraft>) => set({ ...draft, ...part });
  const error = (id: string) => { const text = errors[`${prefix}-${id}`]; return text ? { error: text } : {}; };
  const read = draft.kind === "mykad" ? read_mykad(draft.number, true) : null;
  const born = iso_of(draft.born);
  const contradicts = read?.date && born && born_contradicts(born, read.date, read.other_century);
  const number = (value: string) => {
    const next: SubjectDraft = { ...draft, number: value };
    const now = draft.kind === "mykad" ? read_mykad(value, true) : null;
    if (now?.date && !draft.born_typed) next.born = parts_of(now.date);
    if (now && !draft.sex_typed) next.sex = now.sex;
    if (draft.kind === "mykad" && !now) { // what the number had filled goes with it
      if (!draft.born_typed) next.born = NO_DATE;
      if (!draft.sex_typed) next.sex = "";
    }
    set(next);
  };
  return (
    <>
      <TextField id={`${prefix}-name`} label={t("form.name")} hint={brief ? undefined : t("form.name_hint")} value={draft.name}
        set={(name) => put({ name })} max={400} {...error("name")} />
      <div class="field-row">
        <SelectField id={`${prefix}-kind`} label={t("form.kind")} value={draft.kind}
          set={(kind) => put({ kind: kind as NumberKind, number: "", born: draft.born_typed ? draft.born : NO_DATE, sex: draft.sex_typed ? draft.sex : "" })}
          options={NUMBER_KINDS.map((kind) => ({ value: kind, label: t_code("number.", kind) }))} />
        {draft.kind === "mykad"
          ? <MyKadField id={`${prefix}-number`} label={t("form.number")} value={draft.number} set={number} adult {...error("number")} />
          : <TextField id={`${prefix}-number`} label={t("form.number")} value={draft.number} set={number} number max={64} {...error("number")} />}
        {draft.kind === "passport" &&
          <TextField id={`${prefix}-issuer`} label={t("form.issuer")} optional value={draft.issuer} set={(issuer) => put({ issuer })} max={64} />}
      </div>
      <div class="field-row">
        <DateField id={`${prefix}-born`} label={t("form.born")} hint={contradicts
          ? <b class="warn">{t("form.born_contradicts", { date: partial_date(read!.date) })}</b> : brief ? undefined : t("form.born_hint")}
          value={draft.born} set={(born_parts) => put({ born: born_parts, born_typed: true })} {...error("born")} />
        <RadioField id={`${prefix}-sex`} label={t("form.sex")} inline value={draft.sex} set={(sex) => put({ sex: sex as "M" | "F", sex_typed: true })}
          options={[{ value: "F", label: t("sex.F") }, { value: "M", label: t("sex.M") }]} {...error("sex")} />
      </div>
      <details class="fold">
        <summary>{t("form.more")}</summary>
        <div class="fold-body">
          <p class="soft small">{t("form.others_hint")}</p>
          {draft.others.map((other, index) => (
            <div class="field-row" key={index} style={{ marginTop: "12px" }}>
              <SelectField id={`${prefix}-other-type-${index}`} label={t("form.other_type")} value={other.type}
                set={(type) => put({ others: draft.others.map((one, at) => at === index ? { ...one, type: type as NameType } : one) })}
                options={NAME_TYPES.map((type) => ({ value: type, label: t_code("name_type.", type) }))} />
              <TextField id={`${prefix}-other-${index}`} label={t("form.other_name")} value={other.text} max={400}
                set={(text) => put({ others: draft.others.map((one, at) => at === index ? { ...one, text } : one) })} />
            </div>))}
          <div class="row" style={{ margin: "12px 0 20px" }}>
            <Button small onClick={() => put({ others: [...draft.others, { type: "known_as", text: "" }] })}>{t("form.add_name")}</Button>
          </div>
          <SelectField id={`${prefix}-state`} label={t("form.state")} optional value={draft.state} set={(state) => put({ state })}
            empty={t("form.unknown")} options={MALAYSIAN_STATES.map((state) => ({ value: state, label: state }))} />
        </div>
      </details>
    </>
  );
}

function born_contradicts(born: string, ...readings: string[]): boolean {
  return readings.filter(Boolean).every((reading) => !reading.startsWith(born));
}
