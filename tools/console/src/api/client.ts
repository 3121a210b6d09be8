// Requests to the service, with the session's token. An endpoint is named as the contract names it, so one that is not
// there does not compile.
import type { Endpoint, Problem, Session } from "../../generated/contract";
import { language, t } from "../text/language";

/** What the service answered instead of what was asked for, or that it did not answer at all (status 0). */
export class ApiProblem extends Error {
  constructor(readonly status: number, readonly problem: Partial<Problem>, readonly retry_after = 0) {
    super(problem.title ?? String(status));
  }
  get title(): string {
    return this.problem.title ?? t("problem.title");
  }
  /** What is wrong and what to do: the service's words, or ours where it gave none. */
  get detail(): string {
    if (this.problem.detail) return this.problem.detail;
    if (this.status === 0) return t("problem.offline");
    if (this.status === 401) return t("problem.signed_out");
    if (this.status === 403) return t("problem.forbidden");
    if (this.status === 404) return t("problem.not_found");
    if (this.status === 412) return t("problem.changed");
    if (this.status === 429) return t("problem.too_many", { n: this.retry_after || 60 });
    return t("problem.again");
  }
}

let token = "";
let on_signed_out: () => void = () => undefined;

export function use_session(session: Session | null): void {
  token = session?.csrf_token ?? "";
}
/** Called when the service no longer knows the session. */
export function when_signed_out(listener: () => void): void {
  on_signed_out = listener;
}

export type Values = Record<string, string | number | boolean | undefined>;

/** The address of an endpoint: `{name}` from `path`, the rest as query; empty values are left out. */
export function address(endpoint: Endpoint, path: Values = {}, query: Values = {}): string {
  const filled = endpoint.slice(endpoint.indexOf(" ") + 1)
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name] ?? "")));
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${filled}?${text}` : filled;
}

export interface Asked {
  path?: Values;
  query?: Values;
  body?: unknown;
  form?: FormData;
  version?: number; // of what the user saw: If-Match
  once?: string; // Idempotency-Key
  quiet?: boolean; // a 401 is an answer here, not the end of the session
  signal?: AbortSignal;
}

export async function request(endpoint: Endpoint, asked: Asked = {}): Promise<Response> {
  const method = endpoint.slice(0, endpoint.indexOf(" "));
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  if (asked.version !== undefined) headers["If-Match"] = `"${asked.version}"`;
  if (asked.once) headers["Idempotency-Key"] = asked.once;
  let response: Response;
  try {
    response = await fetch(address(endpoint, asked.path, asked.query), {
      method, headers, credentials: "same-origin", cache: "no-store", signal: asked.signal ?? null,
      body: asked.form ?? (asked.body === undefined ? null : JSON.stringify(asked.body)),
    });
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") throw fault;
    throw new ApiProblem(0, { title: t("problem.offline_title") });
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({})) as Partial<Problem>;
  if (response.status === 401 && !asked.quiet) on_signed_out();
  throw new ApiProblem(response.status, problem, Number(response.headers.get("Retry-After") ?? 0));
}

export async function api<T>(endpoint: Endpoint, asked: Asked = {}): Promise<T> {
  const response = await request(endpoint, asked);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A new Idempotency-Key; use_send gives each thing to send its own. */
export const new_once = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Field errors of a problem by the form's field ids: `fields` says which pointer belongs to which. */
export function field_errors(problem: ApiProblem, fields: Record<string, string>): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const error of problem.problem.errors ?? []) {
    const at = Object.keys(fields).filter((pointer) => error.pointer === pointer || error.pointer.startsWith(pointer + "/"))
      .sort((a, b) => b.length - a.length)[0];
    if (at) errors[fields[at]!] = error.detail;
  }
  return errors;
}
