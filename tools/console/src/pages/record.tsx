// One record of a register: what it says, how it came to say it; to be added, corrected, withdrawn.
import { useState } from "preact/hooks";
import type { NameType, NumberKind, Record as RegisterRecord, RecordContent, RecordHistory, RecordOut, Register } from "../../generated/contract";
import { api, ApiProblem, field_errors } from "../api/client";
import { go, link } from "../route";
import { use_signed } from "../session";
import { moment, partial_date, t, t_code } from "../text/language";
import { Dialog, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, DateField, ErrorList, iso_of, parts_of, RadioField, SelectField, TextField, type DateParts, type Errors } from "../ui/form";
import { as_problem, use_load, use_send } from "../ui/load";
import { MALAYSIAN_STATES } from "../ui/mykad";
import { Facts } from "../ui/table";
import { RecordBadge } from "./registers";

const NAME_TYPES: NameType[] = ["registered", "charged_as", "known_as", "former", "jawi", "han", "tamil"];
const KINDS: NumberKind[] = ["mykad", "old_ic", "passport", "police", "army", "unhcr", "birth_certificate", "other", "unknown"];

const field_title = (register: Register | undefined, name: string): string =>
  register?.columns.find((column) => column.name === name)?.title ?? name.replace(/_/g, " ");

/** What a record says as lines of text; two revisions are compared line by line. */
function lines_of(record: RecordOut, register: Register | undefined): [string, string][] {
  return [
    ...record.names.map((name): [string, string] => [t_code("name_type.", name.type ?? "registered"), name.text]),
    ...(record.numbers ?? []).map((number): [string, string] => [t_code("number.", number.kind ?? "unknown"), number.text]),
    [t("form.born"), record.date_of_birth ? partial_date(record.date_of_birth) : ""],
    [t("form.sex"), record.sex === "M" || record.sex === "F" ? t(`sex.${record.sex}`) : ""],
    [t("form.nationality"), record.nationality ?? ""],
    [t("form.state"), record.state ?? ""],
    ...Object.entries(record.fields ?? {}).map(([name, value]): [string, string] => [field_title(register, name), String(value)]),
  ];
}

export function RecordPage({ name, id }: { name: string; id: string }) {
  const { may } = use_signed();
  const register = use_load<Register>((signal) => api("GET /v1/registers/{name}", { path: { name }, signal }), [name]);
  const load = use_load<RegisterRecord>((signal) => api("GET /v1/registers/{name}/records/{id}", { path: { name, id }, signal }), [name, id]);
  const history = use_load<RecordHistory>((signal) => api("GET /v1/registers/{name}/records/{id}/history", { path: { name, id }, signal }), [name, id]);
  const [withdrawing, set_withdrawing] = useState(false);
  return (
    <>
      <PageHead window_title={id} title={load.data?.record.names[0]?.text ?? id} crumb={<><a href={link("registers")}>{t("nav.registers")}</a> / <a href={link("registers", name)}>{name}</a></>}>
        {load.data && may("correctRecord") && <a class="button button-primary" href={link("registers", name, "records", id, "correct")}>{t("record.correct")}</a>}
        {load.data?.state === "active" && may("withdrawRecord") && <Button kind="grave" onClick={() => set_withdrawing(true)}>{t("record.withdraw")}</Button>}
      </PageHead>
      <Loaded load={load}>{(record) => (
        <div class="stack-large">
          {record.state === "withdrawn" && <Notice tone="void" title={t("record.is_withdrawn")}><p>{t("record.is_withdrawn_do")}</p></Notice>}
          <section class="sheet">
            <div class="sheet-head"><h2>{t("record.says")}</h2><span class="small soft">{id} · {t("case.revision", { n: record.revision })} <RecordBadge state={record.state} /></span></div>
            <Facts rows={lines_of(record.record, register.data).filter(([, value]) => value).map(([label, value]) => [label, <span dir="auto">{value}</span>] as const)} />
          </section>
          <section class="section">
            <h2>{t("record.history")}</h2>
            <Loaded load={history}>{(all) => (
              <ol class="timeline sheet">
                {all.items.map((revision, index) => {
                  const before = all.items[index + 1];
                  const now = lines_of(revision.record, register.data), then = before ? lines_of(before.record, register.data) : [];
                  const same = (a: [string, string], list: [string, string][]) => list.some((b) => b[0] === a[0] && b[1] === a[1]);
                  const added = before ? now.filter((line) => line[1] && !same(line, then)) : [];
                  const gone = before ? then.filter((line) => line[1] && !same(line, now)) : [];
                  return (
                    <li key={revision.revision}>
                      <strong>{!before ? t("change.added") : revision.state === "withdrawn" ? t("change.withdrawn") : before.state === "withdrawn" ? t("change.restored") : t("change.changed")}</strong> · {t("case.revision", { n: revision.revision })}
                      {gone.map((line) => <div key={`-${line[0]}${line[1]}`} class="small"><del class="soft">{line[0]}: {line[1]}</del></div>)}
                      {added.map((line) => <div key={`+${line[0]}${line[1]}`} class="small"><ins>{line[0]}: <mark>{line[1]}</mark></ins></div>)}
                      <div class="small soft">{moment(revision.provenance?.time)} · {revision.provenance?.file ? t("record.from_file", { file: revision.provenance.file, line: revision.provenance.line ?? 0 }) : t("register.by_hand")}</div>
                    </li>
                  );
                })}
              </ol>)}
            </Loaded>
          </section>
          {withdrawing && <WithdrawDialog record={record} onClose={(after) => { set_withdrawing(false); if (after) { load.set(after); history.reload(); } }} />}
        </div>)}
      </Loaded>
    </>
  );
}

function WithdrawDialog({ record, onClose }: { record: RegisterRecord; onClose: (after?: RegisterRecord) => void }) {
  const [reason, set_reason] = useState("");
  const [error, set_error] = useState("");
  const { busy, problem, send } = use_send();
  return (
    <Dialog title={t("record.withdraw")} onClose={() => onClose()}>
      <form class="stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        if (!reason.trim()) return set_error(t("form.reason_missing"));
        send(async () => {
          const after = await api<RegisterRecord>("POST /v1/registers/{name}/records/{id}/withdraw", {
            path: { name: record.register, id: record.id }, version: record.revision, body: { reason: reason.trim() } });
          say(t("record.withdrawn_now"));
          onClose(after);
        });
      }}>
        <p>{t("record.withdraw_explain")}</p>
        {problem && <Failure problem={problem} />}
        <TextField id="withdraw-reason" label={t("form.reason")} hint={t("form.reason_hint")} rows={3} value={reason} set={set_reason} max={400} {...(error ? { error } : {})} />
        <div class="form-end">
          <Button kind="grave" type="submit" busy={busy}>{t("record.withdraw_go")}</Button>
          <Button onClick={() => onClose()}>{t("action.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Draft {
  id: string;
  names: { type: NameType; text: string }[];
  numbers: { kind: NumberKind; text: string; issuer: string }[];
  born: DateParts;
  sex: "" | "M" | "F";
  nationality: string;
  state: string;
  fields: Record<string, string>;
}

const draft_of = (record?: RecordOut): Draft => ({
  id: record?.id ?? "",
  names: record ? record.names.map((name) => ({ type: name.type ?? "registered", text: name.text })) : [{ type: "registered", text: "" }],
  numbers: record?.numbers?.length ? record.numbers.map((number) => ({ kind: number.kind ?? "unknown", text: number.text, issuer: number.issuer ?? "" })) : [{ kind: "mykad", text: "", issuer: "" }],
  born: parts_of(record?.date_of_birth ?? ""),
  sex: record?.sex ?? "",
  nationality: record?.nationality ?? "",
  state: record?.state ?? "",
  fields: Object.fromEntries(Object.entries(record?.fields ?? {}).map(([name, value]) => [name, String(value)])),
});

function content_of(draft: Draft, with_id: boolean, before?: RecordOut): RecordContent {
  const born = iso_of(draft.born);
  const numbers = draft.numbers.filter((number) => number.text.trim()).map((number) => {
    const was = before?.numbers?.find((one) => one.text === number.text.trim() && one.kind === number.kind);
    return { ...(was?.valid_from ? { valid_from: was.valid_from } : {}), ...(was?.valid_to ? { valid_to: was.valid_to } : {}),
      kind: number.kind, text: number.text.trim(), ...(number.issuer.trim() ? { issuer: number.issuer.trim() } : {}) };
  });
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([, value]) => value.trim() !== ""));
  return {
    ...(with_id && draft.id.trim() ? { id: draft.id.trim() } : {}),
    names: draft.names.filter((name) => name.text.trim()).map((name) => ({ type: name.type, text: name.text.trim() })),
    ...(numbers.length ? { numbers } : {}),
    ...(born ? { date_of_birth: born } : {}),
    ...(draft.sex ? { sex: draft.sex } : {}),
    ...(draft.nationality.trim() ? { nationality: draft.nationality.trim() } : {}),
    ...(draft.state.trim() ? { state: draft.state.trim() } : {}),
    ...(Object.keys(fields).length ? { fields } : {}),
  };
}

/** Adds a record (`id` empty) or corrects one. */
export function RecordEditPage({ name, id }: { name: string; id: string }) {
  const register = use_load<Register>((signal) => api("GET /v1/registers/{name}", { path: { name }, signal }), [name]);
  const load = use_load<RegisterRecord | null>((signal) =>
    id ? api("GET /v1/registers/{name}/records/{id}", { path: { name, id }, signal }) : Promise.resolve(null), [name, id]);
  return (
    <>
      <PageHead title={id ? t("record.correct") : t("record.add")} lead={id ? t("record.correct_lead") : t("record.add_lead")}
        crumb={<><a href={link("registers", name)}>{name}</a>{id && <> / <a href={link("registers", name, "records", id)}>{id}</a></>}</>} />
      <Loaded load={register}>{(of) => <Loaded load={load}>{(record) => <RecordForm key={record?.revision ?? 0} register={of} record={record} reload={load.reload} />}</Loaded>}</Loaded>
    </>
  );
}

function RecordForm({ register, record, reload }: { register: Register; record: RegisterRecord | null; reload: () => void }) {
  const [draft, set_draft] = useState(draft_of(record?.record));
  const [reason, set_reason] = useState("");
  const [errors, set_errors] = useState<Errors>({});
  const { busy, problem, send } = use_send();
  const put = (part: Partial<Draft>) => set_draft({ ...draft, ...part });
  const error = (key: string) => errors[key] ? { error: errors[key]! } : {};
  const submit = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!record && !draft.id.trim()) found.id = t("record.id_missing");
    if (!draft.names.some((one) => one.text.trim())) found["name-0"] = t("check.missing.name");
    if (iso_of(draft.born) === null) found.born = t("check.born_bad");
    if (!reason.trim()) found.reason = t("form.reason_missing");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async (once) => {
      try {
        const path = { name: register.name, id: record?.id ?? "" };
        const body = { record: content_of(draft, !record, record?.record), reason: reason.trim() };
        const after = record
          ? await api<RegisterRecord>("PUT /v1/registers/{name}/records/{id}", { path, version: record.revision, body })
          : await api<RegisterRecord>("POST /v1/registers/{name}/records", { path, once, body });
        say(t("record.saved"));
        go("registers", register.name, "records", after.id);
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), { "/record": "name-0", "/record/id": "id", "/record/names": "name-0", "/record/numbers": "number-0", "/record/date_of_birth": "born", "/reason": "reason",
          ...Object.fromEntries(register.columns.map((column) => [`/record/fields/${column.name}`, `field-${column.name}`])) });
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  const extra = Object.keys(draft.fields).filter((name) => !register.columns.some((column) => column.name === name));
  const change = <T,>(list: T[], index: number, part: Partial<T>) => list.map((one, at) => at === index ? { ...one, ...part } : one);
  return (
    <form class="stack-large" onSubmit={submit} noValidate>
      <ErrorList errors={errors} />
      {problem && (problem instanceof ApiProblem && problem.status === 412
        ? <Notice tone="watch" title={problem.title} alert><p>{problem.detail}</p><div class="row"><Button small onClick={reload}>{t("record.read_again")}</Button></div></Notice>
        : <Failure problem={problem} />)}
      <section class="sheet">
        {!record && <TextField id="id" label={t("record.id")} hint={t("record.id_hint")} value={draft.id} set={(id) => put({ id })} number max={120} {...error("id")} />}
        <h2 style={{ margin: record ? "0 0 12px" : "24px 0 12px" }}>{t("record.names")}</h2>
        {draft.names.map((one, index) => (
          <div class="field-row" key={index}>
            <SelectField id={`name-type-${index}`} label={t("form.other_type")} value={one.type} set={(type) => put({ names: change(draft.names, index, { type: type as NameType }) })}
              options={NAME_TYPES.map((type) => ({ value: type, label: t_code("name_type.", type) }))} />
            <TextField id={`name-${index}`} label={t("form.name")} value={one.text} set={(text) => put({ names: change(draft.names, index, { text }) })} max={400} {...error(`name-${index}`)} />
          </div>))}
        <div class="row" style={{ marginTop: "12px" }}><Button small onClick={() => put({ names: [...draft.names, { type: "known_as", text: "" }] })}>{t("form.add_name")}</Button></div>
        <h2 style={{ margin: "32px 0 12px" }}>{t("record.numbers")}</h2>
        {draft.numbers.map((one, index) => (
          <div class="field-row" key={index}>
            <SelectField id={`number-kind-${index}`} label={t("form.kind")} value={one.kind} set={(kind) => put({ numbers: change(draft.numbers, index, { kind: kind as NumberKind }) })}
              options={KINDS.map((kind) => ({ value: kind, label: t_code("number.", kind) }))} />
            <TextField id={`number-${index}`} label={t("form.number")} value={one.text} number set={(text) => put({ numbers: change(draft.numbers, index, { text }) })} max={64} {...error(`number-${index}`)} />
          </div>))}
        <div class="row" style={{ marginTop: "12px" }}><Button small onClick={() => put({ numbers: [...draft.numbers, { kind: "unknown", text: "", issuer: "" }] })}>{t("record.add_number")}</Button></div>
        <div class="field-row" style={{ marginTop: "32px" }}>
          <DateField id="born" label={t("form.born")} hint={t("form.born_hint")} value={draft.born} set={(born) => put({ born })} {...error("born")} />
          <RadioField id="sex" label={t("form.sex")} inline value={draft.sex} set={(sex) => put({ sex: sex as "M" | "F" })} options={[{ value: "F", label: t("sex.F") }, { value: "M", label: t("sex.M") }]} />
        </div>
        <div class="field-row">
          <TextField id="nationality" label={t("form.nationality")} optional value={draft.nationality} set={(nationality) => put({ nationality })} max={64} />
          {!draft.state || MALAYSIAN_STATES.includes(draft.state)
            ? <SelectField id="state" label={t("form.state")} optional value={draft.state} set={(state) => put({ state })} empty={t("form.unknown")} options={MALAYSIAN_STATES.map((state) => ({ value: state, label: state }))} />
            : <TextField id="state" label={t("form.state")} optional value={draft.state} set={(state) => put({ state })} max={64} />}
        </div>
      </section>
      {(register.columns.length > 0 || extra.length > 0) && (
        <section class="sheet">
          <h2 style={{ marginBottom: "16px" }}>{t("record.fields", { kind: t_code("kind.", register.kind) })}</h2>
          {register.columns.map((column) => {
            const common = { id: `field-${column.name}`, label: column.title, optional: true, value: draft.fields[column.name] ?? "",
              set: (value: string) => put({ fields: { ...draft.fields, [column.name]: value } }), ...error(`field-${column.name}`) };
            if (column.type === "choice" || column.type === "yes_no") {
              const choices = column.type === "yes_no" ? ["yes", "no"] : column.choices ?? [];
              const known = common.value === "" || choices.includes(common.value) ? choices : [common.value, ...choices];
              return <SelectField key={column.name} {...common} empty={t("form.unknown")} options={known.map((choice) => ({ value: choice, label: column.type === "yes_no" ? t_code("yes_no.", choice) : choice.replace(/_/g, " ") }))} />;
            }
            return <TextField key={column.name} {...common} {...(column.type === "date" ? { hint: t("form.date_hint"), number: true } : column.type === "yes_no_date" ? { hint: t("form.yes_no_date_hint"), number: true } : {})} max={2000} />;
          })}
          {extra.map((name) => <TextField key={name} id={`field-${name}`} label={name} optional value={draft.fields[name] ?? ""} set={(value) => put({ fields: { ...draft.fields, [name]: value } })} max={2000} />)}
        </section>)}
      <section class="sheet">
        <TextField id="reason" label={t("form.reason")} hint={t("record.reason_hint")} rows={3} value={reason} set={set_reason} max={400} {...error("reason")} />
        <div class="form-end">
          <Button kind="primary" type="submit" busy={busy}>{record ? t("record.save") : t("record.add")}</Button>
          <a class="button" href={record ? link("registers", register.name, "records", record.id) : link("registers", register.name)}>{t("action.cancel")}</a>
        </div>
      </section>
    </form>
  );
}
