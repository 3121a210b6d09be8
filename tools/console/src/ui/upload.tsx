// The steps that a batch and a register file have in common: the file read, its columns set right, its rows seen.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Preview } from "../../generated/contract";
import type { ApiProblem } from "../api/client";
import { t } from "../text/language";
import { ColumnTable, mapping_of, RowsSeen, type Choices } from "./columns";
import { Failure, Notice } from "./feedback";
import { Button, FileDrop } from "./form";
import { as_problem } from "./load";

export interface FileUpload {
  file: File | undefined;
  choose: (file: File) => void;
  choices: Choices;
  correct: (choices: Choices) => void; // reads anew; of several corrections in haste the last one is shown
  preview: Preview | undefined;
  busy: boolean;
  problem: ApiProblem | undefined;
  step: number; // 0: the file is chosen, 1: its columns, 2: its rows, 3 and on: the page's own
  go: (step: number) => void; // back to 0 forgets what was read
  read: () => void;
  form: () => FormData; // file and columns with what `fill` adds
}

export function use_upload(preview_of: (form: FormData, signal: AbortSignal) => Promise<Preview>, fill: (form: FormData) => void): FileUpload {
  const [file, set_file] = useState<File>();
  const [choices, set_choices] = useState<Choices>({});
  const [preview, set_preview] = useState<Preview>();
  const [step, set_step] = useState(0);
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState<ApiProblem>();
  const reading = useRef<AbortController | null>(null);
  const leave = () => { reading.current?.abort(); set_busy(false); };
  useLayoutEffect(() => () => reading.current?.abort(), []);

  const form_with = (chosen: Choices) => {
    const data = new FormData();
    fill(data);
    const mapping = mapping_of(chosen);
    if (mapping) data.set("mapping", JSON.stringify(mapping));
    data.set("file", file!, file!.name);
    return data;
  };
  const read = (chosen: Choices) => {
    reading.current?.abort();
    const mine = reading.current = new AbortController();
    const unless_left = (done: () => void) => { if (!mine.signal.aborted) { set_busy(false); done(); } };
    set_busy(true);
    set_problem(undefined);
    preview_of(form_with(chosen), mine.signal).then(
      (seen) => unless_left(() => { set_preview(seen); set_step((at) => at || 1); }),
      (fault: unknown) => unless_left(() => set_problem(as_problem(fault))));
  };
  return {
    file, choices, preview, busy, problem, step,
    choose: (given) => { set_file(given); set_choices({}); },
    correct: (chosen) => { set_choices(chosen); read(chosen); },
    go: (to) => {
      if (to === 0) { leave(); set_preview(undefined); set_problem(undefined); }
      set_step(to);
    },
    read: () => read(choices), form: () => form_with(choices),
  };
}

const ACCEPTED = ".csv,.tsv,.xlsx,.jsonl";

/** The end of the first step: the file, and reading it. The page's form submits. */
export function FilePart({ upload, drop, hint, error, children }:
  { upload: FileUpload; drop: string; hint: string; error: string | undefined; children?: ComponentChildren }) {
  return (
    <>
      {error && <p class="field-error">{error}</p>}
      <FileDrop id="file" label={upload.file ? t("file.is", { name: upload.file.name }) : drop} hint={hint} accept={ACCEPTED} onFile={upload.choose} />
      {children}
      <div class="form-end"><Button kind="primary" type="submit" busy={upload.busy}>{t("batch.read")}</Button></div>
    </>
  );
}

/** The second and the third step. `notes` stand above the rows, `next` is the button that goes on from them. */
export function UploadSteps({ upload, preview, notes, next }:
  { upload: FileUpload; preview: Preview; notes?: ComponentChildren; next: ComponentChildren }) {
  const has_name = preview.columns.some((column) => column.column === "name");
  return (
    <>
      {upload.problem && <Failure problem={upload.problem} retry={upload.read} />}
      {preview.error && <Notice tone="grave" title={t("batch.unreadable")} alert><p>{preview.error}</p></Notice>}
      {upload.step === 1 && (
        <section class="stack">
          <h2>{t("columns.title")}</h2>
          <p class="soft">{t("columns.lead", { file: preview.file_name })}</p>
          {!has_name && <Notice tone="grave" title={t("columns.no_name")} alert><p>{t("columns.no_name_do")}</p></Notice>}
          <ColumnTable preview={preview} choices={upload.choices} set={upload.correct} />
          <div class="form-end">
            <Button kind="primary" disabled={!has_name || !!upload.problem} busy={upload.busy} onClick={() => upload.go(2)}>{t("action.next")}</Button>
            <Button onClick={() => upload.go(0)}>{t("action.back")}</Button>
          </div>
        </section>)}
      {upload.step === 2 && (
        <section class="stack">
          <h2>{t("rows.title")}</h2>
          {notes}
          <RowsSeen preview={preview} />
          <div class="form-end">
            {next}
            <Button onClick={() => upload.go(1)}>{t("action.back")}</Button>
          </div>
        </section>)}
    </>
  );
}
