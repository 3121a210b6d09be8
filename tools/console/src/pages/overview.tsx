// What is going on, on one page: charts begin at nothing, and say what they count.
import { useState } from "preact/hooks";
import type { Overview } from "../../generated/contract";
import { api } from "../api/client";
import { link } from "../route";
import { use_signed } from "../session";
import { ago, count, day, moment, t, t_code } from "../text/language";
import { Bars, Lines, Split } from "../ui/chart";
import { Loaded, Notice, PageHead } from "../ui/feedback";
import { SelectField } from "../ui/form";
import { use_load } from "../ui/load";
import { Badge } from "../ui/outcome";
import { Table } from "../ui/table";

const STALE_DAYS = 100; // as the policies that come with Semak say

function short_day(iso: string): string {
  return day(iso).replace(/\s\d{4}$/, "");
}

export function OverviewPage() {
  const { me, may } = use_signed();
  const [days, set_days] = useState("30");
  const load = use_load<Overview>((signal) => api("GET /v1/overview", { signal, query: { days: Number(days) } }), [days]);
  return (
    <>
      <PageHead title={t("overview.title", { who: me.label })} lead={t(`role.about.${me.role}`)}>
        {may("listCases") ? <a class="button button-primary" href={link("cases")}>{t("nav.cases")}</a>
          : may("createScreening") ? <a class="button button-primary" href={link("check")}>{t("nav.check")}</a>
          : may("createRecord") ? <a class="button button-primary" href={link("find")}>{t("nav.find")}</a>
          : may("verifyAudit") ? <a class="button button-primary" href={link("audit", "verify")}>{t("nav.audit_verify")}</a>
          : may("listKeys") ? <a class="button button-primary" href={link("keys")}>{t("nav.keys")}</a> : null}
      </PageHead>
      <Loaded load={load} lines={9}>{(seen) => {
        const outcomes = seen.outcomes;
        const total = seen.days.reduce((sum, one) => sum + one.total, 0);
        return (
          <div class="stack-large">
            {(seen.alerts_unacknowledged ?? 0) > 0 && may("listAlerts") &&
              <Notice tone="watch" title={t("overview.alerts", { n: count(seen.alerts_unacknowledged) })}><p><a href={link("alerts")}>{t("overview.alerts_go")}</a></p></Notice>}
            {seen.cases && (
              <dl class="cards">
                {([["cases.open", seen.cases.open], ["cases.awaiting", seen.cases.awaiting_second], ["cases.overdue", seen.cases.overdue]] as const)
                  .map(([key, value]) => <div class="sheet" key={key}><dd class="big-number">{count(value)}</dd><dt class="figure-label">{t(key)}</dt></div>)}
                <div class="sheet"><dd class="big-number">{seen.cases.oldest && seen.cases.open ? ago(seen.cases.oldest) : "–"}</dd><dt class="figure-label">{t("overview.oldest")}</dt></div>
              </dl>)}
            <div class="columns">
              <section class="sheet">
                <div class="sheet-head"><h2>{t("overview.days")}</h2>
                  <div class="filters" style={{ margin: "0" }}>
                    <SelectField id="days" label={t("overview.period")} value={days} set={set_days} options={["7", "30", "90", "365"].map((value) => ({ value, label: t("time.days", { n: value }) }))} />
                  </div>
                </div>
                {total === 0 ? <p class="soft">{t("overview.no_checks")}</p> : (
                  <Bars title={t("overview.days")} bars={seen.days.map((one) => ({ label: short_day(one.date), value: one.total, title: `${day(one.date)}: ${one.total}` }))} />)}
                <p class="small soft" style={{ marginTop: "8px" }}>{t("overview.days_note", { n: count(total) })}</p>
              </section>
              <section class="sheet">
                <h2 style={{ marginBottom: "16px" }}>{t("overview.outcomes")}</h2>
                <Split parts={[
                  { tone: "calm", label: t("outcome.no_record"), value: outcomes.no_record ?? 0 },
                  { tone: "watch", label: t("outcome.under_verification"), value: outcomes.under_verification ?? 0 },
                  { tone: "grave", label: t("outcome.record"), value: outcomes.record ?? 0 },
                  { tone: "void", label: t("outcome.incomplete"), value: outcomes.incomplete ?? 0 },
                ]} />
                <p class="small soft" style={{ marginTop: "12px" }}>{t("overview.outcomes_note")}</p>
              </section>
            </div>
            {seen.referral_ages && seen.referral_ages.some((age) => age.cases > 0) && (
              <section class="sheet">
                <h2 style={{ marginBottom: "12px" }}>{t("overview.ages")}</h2>
                <Lines title={t("overview.ages")} bars={seen.referral_ages.map((age) => {
                  const label = age.days_to === undefined ? t("overview.age_from", { from: age.days_from }) : t("overview.age", { from: age.days_from, to: age.days_to });
                  return { label, value: age.cases, title: label };
                })} />
              </section>)}
            {seen.registers && seen.registers.length > 0 && (
              <section class="section">
                <h2>{t("overview.registers")}</h2>
                <Table caption={t("overview.registers")} rows={seen.registers} id_of={(row) => row.name} columns={[
                  { title: t("register.name"), lead: true, cell: (row) => may("getRegister") && may("listRecords") ? <a href={link("registers", row.name)}>{row.name}</a> : row.name },
                  { title: t("register.kind"), cell: (row) => t_code("kind.", row.kind) },
                  { title: t("register.active"), number: true, cell: (row) => count(row.active) },
                  { title: t("register.updated"), cell: (row) => day(row.updated) },
                  { title: t("register.age"), cell: (row) => row.age_days === undefined ? "–" : row.kind !== "reference" && row.age_days > STALE_DAYS
                    ? <Badge tone="void">{t("time.days", { n: row.age_days })}</Badge> : t("time.days", { n: row.age_days }) },
                ]} />
              </section>)}
            <p class="small soft">{t("overview.as_of", { time: moment(seen.time), n: seen.generation })}</p>
          </div>
        );
      }}</Loaded>
    </>
  );
}
