// Fields. Each is label, hint, error and control in one column; `error` is said by the page that checks the form, and
// a page with errors lists them on top (ErrorList), each leading to its field.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { partial_date, t } from "../text/language";
import { format_mykad, digits_of, read_mykad } from "./mykad";

interface FieldProps {
  id: string;
  label: string;
  hint?: ComponentChildren;
  error?: string;
  optional?: boolean;
}

const described = (id: string, hint: unknown, error: unknown) =>
  [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;

export function Field({ id, label, hint, error, optional, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class={error ? "field field-bad" : "field"}>
      <label class="field-label" for={id}>
        {label} {optional && <span class="field-optional">({t("form.optional")})</span>}
      </label>
      {hint && <div class="field-hint" id={`${id}-hint`}>{hint}</div>}
      {error && <div class="field-error" id={`${id}-error`}>{error}</div>}
      {children}
    </div>
  );
}

type TextProps = FieldProps & {
  value: string;
  set: (value: string) => void;
  type?: "text" | "password" | "search" | "date";
  autocomplete?: string;
  number?: boolean; // an identity number, a reference: spaced digits, no spell check
  rows?: number;
  code?: boolean;
  max?: number;
};

export function TextField(props: TextProps) {
  const { id, value, set, type = "text", rows, hint, error } = props;
  const common = {
    id,
    value,
    maxLength: props.max,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": described(id, hint, error),
    autocomplete: props.autocomplete ?? "off",
    spellcheck: false,
  };
  return (
    <Field {...props}>
      {rows
        ? <textarea {...common} class={props.code ? "input code" : "input"} rows={rows}
            onInput={(event) => set(event.currentTarget.value)} />
        : <input {...common} type={type as "text"} class={props.number ? "input input-number" : "input"}
            onInput={(event) => set(event.currentTarget.value)} />}
    </Field>
  );
}

export interface Option { value: string; label: string }

export function SelectField(props: FieldProps & { value: string; set: (value: string) => void; options: Option[]; empty?: string }) {
  const { id, value, set, options, hint, error, empty } = props;
  return (
    <Field {...props}>
      <select id={id} class="input" value={value} aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)} onChange={(event) => set(event.currentTarget.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </Field>
  );
}

export function CheckField({ id, label, hint, error, value, set }:
  { id: string; label: ComponentChildren; hint?: ComponentChildren; error?: string; value: boolean; set: (value: boolean) => void }) {
  return (
    <div class={error ? "field field-bad" : "field"}>
      {error && <div class="field-error" id={`${id}-error`}>{error}</div>}
      <label class="choice">
        <input id={id} type="checkbox" checked={value} aria-invalid={error ? true : undefined}
          aria-describedby={described(id, undefined, error)} onChange={(event) => set(event.currentTarget.checked)} />
        <span>{label}{hint && <span class="field-hint">{hint}</span>}</span>
      </label>
    </div>
  );
}

export function RadioField({ id, label, hint, error, value, set, options, inline }: FieldProps & {
  value: string; set: (value: string) => void; options: (Option & { hint?: string; note?: ComponentChildren })[]; inline?: boolean }) {
  return (
    <fieldset class={error ? "field field-bad" : "field"} aria-describedby={described(id, hint, error)}>
      <legend class="legend">{label}</legend>
      {hint && <div class="field-hint" id={`${id}-hint`}>{hint}</div>}
      {error && <div class="field-error" id={`${id}-error`}>{error}</div>}
      <div class={inline ? "choices-inline" : undefined}>
        {options.map((option, index) => (
          <label class="choice" key={option.value}>
            <input id={index === 0 ? id : `${id}-${option.value}`} type="radio" name={id} value={option.value}
              checked={value === option.value} onChange={() => set(option.value)} />
            <span>{option.label}{option.note}{option.hint && <span class="field-hint">{option.hint}</span>}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Twelve digits, dashed as they are typed; below it what the number says of its bearer. */
export function MyKadField(props: FieldProps & {
  value: string; set: (value: string) => void; adult: boolean; kind?: "mykad" }) {
  const { id, value, set, adult, error, hint } = props;
  const box = useRef<HTMLInputElement>(null);
  const read = read_mykad(value, adult);
  const typed = digits_of(value).length;
  return (
    <Field {...props}>
      <input ref={box} id={id} class="input input-number" type="text" inputMode="numeric" autocomplete="off"
        placeholder="" value={value} aria-invalid={error ? true : undefined}
        aria-describedby={[described(id, hint, error), `${id}-read`].filter(Boolean).join(" ")}
        onInput={(event) => {
          const input = event.currentTarget;
          const before = digits_of(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
          const formatted = format_mykad(input.value);
          input.value = formatted;
          // the caret stays behind the digit that was typed
          let at = 0;
          for (let seen = 0; at < formatted.length && seen < before; at++) if (/\d/.test(formatted[at]!)) seen++;
          if (before === digits_of(formatted).length) at = formatted.length;
          input.setSelectionRange(at, at);
          set(formatted);
        }} />
      <div class="field-read" id={`${id}-read`} aria-live="polite">
        {!read && typed > 0 && <span>{t("mykad.digits", { n: typed })}</span>}
        {read && read.date && <span>{t("mykad.born")} <b>{partial_date(read.date)}</b></span>}
        {read && <span>{t("form.sex")} <b>{t(read.sex === "M" ? "sex.M" : "sex.F")}</b></span>}
        {read && read.place && <span>{t("mykad.place")} <b>{read.place}</b></span>}
        {read && !read.date && <span class="warn">{t("mykad.no_date")}</span>}
        {read && !read.place_known && <span class="warn">{t("mykad.odd_place")}</span>}
        {read?.other_century && <span>{t("mykad.century", { date: partial_date(read.other_century) })}</span>}
      </div>
    </Field>
  );
}

export interface DateParts { day: string; month: string; year: string }
export const NO_DATE: DateParts = { day: "", month: "", year: "" };

export function parts_of(iso: string): DateParts {
  const [year = "", month = "", date = ""] = iso.split("-");
  return { day: date.replace(/^0/, ""), month: month.replace(/^0/, ""), year };
}

/** ISO as far as known ("1985", "1985-03", "1985-03-11"), "" for nothing, null if it is no date. */
export function iso_of({ day, month, year }: DateParts): string | null {
  const parts = [day, month, year].map((part) => part.trim());
  if (parts.every((part) => part === "")) return "";
  const [d, m, y] = parts as [string, string, string];
  if (!/^\d{4}$/.test(y) || (d && !m)) return null;
  if (!m) return y;
  const month_number = Number(m);
  if (!/^\d{1,2}$/.test(m) || month_number < 1 || month_number > 12) return null;
  const mm = m.padStart(2, "0");
  if (!d) return `${y}-${mm}`;
  const made = new Date(Date.UTC(Number(y), month_number - 1, Number(d)));
  if (!/^\d{1,2}$/.test(d) || made.getUTCMonth() !== month_number - 1 || made.getUTCDate() !== Number(d)) return null;
  return `${y}-${mm}-${d.padStart(2, "0")}`;
}

/** Day, month and year in three boxes; day and month may stay empty where `partial`. */
export function DateField({ id, label, hint, error, optional, value, set }:
  FieldProps & { value: DateParts; set: (value: DateParts) => void }) {
  const box = (part: keyof DateParts, text: string, size: number) => (
    <label>
      {text}
      <input id={part === "day" ? id : `${id}-${part}`} class="input" type="text" inputMode="numeric" maxLength={size}
        autocomplete="off" value={value[part]} aria-invalid={error ? true : undefined}
        onInput={(event) => set({ ...value, [part]: event.currentTarget.value.replace(/\D/g, "") })} />
    </label>
  );
  return (
    <fieldset class={error ? "field field-bad" : "field"} aria-describedby={described(id, hint, error)}>
      <legend class="legend">{label} {optional && <span class="field-optional">({t("form.optional")})</span>}</legend>
      {hint && <div class="field-hint" id={`${id}-hint`}>{hint}</div>}
      {error && <div class="field-error" id={`${id}-error`}>{error}</div>}
      <div class="date">{box("day", t("form.day"), 2)}{box("month", t("form.month"), 2)}{box("year", t("form.year"), 4)}</div>
    </fieldset>
  );
}

export type Errors = Record<string, string>; // field id -> what to do

/** What must be mended before the form can go, each leading to its field. Takes the focus when it appears. */
export function ErrorList({ errors }: { errors: Errors }) {
  const box = useRef<HTMLDivElement>(null);
  const ids = Object.keys(errors);
  const shown = ids.join(" ");
  useLayoutEffect(() => { if (shown) box.current?.focus(); }, [shown]);
  if (ids.length === 0) return null;
  return (
    <div class="error-list" role="alert" tabIndex={-1} ref={box}>
      <h2>{t("form.errors")}</h2>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <a href={`#${id}`} onClick={(event) => { event.preventDefault(); document.getElementById(id)?.focus(); }}>{errors[id]}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Button({ children, kind, busy, small, disabled, onClick, type = "button" }: {
  children: ComponentChildren; kind?: "primary" | "grave" | "plain"; busy?: boolean; small?: boolean;
  disabled?: boolean; onClick?: (event: MouseEvent) => void; type?: "button" | "submit" }) {
  const classes = ["button", kind && `button-${kind}`, small && "button-small", busy && "button-busy"];
  return (
    <button type={type} class={classes.filter(Boolean).join(" ")} disabled={disabled || busy} onClick={onClick}>{children}</button>
  );
}

/** A file, dropped or chosen. */
export function FileDrop({ id, label, hint, accept, onFile }:
  { id: string; label: string; hint: string; accept: string; onFile: (file: File) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const over = (on: boolean) => box.current?.classList.toggle("drop-over", on);
  return (
    <div ref={box} class="drop" onDragOver={(event) => { event.preventDefault(); over(true); }}
      onDragLeave={() => over(false)}
      onDrop={(event) => {
        event.preventDefault();
        over(false);
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}>
      <p><strong>{label}</strong></p>
      <p class="soft small" id={`${id}-hint`}>{hint}</p>
      <label class="button" for={id}>{t("file.choose")}</label>
      <input id={id} type="file" accept={accept} aria-describedby={`${id}-hint`} onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = "";
        if (file) onFile(file);
      }} />
    </div>
  );
}

