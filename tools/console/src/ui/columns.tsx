// A file before it is sent: which of its columns is read as what, to be corrected; what its rows become; which cannot
// be read and why. Of batches and of register files alike.
import { useState } from "preact/hooks";
import type { Mapping, Preview, PreviewColumn, PreviewRow, RowProblem } from "../../generated/contract";
import { count, partial_date, t } from "../text/language";
import { Notice } from "./feedback";
import { Badge } from "./outcome";
import { Table } from "./table";

export type Choices = Record<string, string | null>; // heading -> canonical column; null: left out

export function mapping_of(choices: Choices, constants: Record<string, string> = {}): Mapping | undefined {
  if (Object.keys(choices).length === 0 && Object.keys(constants).length === 0) return undefined;
  return { ...(Object.keys(choices).length ? { columns: choices } : {}), ...(Object.keys(constants).length ? { constants } : {}) };
}

export function ColumnTable({ preview, choices, set }: { preview: Preview; choices: Choices; set: (choices: Choices) => void }) {
  const read_as = (column: PreviewColumn) => column.heading in choices ? choices[column.heading] : column.column;
  const taken = new Set(preview.columns.map(read_as).filter(Boolean));
  return (
    <div class="table-wrap">
      <table class="table table-cards">
        <caption class="hidden-text">{t("columns.title")}</caption>
        <thead><tr><th scope="col">{t("columns.heading")}</th><th scope="col">{t("columns.samples")}</th><th scope="col">{t("columns.as")}</th></tr></thead>
        <tbody>
          {preview.columns.map((column: PreviewColumn, index) => {
            const id = `column-${index}`;
            const now = read_as(column);
            return (
              <tr key={column.heading}>
                <td class="cell-lead" data-label={t("columns.heading")}><label for={id}>{column.heading || t("columns.no_heading")}</label></td>
                <td data-label={t("columns.samples")} class="soft">{column.samples.filter(Boolean).slice(0, 3).join(" · ") || "–"}</td>
                <td data-label={t("columns.as")}>
                  <select id={id} class="input" style={{ marginTop: "0" }} value={now ?? ""} onChange={(event) =>
                    set({ ...choices, [column.heading]: event.currentTarget.value || null })}>
                    <option value="">{t("columns.unused")}</option>
                    {now && !preview.fields.some((field) => field.name === now) && <option value={now}>{now}</option>}
                    {preview.fields.map((field) => (
                      <option key={field.name} value={field.name} disabled={taken.has(field.name) && field.name !== now}>{field.title}</option>))}
                  </select>
                  <span class="small soft">{column.heading in choices ? t("columns.chosen") : column.column ? t("columns.recognised") : t("columns.not_recognised")}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Problems({ rejects, total }: { rejects: RowProblem[]; total: number }) {
  return (
    <>
      <Table caption={t("rows.bad")} rows={rejects} id_of={(row) => `${row.line}-${row.field ?? ""}-${row.reason}`} columns={[
        { title: t("rows.line"), lead: true, cell: (row) => t("rows.line_n", { n: row.line }) },
        { title: t("rows.field"), cell: (row) => row.field || "–" },
        { title: t("rows.why"), cell: (row) => row.reason },
        { title: t("rows.cure"), cell: (row) => row.cure || "–" },
      ]} />
      {total > rejects.length && <p class="small soft">{t("rows.first_only", { n: rejects.length, all: count(total) })}</p>}
    </>
  );
}

export function RowCounts({ preview }: { preview: Preview }) {
  return (
    <div class="row" style={{ margin: "0 0 16px" }}>
      <Badge tone="good">{t("rows.good_n", { n: count(preview.rows) })}</Badge>
      {preview.rejected > 0 && <Badge tone="grave">{t("rows.bad_n", { n: count(preview.rejected) })}</Badge>}
      {(preview.too_little ?? 0) > 0 && <Badge tone="void">{t("rows.little_n", { n: count(preview.too_little) })}</Badge>}
    </div>
  );
}

/** The rows as they will be read, the bad ones with their cures. */
export function RowsSeen({ preview }: { preview: Preview }) {
  const [all, set_all] = useState(false);
  const rows = all ? preview.first_rows : preview.first_rows.slice(0, 6);
  return (
    <div class="stack">
      <RowCounts preview={preview} />
      {preview.warnings.map((warning) => <Notice key={warning} tone="watch"><p>{warning}</p></Notice>)}
      {(preview.too_little ?? 0) > 0 && <Notice tone="void" title={t("rows.little", { n: count(preview.too_little) })}><p>{t("rows.little_do")}</p></Notice>}
      {preview.rejected > 0 && (
        <section>
          <h3>{t("rows.bad")}</h3>
          <p class="soft small" style={{ marginBottom: "12px" }}>{t("rows.bad_do")}</p>
          <Problems rejects={preview.rejects} total={preview.rejected} />
        </section>)}
      {preview.first_rows.length > 0 && (
        <section>
          <h3 style={{ marginBottom: "12px" }}>{t("rows.read_as")}</h3>
          <Table caption={t("rows.read_as")} rows={rows} id_of={(row: PreviewRow) => row.line} more={!all && preview.first_rows.length > 6 ? () => set_all(true) : undefined} columns={[
            { title: t("form.name"), lead: true, cell: (row) => row.name || "–" },
            { title: t("form.number"), cell: (row) => <span class="id">{(row.numbers ?? []).join(" · ") || "–"}</span> },
            { title: t("form.born"), cell: (row) => partial_date(row.date_of_birth) },
            { title: t("form.sex"), cell: (row) => row.sex === "M" || row.sex === "F" ? t(`sex.${row.sex}`) : "–" },
            { title: t("rows.unread"), cell: (row) => row.unread ? <Badge tone="watch">{row.unread}</Badge> : "" },
          ]} />
        </section>)}
    </div>
  );
}

export function Steps({ titles, at }: { titles: string[]; at: number }) {
  return (
    <ol class="steps" aria-label={t("steps.title")}>
      {titles.map((title, index) => (
        <li key={title} data-state={index < at ? "done" : undefined} aria-current={index === at ? "step" : undefined}>{title}</li>))}
    </ol>
  );
}
