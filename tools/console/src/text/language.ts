// Malay (default) and English. Every text is a pair [ms, en] in text/*.ts: a missing translation or an unknown key does
// not compile. `t` reads the language at the moment of rendering; the shell renders anew when it changes.
import { texts, type TextKey } from "./texts";

export type Language = "ms" | "en";
export type { TextKey };

const STORED = "semak.language";
let current: Language = stored();
const listeners = new Set<() => void>();

function stored(): Language {
  try {
    return localStorage.getItem(STORED) === "en" ? "en" : "ms";
  } catch {
    return "ms"; // storage forbidden by the browser
  }
}

export const language = (): Language => current;

export function set_language(next: Language): void {
  current = next;
  try {
    localStorage.setItem(STORED, next);
  } catch {
    /* not kept for the next visit */
  }
  document.documentElement.lang = next;
  listeners.forEach((listener) => listener());
}

export function on_language(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The text of `key`; `{name}` in it becomes `values.name`. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const text: string = texts[key][current === "ms" ? 0 : 1];
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** For codes of the service: the text of `prefix + code`, or the code itself where the console knows none. */
export function t_code(prefix: string, code: string): string {
  const key = prefix + code;
  return key in texts ? t(key as TextKey) : code.replace(/_/g, " ");
}

const locale = () => (current === "ms" ? "ms-MY" : "en-MY");
const MONTHS = {
  ms: ["Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogos", "Sep", "Okt", "Nov", "Dis"],
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};

export type Moment = string | number | undefined | null; // RFC 3339 or milliseconds since 1970

function as_date(moment: Moment): Date | null {
  if (moment === undefined || moment === null || moment === "" || moment === 0) return null;
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A moment whose UTC parts are those of Malaysian clocks (UTC+8 all year), as on letters and at the command line. */
const in_malaysia = (date: Date): Date => new Date(date.getTime() + 8 * 3_600_000);

/** "2026-11-20": the day that it is in Malaysia. */
export const today_iso = (now = Date.now()): string => in_malaysia(new Date(now)).toISOString().slice(0, 10);

/** "20 Nov 2026" in Malaysia, wherever it is read; kept on one line. */
export function day(moment: Moment): string {
  const date = as_date(moment);
  if (!date) return "–";
  const there = in_malaysia(date);
  return `${there.getUTCDate()}\u00a0${MONTHS[current][there.getUTCMonth()]}\u00a0${there.getUTCFullYear()}`;
}

/** "20 Nov 2026, 14:05". The foot of each page says whose time it is. */
export function moment(moment: Moment): string {
  const date = as_date(moment);
  return date ? `${day(moment)}, ${in_malaysia(date).toISOString().slice(11, 16)}` : "–";
}

/** A birth date as far as it is known: "1985", "Mar 1985", "11 Mar 1985". */
export function partial_date(iso: string | undefined | null): string {
  if (!iso) return "–";
  const [year, month, date] = iso.split("-");
  const name = month ? MONTHS[current][Number(month) - 1] ?? month : "";
  return [date ? String(Number(date)) : "", name, year].filter(Boolean).join(" ");
}

export const count = (value: number | undefined | null): string =>
  value === undefined || value === null ? "–" : new Intl.NumberFormat(locale()).format(value);

/** "3 hari" / "3 days" since a moment, in the largest unit that is at least one. */
export function ago(moment: Moment, now = Date.now()): string {
  const date = as_date(moment);
  if (!date) return "–";
  const minutes = Math.max(0, Math.round((now - date.getTime()) / 60000));
  if (minutes < 1) return t("time.now");
  if (minutes < 60) return t(minutes === 1 ? "time.minute" : "time.minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t(hours === 1 ? "time.hour" : "time.hours", { n: hours });
  return t("time.days", { n: Math.floor(hours / 24) });
}
