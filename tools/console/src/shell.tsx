// What stands around every page: the mast, the list of jobs, the foot.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Operation } from "../generated/contract";
import { use_signed, type Signed } from "./session";
import { language, set_language, t, type TextKey } from "./text/language";

interface Job { to: string; text: TextKey; needs: Operation; unless?: Operation; count?: "cases" | "alerts" }
interface Group { title?: TextKey; jobs: Job[] }

// `unless`: who may do that has the job elsewhere, or has no use for this one.
const GROUPS: Group[] = [
  { jobs: [{ to: "", text: "nav.overview", needs: "getOverview" }] },
  { title: "nav.group.cases", jobs: [
    { to: "cases", text: "nav.cases", needs: "listCases", count: "cases" },
    { to: "carer", text: "nav.carer", needs: "listCases" },
    { to: "household", text: "nav.household", needs: "listCases" },
  ] },
  { title: "nav.group.checks", jobs: [
    { to: "check", text: "nav.check", needs: "createScreening" },
    { to: "batches", text: "nav.batches", needs: "createBatch" },
    { to: "checks", text: "nav.checks", needs: "listScreenings" },
  ] },
  { title: "nav.group.watch", jobs: [
    { to: "watch", text: "nav.watch", needs: "listEnrolments" },
    { to: "alerts", text: "nav.alerts", needs: "listAlerts", count: "alerts" },
    { to: "webhooks", text: "nav.webhooks", needs: "createWebhook" },
  ] },
  { title: "nav.group.registers", jobs: [
    { to: "find", text: "nav.find", needs: "lookUp" },
    { to: "registers", text: "nav.registers", needs: "listRecords" },
  ] },
  { title: "nav.group.oversight", jobs: [
    { to: "audit", text: "nav.audit", needs: "listAudit" },
    { to: "audit/verify", text: "nav.audit_verify", needs: "verifyAudit" },
  ] },
  { title: "nav.group.admin", jobs: [
    { to: "keys", text: "nav.keys", needs: "listKeys" },
    { to: "roles", text: "nav.roles", needs: "listKeys" },
    { to: "policies", text: "nav.policies", needs: "putPolicy" },
  ] },
  { title: "nav.group.more", jobs: [
    { to: "receipt", text: "nav.receipt", needs: "verifyReceipt" },
    { to: "person", text: "nav.person", needs: "reportSubject" },
    { to: "policies", text: "nav.policies", needs: "listPolicies", unless: "putPolicy" },
  ] },
];

const LANGUAGES = [["ms", "BM", "Bahasa Melayu"], ["en", "EN", "English"]] as const;

export function Languages() {
  return (
    <div class="langs" role="group" aria-label={t("nav.language")}>
      {LANGUAGES.map(([code, short, name]) => (
        <button key={code} type="button" lang={code} aria-pressed={language() === code} onClick={() => set_language(code)}>
          <span aria-hidden="true">{short}</span><span class="hidden-text">{name}</span>
        </button>))}
    </div>
  );
}

export function Wordmark() {
  return (
    <a class="wordmark" href="#/">
      <svg viewBox="0 0 32 32" aria-hidden="true"><rect x="1" y="1" width="30" height="30" rx="6" fill="none" stroke="currentColor" stroke-width="2" /><path d="M9 16.5l5 5 9.5-11" fill="none" stroke="currentColor" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round" /></svg>
      Semak
    </a>
  );
}

/** Whether `to` is the page at hand: the longest job that the path begins with. */
function current(path: string, to: string, all: string[]): boolean {
  const here = path.replace(/^\//, "");
  const fits = (job: string) => job === "" ? here === "" : here === job || here.startsWith(job + "/");
  return fits(to) && !all.some((other) => other.length > to.length && fits(other));
}

function Jobs({ path, open, counts, onPick }: { path: string; open: boolean; counts: Counts; onPick: () => void }) {
  const { may, sign_out } = use_signed();
  const groups = GROUPS.map((group) => ({ ...group, jobs: group.jobs.filter((job) => may(job.needs) && !(job.unless && may(job.unless))) }))
    .filter((group) => group.jobs.length > 0);
  const all = groups.flatMap((group) => group.jobs.map((job) => job.to));
  return (
    <nav id="jobs" class={open ? "jobs jobs-open" : "jobs"} aria-label={t("nav.jobs")}>
      <div class="jobs-in">
        {groups.map((group) => (
          <div key={group.title ?? ""}>
            {group.title && <h2>{t(group.title)}</h2>}
            <ul>
              {group.jobs.map((job) => {
                const number = job.count ? counts[job.count] : undefined;
                return (
                  <li key={job.to}>
                    <a href={job.to ? "#/" + job.to : "#/"} aria-current={current(path, job.to, all) ? "page" : undefined} onClick={onPick}>
                      {t(job.text)}
                      {number ? <span class="count">{number}<span class="hidden-text"> {t("nav.waiting")}</span></span> : null}
                    </a>
                  </li>
                );
              })}
            </ul>
          </div>))}
        <button type="button" class="button button-small jobs-out" onClick={sign_out}>{t("nav.sign_out")}</button>
      </div>
    </nav>
  );
}

export interface Counts { cases?: number | undefined; alerts?: number | undefined }

export function Shell({ signed, path, counts, children }:
  { signed: Signed | null; path: string; counts: Counts; children: ComponentChildren }) {
  const [open, set_open] = useState(false);
  const service = signed?.me.service;
  return (
    <div class="shell">
      <button class="skip" type="button" onClick={() => document.querySelector<HTMLElement>("main h1")?.focus()}>{t("nav.skip")}</button>
      <header class="mast">
        <div class="mast-in">
          <Wordmark />
          <span class="mast-about">{t("shell.about")}</span>
          <div class="mast-end">
            {signed && <div class="mast-who"><strong>{signed.me.label}</strong>{t(`role.${signed.me.role}`)} · {signed.me.tenant}</div>}
            <Languages />
            {signed && <button type="button" class="sign-out" onClick={signed.sign_out}>{t("nav.sign_out")}</button>}
            {signed && (
              <button type="button" class="menu-button" aria-expanded={open} aria-controls="jobs" onClick={() => set_open(!open)}>
                {t("nav.menu")}
              </button>)}
          </div>
        </div>
      </header>
      <div class={signed ? "body" : "body body-single"}>
        {signed && <Jobs path={path} open={open} counts={counts} onPick={() => set_open(false)} />}
        <main class="page">{children}</main>
      </div>
      <footer class="foot">
        <div class="foot-in">
          <p>{t("shell.law")} {t("shell.times")}</p>
          {service?.version && <span class="foot-end">{service.name ?? "Semak"} {service.version}</span>}
        </div>
      </footer>
    </div>
  );
}

