// The registers: which there are, one of them, and a file to load into it.
import { useEffect, useState } from "preact/hooks";
import type { Change, ChangePage, Preview, RecordPage, Record as RegisterRecord, Register, RegisterKind, RegisterList, Upload } from "../../generated/contract";
import { address, api } from "../api/client";
import { link } from "../route";
import { use_signed } from "../session";
import { ago, count, day, moment, t, t_code } from "../text/language";
import { Steps } from "../ui/columns";
import { Empty, Failure, Loaded, Notice, PageHead } from "../ui/feedback";
import { Button, ErrorList, RadioField, SelectField, TextField, type Errors } from "../ui/form";
import { use_load, use_pages, use_send } from "../ui/load";
import { Badge } from "../ui/outcome";
import { Facts, Table } from "../ui/table";
import { FilePart, UploadSteps, use_upload } from "../ui/upload";

const KINDS: RegisterKind[] = ["offender", "oyls", "child", "reference"];

export function RegistersPage() {
  const { may } = use_signed();
  const load = use_load<RegisterList>((signal) => api("GET /v1/registers", { signal }), []);
  return (
    <>
      <PageHead title={t("registers.title")} lead={t("registers.lead")}>
        {may("uploadRegister") && <a class="button" href={link("registers", "new")}>{t("register.new")}</a>}
      </PageHead>
      <Loaded load={load}>{(list) => list.items.length === 0
        ? <Empty title={t("registers.none")} actions={may("uploadRegister") && <a class="button" href={link("registers", "new")}>{t("register.new")}</a>}>{t("registers.none_do")}</Empty>
        : <Table caption={t("registers.title")} rows={list.items} id_of={(row) => row.name} columns={[
            { title: t("register.name"), lead: true, cell: (row) => <a href={link("registers", row.name)}>{row.name}</a> },
            { title: t("register.kind"), cell: (row) => t_code("kind.", row.kind) },
            { title: t("register.active"), number: true, cell: (row) => count(row.active) },
            { title: t("register.withdrawn"), number: true, cell: (row) => count(row.withdrawn) },
            { title: t("register.updated"), cell: (row) => moment(row.updated) },
            { title: t("register.complete_at"), cell: (row) => row.complete_at ? <>{day(row.complete_at)} <span class="small soft">({t("time.ago", { age: ago(row.complete_at) })})</span></> : "–" },
          ]} />}
      </Loaded>
    </>
  );
}

export function RegisterPage({ name }: { name: string }) {
  const { may } = use_signed();
  const load = use_load<Register>((signal) => api("GET /v1/registers/{name}", { path: { name }, signal }), [name]);
  const records = use_pages<RegisterRecord, RecordPage>((cursor, signal) =>
    api("GET /v1/registers/{name}/records", { path: { name }, signal, query: { cursor, limit: 20 } }), [name]);
  return (
    <>
      <PageHead title={name} crumb={<a href={link("registers")}>{t("nav.registers")}</a>}>
        {may("createRecord") && <a class="button button-primary" href={link("registers", name, "add")}>{t("record.add")}</a>}
        {may("uploadRegister") && <a class="button" href={link("registers", name, "upload")}>{t("upload.title")}</a>}
        {may("lookUp") && <a class="button" href={link("find")}>{t("nav.find")}</a>}
      </PageHead>
      <Loaded load={load}>{(register) => (
        <div class="stack-large">
          <div class="cards">
            <div class="sheet"><div class="big-number">{count(register.active)}</div><div class="figure-label">{t("register.active")}</div></div>
            <div class="sheet"><div class="big-number">{count(register.withdrawn)}</div><div class="figure-label">{t("register.withdrawn")}</div></div>
            <div class="sheet"><div class="big-number">{register.complete_at ? ago(register.complete_at) : "–"}</div><div class="figure-label">{t("register.age")}</div></div>
          </div>
          {may("confirmRegister") && <Complete register={register} done={load.reload} />}
          <section class="section">
            <h2>{t("register.last_changed")}</h2>
            <Loaded load={records}>{(rows) => rows.length === 0 ? <Empty title={t("register.no_records")}>{t("register.no_records_do")}</Empty> :
              <Table caption={t("register.last_changed")} rows={rows} id_of={(row) => row.id} more={records.more} columns={[
                { title: t("form.name"), lead: true, cell: (row) => <a dir="auto" href={link("registers", name, "records", row.id)}>{row.record.names[0]?.text ?? row.id}</a> },
                { title: t("record.id"), cell: (row) => <span class="id">{row.id}</span> },
                { title: t("batch.state"), cell: (row) => <RecordBadge state={row.state} /> },
                { title: t("form.number"), cell: (row) => <span class="id">{row.record.numbers?.[0]?.text ?? "–"}</span> },
                { title: t("list.when"), cell: (row) => moment(row.provenance?.time) },
              ]} />}
            </Loaded>
          </section>
          <section class="section">
            <h2>{t("register.loads")}</h2>
            <Table caption={t("register.loads")} rows={register.history} id_of={(row) => row.load ?? row.time ?? ""} columns={[
              { title: t("register.load"), lead: true, cell: (row) => <>{(row.files ?? []).join(", ") || t("register.by_hand")}</> },
              { title: t("list.when"), cell: (row) => moment(row.time) },
              { title: t("load.added"), number: true, cell: (row) => count(row.added) },
              { title: t("load.changed"), number: true, cell: (row) => count(row.changed) },
              { title: t("load.unchanged"), number: true, cell: (row) => count(row.unchanged) },
              { title: t("load.withdrawn"), number: true, cell: (row) => count(row.withdrawn) },
              { title: t("load.rejected"), number: true, cell: (row) => count(row.rejected) },
            ]} />
          </section>
          {may("listChanges") && <Changes name={name} />}
        </div>)}
      </Loaded>
    </>
  );
}

/** A register kept record by record gets no newer by that: somebody who has compared it with its source says so. */
function Complete({ register, done }: { register: Register; done: () => void }) {
  const { busy, problem, send } = use_send();
  return (
    <section class="sheet stack">
      <h2>{t("complete.title")}</h2>
      <p>{t("complete.explain", { day: day(register.complete_at) })}</p>
      {problem && <Failure problem={problem} />}
      <div class="row">
        <Button busy={busy} onClick={() => send(async () => {
          await api<Register>("POST /v1/registers/{name}/complete", { path: { name: register.name } });
          done();
        })}>{t("complete.go")}</Button>
      </div>
    </section>
  );
}

export const RecordBadge = ({ state }: { state: "active" | "withdrawn" }) =>
  <Badge tone={state === "active" ? "good" : "plain"}>{t(`record.state.${state}`)}</Badge>;

function Changes({ name }: { name: string }) {
  const [open, set_open] = useState(false);
  return (
    <details class="fold" onToggle={(event) => set_open(event.currentTarget.open)}>
      <summary>{t("register.change_log")}</summary>
      <div class="fold-body">{open && <ChangeLog name={name} />}</div>
    </details>
  );
}

function ChangeLog({ name }: { name: string }) {
  const list = use_pages<Change, ChangePage>((cursor, signal) =>
    api("GET /v1/registers/{name}/changes", { path: { name }, signal, query: { cursor, limit: 50 } }), [name]);
  return (
    <Loaded load={list}>{(rows) => (
      <Table caption={t("register.change_log")} rows={rows} id_of={(row) => row.revision} more={list.more} columns={[
        { title: t("record.id"), lead: true, cell: (row) => <a href={link("registers", name, "records", row.record_id)}>{row.record_id}</a> },
        { title: t("record.revision"), number: true, cell: (row) => row.revision },
        { title: t("change.kind"), cell: (row) => row.kind ? t_code("change.", row.kind) : t_code("record.state.", row.state) },
        { title: t("list.when"), cell: (row) => moment(row.time) },
      ]} />)}
    </Loaded>
  );
}

/** A register file: chosen, its columns set right, its rows seen, loaded. `name` empty: a new register. */
export function UploadPage({ name: given }: { name: string }) {
  const [name, set_name] = useState(given);
  const [kind, set_kind] = useState<RegisterKind | "">("");
  const [replace, set_replace] = useState(false);
  const [errors, set_errors] = useState<Errors>({});
  const [load, set_load] = useState<Upload>();
  const sending = use_send();
  const upload = use_upload((form, signal) => api<Preview>("POST /v1/registers/{name}/uploads/preview", { path: { name }, form, signal }), (form) => {
    if (kind) form.set("kind", kind);
    form.set("replace", String(replace));
  });
  const { preview, step } = upload;
  const begin = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)) found.name = t("register.name_bad");
    if (!given && !kind) found.kind = t("register.kind_missing");
    if (!upload.file) found.file = t("file.missing");
    set_errors(found);
    if (Object.keys(found).length === 0) upload.read();
  };
  useEffect(() => { // how far it is
    if (!load || load.state !== "running") return;
    const timer = setTimeout(() => {
      api<Upload>("GET /v1/registers/{name}/uploads/{upload}", { path: { name, upload: load.id } }).then(set_load, () => set_load({ ...load }));
    }, 700);
    return () => clearTimeout(timer);
  }, [load]);
  const rejects = load && address("GET /v1/registers/{name}/uploads/{upload}/rejects", { name, upload: load.id });
  return (
    <>
      <PageHead title={given ? t("upload.to", { name: given }) : t("register.new")} lead={t("upload.lead")}
        crumb={<a href={given ? link("registers", given) : link("registers")}>{given || t("nav.registers")}</a>} />
      <Steps titles={[t("upload.step_file"), t("batch.step_columns"), t("batch.step_rows"), t("upload.step_load")]} at={load ? 4 : step} />
      {!load && step === 0 && (
        <form class="stack-large" onSubmit={begin} noValidate>
          <ErrorList errors={errors} />
          {upload.problem && <Failure problem={upload.problem} />}
          {!given && (
            <div class="sheet">
              <TextField id="name" label={t("register.name")} hint={t("register.name_hint")} value={name} set={set_name} max={63} {...(errors.name ? { error: errors.name } : {})} />
              <SelectField id="kind" label={t("register.kind")} value={kind} set={(value) => set_kind(value as RegisterKind)} empty={t("form.choose")} {...(errors.kind ? { error: errors.kind } : {})}
                options={KINDS.map((each) => ({ value: each, label: t_code("kind.", each) }))} />
            </div>)}
          <FilePart upload={upload} drop={t("upload.drop")} hint={t("upload.drop_hint")} error={errors.file}>
            {given && <div class="sheet"><RadioField id="replace" label={t("upload.replace")} value={replace ? "yes" : "no"} set={(value) => set_replace(value === "yes")} options={[
              { value: "no", label: t("upload.replace_no"), hint: t("upload.replace_no_hint") },
              { value: "yes", label: t("upload.replace_yes"), hint: t("upload.replace_hint") },
            ]} /></div>}
          </FilePart>
        </form>)}
      {!load && step > 0 && preview && (
        <div class="stack-large">
          <UploadSteps upload={upload} preview={preview}
            notes={<>
              {replace && <Notice tone="watch" title={t("upload.replaces")}><p>{t("upload.replace_hint")}</p></Notice>}
              {sending.problem && <Failure problem={sending.problem} />}
            </>}
            next={<Button kind="primary" disabled={preview.rows === 0} busy={sending.busy} onClick={() => sending.send(async (once) => {
              set_load(await api<Upload>("POST /v1/registers/{name}/uploads", { path: { name }, form: upload.form(), once }));
            })}>{t("upload.go", { n: count(preview.rows) })}</Button>} />
        </div>)}
      {load && (
        <div class="stack-large" role="status">
          {load.state === "running" && (
            <section class="sheet stack">
              <h2>{t("upload.running")}</h2>
              <div class="progress" role="progressbar" aria-label={t("upload.running")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={load.total ? Math.round((100 * (load.done ?? 0)) / load.total) : 0}>
                <div style={{ width: `${load.total ? (100 * (load.done ?? 0)) / load.total : 4}%` }} />
              </div>
              <p class="soft small">{t("upload.all_or_nothing")}</p>
            </section>)}
          {load.state === "failed" && <Notice tone="grave" title={t("upload.failed")} alert><p>{load.error}</p><p>{t("upload.failed_do")}</p></Notice>}
          {load.state === "done" && load.report && (
            <>
              <Notice tone="good" title={t("upload.done")}><p>{t("upload.done_note")}</p></Notice>
              <section class="sheet">
                <Facts rows={[
                  [t("load.rows"), count(load.report.rows)], [t("load.added"), count(load.report.added)], [t("load.changed"), count(load.report.changed)],
                  [t("load.unchanged"), count(load.report.unchanged)], [t("load.withdrawn"), count(load.report.withdrawn)], [t("load.rejected"), count(load.report.rejected)],
                ]} />
              </section>
              {load.report.rejected > 0 && (
                <Notice tone="watch" title={t("rows.bad_n", { n: count(load.report.rejected) })}>
                  <p>{t("upload.rejects_do")}</p>
                  {load.rejects && <div class="row"><a class="button" href={rejects} download>{t("upload.rejects")}</a></div>}
                </Notice>)}
            </>)}
          {load.state !== "running" && <div class="row"><a class="button" href={link("registers", name)}>{t("upload.back")}</a></div>}
        </div>)}
    </>
  );
}
