// The queue of referrals.
import { useState } from "preact/hooks";
import type { CasePage, CaseSummary } from "../../generated/contract";
import { api } from "../api/client";
import { link, short_id } from "../route";
import { purpose_title, use_signed } from "../session";
import { ago, count, day, t } from "../text/language";
import { percent } from "../ui/compare";
import { Empty, Loaded, PageHead } from "../ui/feedback";
import { Button, SelectField, TextField } from "../ui/form";
import { use_pages } from "../ui/load";
import { Badge, CaseBadge } from "../ui/outcome";
import { Table } from "../ui/table";

/** "Segera", "Tinggi", "Biasa": what orders the queue, in three steps; the number stands beside it. */
function Priority({ value }: { value: number }) {
  const step = value >= 80 ? "high" : value >= 30 ? "middle" : "low";
  return <span>{t(`priority.${step}`)} <span class="small soft">{value}</span></span>;
}

export function CasesPage() {
  const { me } = use_signed();
  const [state, set_state] = useState("open");
  const [mine, set_mine] = useState("");
  const [purpose, set_purpose] = useState("");
  const [text, set_text] = useState("");
  const [asked, set_asked] = useState("");
  const list = use_pages<CaseSummary, CasePage>((cursor, signal) =>
    api("GET /v1/cases", { signal, query: { cursor, state, assignee: mine, purpose, q: asked, limit: 50 } }), [state, mine, purpose, asked]);
  const counts = list.first?.counts;
  const filtered = mine || purpose || asked;
  return (
    <>
      <PageHead title={t("nav.cases")} lead={t("cases.lead")} />
      {counts && (
        <dl class="cards" style={{ marginBottom: "24px" }}>
          {([["cases.open", counts.open], ["cases.awaiting", counts.awaiting_second], ["cases.overdue", counts.overdue], ["cases.needs_more", counts.needs_more]] as const)
            .map(([key, value]) => <div class="sheet" key={key} style={{ padding: "16px" }}><dd class="big-number">{count(value)}</dd><dt class="figure-label">{t(key)}</dt></div>)}
        </dl>)}
      <form class="filters" onSubmit={(event) => { event.preventDefault(); set_asked(text.trim()); }}>
        <SelectField id="f-state" label={t("batch.state")} value={state} set={set_state} options={[{ value: "open", label: t("cases.state_open") }, { value: "closed", label: t("cases.state_closed") }]} />
        <SelectField id="f-mine" label={t("cases.assignee")} value={mine} set={set_mine} empty={t("cases.anybody")} options={[{ value: "me", label: t("cases.mine") }]} />
        <SelectField id="f-purpose" label={t("form.purpose")} value={purpose} set={set_purpose} empty={t("list.all")}
          options={me.policies.map((policy) => ({ value: policy.name, label: purpose_title(me, policy.name) }))} />
        <TextField id="f-text" label={t("cases.search")} type="search" value={text} set={set_text} max={120} />
        <Button type="submit">{t("list.search")}</Button>
      </form>
      <Loaded load={list}>{(rows) => rows.length === 0
        ? <Empty title={filtered ? t("list.none_match") : state === "open" ? t("cases.none") : t("cases.none_closed")}>{filtered ? t("list.none_match_do") : t("cases.none_do")}</Empty>
        : <Table caption={t("nav.cases")} rows={rows} id_of={(row) => row.id} more={list.more} columns={[
            { title: t("list.reference"), lead: true, cell: (row) => <><a href={link("cases", row.id)}>{row.reference || short_id(row.id)}</a>
              <div class="small soft">{purpose_title(me, row.purpose)} · {row.tenant}</div></> },
            { title: t("batch.state"), cell: (row) => <CaseBadge state={row.state} /> },
            { title: t("cases.likelihood"), number: true, cell: (row) => row.best_probability_bp === undefined ? "–" : percent(row.best_probability_bp) },
            { title: t("cases.candidates"), number: true, cell: (row) => `${row.undecided} / ${row.candidates}` },
            { title: t("cases.priority"), cell: (row) => <Priority value={row.priority} /> },
            { title: t("cases.age"), cell: (row) => ago(row.opened) },
            { title: t("cases.due"), cell: (row) => row.overdue ? <Badge tone="grave">{day(row.due)}</Badge> : day(row.due) },
            { title: t("cases.assignee"), cell: (row) => row.assignee === me.id ? t("cases.me") : row.assignee || t("cases.nobody") },
          ]} />}
      </Loaded>
    </>
  );
}
