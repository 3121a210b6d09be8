// A table of a list: on a narrow screen each row becomes a card (styles/components.css).
import type { ComponentChildren } from "preact";
import { count, t } from "../text/language";
import { Button } from "./form";

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  number?: boolean;
  lead?: boolean; // what a card is headed by
  action?: boolean;
}

export function Table<T>({ caption, columns, rows, id_of, more, marked }: {
  caption: string; columns: Column<T>[]; rows: T[]; id_of: (row: T) => string | number; more?: (() => void) | undefined;
  marked?: (row: T) => boolean }) {
  const classes = (column: Column<T>) =>
    [column.number && "number", column.lead && "cell-lead", column.action && "cell-action"].filter(Boolean).join(" ") || undefined;
  return (
    <>
      <div class="table-wrap">
        <table class="table table-cards">
          <caption class="hidden-text">{caption}</caption>
          <thead>
            <tr>{columns.map((column) => (
              <th key={column.title} scope="col" class={column.number ? "number" : undefined}>
                {column.action ? <span class="hidden-text">{column.title}</span> : column.title}
              </th>))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={id_of(row)} class={marked?.(row) ? "row-marked" : undefined}>
                {columns.map((column) => (
                  <td key={column.title} class={classes(column)} data-label={column.title}>{column.cell(row)}</td>))}
              </tr>))}
          </tbody>
        </table>
      </div>
      <div class="table-end no-print">
        <span class="small soft">{t("list.shown", { n: count(rows.length) })}</span>
        {more && <Button small onClick={more}>{t("list.more")}</Button>}
      </div>
    </>
  );
}

export function Facts({ rows, tight }: { rows: (readonly [string, ComponentChildren] | null | false | undefined)[]; tight?: boolean }) {
  return (
    <dl class={tight ? "facts facts-tight" : "facts"}>
      {rows.map((row) => row && <><dt>{row[0]}</dt><dd>{row[1]}</dd></>)}
    </dl>
  );
}
