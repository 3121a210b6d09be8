// A pretended service with invented people, for looking at pages whose state is hard to bring about. Sign in with the
// name of a role. The tests of the jobs run against the real one (console_test.mjs).
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { security_policy, serve, source } from "./tools.mjs";

const contract = JSON.parse(fs.readFileSync(path.join(source, "tools/semakd/openapi.json"), "utf8"));
const operations = (role) => Object.values(contract.paths).flatMap((methods) => Object.values(methods))
  .filter((one) => one.operationId && (one["x-roles"] ?? []).includes(role)).map((one) => one.operationId);

const ago = (days) => new Date(Date.now() - days * 86400000).toISOString();
const policies = [
  { name: "school_staff", title_ms: "Kakitangan sekolah", title_en: "School staff", needs: [["name", "id_number"], ["name", "birth_date"]], consent: true, standing: false },
  { name: "employment_with_children", title_ms: "Pekerjaan dengan kanak-kanak", title_en: "Work with children", needs: [["name", "id_number"]], consent: true, standing: false },
  { name: "oyls_carer", title_ms: "Penjaga OYLS", title_en: "OYLS carer", needs: [["name", "id_number"]], consent: true, standing: true },
].map((one) => ({ ...one, id: `${one.name}@6f1c2d3e4f5a6b7c`, title: one.title_ms, you_see: "outcome", valid_days: 180, in_force: true, toml: 'name = "school_staff"\n', retain_days: 730, case_days: 5, kinds: ["offender"], registers: [], register_days_max: 100, refer_probability_bp: 100, top: 5 }));
const evidence = [
  ["name_part", "variant", "Siti Aminah", "Siti Aminoh", 1120], ["father", "equal", "Hassan", "Hassan", 640], ["name_missing", "missing", "", "Yusof", -120],
  ["number", "near", "850311035228", "850311035282", 900], ["birth_date", "equal", "1985-03-11", "1985-03-11", 830], ["sex", "equal", "F", "F", 90], ["place", "different", "Kelantan", "Kedah", -210],
].map(([aspect, agreement, subject_value, record_value, weight_centibits]) => ({ aspect, agreement, subject_value, record_value, weight_centibits }));
const person = { names: [{ type: "registered", text: "Siti Aminoh binti Hassan Yusof" }, { type: "jawi", text: "ستي امينه بنت حسن" }, { type: "known_as", text: "Kak Minah" }], numbers: [{ kind: "mykad", text: "850311-03-5282" }], date_of_birth: "1985-03-11", sex: "F", state: "Kedah", nationality: "MYS" };
const hit = { register: "offenders", register_kind: "offender", record_id: "DKK-002231", revision: 2231, score_centibits: 3250, probability_bp: 8740, under_appeal: false, person, evidence };
const far = { ...hit, record_id: "DKK-000417", revision: 417, score_centibits: 410, probability_bp: 210, evidence: evidence.slice(0, 3) };
const subject = { name: "Siti Aminah binti Hassan", id_number: "850311-03-5228", date_of_birth: "1985-03-11", sex: "F", state: "Kelantan" };
const screening = (outcome, extra = {}) => ({ id: `01JD3V5R8Q9W2X4Y6Z8A0${outcome.slice(0, 3).toUpperCase()}`, outcome, purpose: "school_staff", reference: "HR-17", tenant: "sk-melati", as_of: { generation: 412, time: ago(0.01) }, policy: policies[0].id, ...(outcome === "incomplete" ? { reason: "too_vague" } : { valid_until: ago(-180) }), expired: false, requested_by: "k1", subject, receipt: { id: "x", outcome, signature: "" }, ...extra });
const one_case = { id: "01JD3V5R8Q9W2X4Y6Z8A0CASE", check_id: screening("under_verification").id, state: "open", tenant: "sk-melati", purpose: "school_staff", reference: "HR-17", assignee: "", opened: ago(3), due: ago(-2), overdue: false, priority: 91, subject, candidates: [{ index: 0, hit, decided: false }, { index: 1, hit: far, decided: false }], events: [{ kind: "opened", time: ago(3), actor: "semak" }, { kind: "note", time: ago(1), actor: "k7", text: "Menunggu salinan kad pengenalan dari sekolah." }], version: 3, policy: policies[0].id };
const summary = (index) => ({ ...one_case, id: one_case.id + index, reference: `HR-${17 + index}`, state: ["open", "awaiting_second", "needs_more"][index % 3], candidates: 2, undecided: 1 + (index % 2), best_probability_bp: 8740 - index * 1200, priority: 91 - index * 14, opened: ago(index * 2 + 1), overdue: index === 4 });
const batch = { id: "01JD3V5R8Q9W2X4Y6Z8A0BAT", state: "done", purpose: "school_staff", file_name: "guru-2026.xlsx", created: ago(0.2), finished: ago(0.19), rows: 160, done: 157, rejected: 3, outcomes: { no_record: 140, under_verification: 11, record: 0, incomplete: 6 } };
const record = { register: "offenders", register_kind: "offender", id: "DKK-002231", state: "active", revision: 2231, record: { id: "DKK-002231", ...person, fields: { act: "Kanun Keseksaan", section: "376(2)(d)", court: "Mahkamah Sesyen Kedah" } }, provenance: { file: "senarai-2026-10.csv", line: 233, load: 2, time: ago(20) } };

export function answers() {
  let role = process.env.SEMAK_MOCK_ROLE ?? "";
  const me = () => ({ id: "k1", label: { submitter: "Puan Rohana", caseworker: "En. Faizal", registrar: "Cik Mei Ling", auditor: "Pn. Devi", admin: "Tn. Azman" }[role], role, tenant: role === "submitter" ? "sk-melati" : "agency", operations: operations(role), policies, service: { version: "0.1.0", name: "Semak" } });
  const session = () => ({ me: me(), csrf_token: "t", expires: ago(-1) });
  const days = Array.from({ length: 30 }, (_, index) => { const n = index % 7 > 4 ? 0 : 6 + ((index * 13) % 17); return { date: ago(29 - index).slice(0, 10), no_record: n, under_verification: n > 15 ? 1 : 0, record: 0, incomplete: 0, total: n }; });
  const columns = [["Nama Guru", "name", ["Siti Aminah binti Hassan", "Tan Kok Wai"]], ["No KP", "id_number", ["850311035228", "790412-07-5511"]], ["Tarikh Lahir", "dob", ["11/03/1985"]], ["Jawatan", null, ["Guru", "Warden"]]].map(([heading, column, samples]) => ({ heading, column, recognised: !!column, samples }));
  const list = (items) => ({ items });
  return (method, at, body) => {
    const ok = (out, status = 200) => ({ status, body: out });
    if (at === "/v1/session" && method === "POST") { if (!operations(body.key).length) return { status: 401, body: { title: "Kunci yang sah diperlukan", status: 401 } }; role = body.key; return ok(session(), 201); }
    if (at === "/v1/session") return method === "DELETE" ? (role = "", ok(undefined, 204)) : role ? ok(session()) : { status: 401, body: {} };
    if (!role) return { status: 401, body: {} };
    if (at === "/v1/overview") return ok({ time: ago(0), generation: 412, days, outcomes: { no_record: 248, under_verification: 9, record: 1, incomplete: 4 }, ...(role === "submitter" ? { alerts_unacknowledged: 2 } : { cases: { open: 7, awaiting_second: 2, needs_more: 1, overdue: 1, oldest: ago(9) }, referral_ages: [[0, 1, 3], [2, 5, 4], [6, 14, 2], [15, undefined, 0]].map(([days_from, days_to, cases]) => ({ label: "", days_from, days_to, cases })), registers: [{ name: "offenders", kind: "offender", active: 3120, updated: ago(20), age_days: 20 }, { name: "carers", kind: "oyls", active: 1500, updated: ago(130), age_days: 130 }], alerts_unacknowledged: 0 }) });
    if (at === "/v1/screenings" && method === "POST") return ok(screening("no_record"), 201);
    if (at === "/v1/screenings") return ok(list(["no_record", "under_verification", "incomplete", "record"].map((outcome, index) => ({ ...screening(outcome), reference: `HR-${17 + index}` }))));
    if (at.startsWith("/v1/screenings/")) return ok(screening(at.endsWith("UND") ? "under_verification" : at.endsWith("INC") ? "incomplete" : at.endsWith("REC") ? "record" : "no_record", at.endsWith("STA") ? { standing: { state: "fit", as_of: "2026-11-20", order: "PKK-221/2023", section: "30(1)(b)", valid_from: "2023-05-01", valid_to: "2027-05-01" } } : role === "caseworker" && at.endsWith("UND") ? { hits: [hit], case_id: one_case.id } : {}));
    if (at === "/v1/batches/preview" || at.endsWith("/uploads/preview")) return ok({ file_name: "guru-2026.xlsx", rows: 157, rejected: 3, too_little: 2, ready: true, columns, fields: [["name", "Nama"], ["id_number", "Nombor pengenalan"], ["dob", "Tarikh lahir"], ["sex", "Jantina"], ["state", "Negeri"]].map(([name, title]) => ({ name, title })), first_rows: [{ line: 2, name: "Siti Aminah binti Hassan", numbers: ["850311-03-5228"], date_of_birth: "1985-03-11", sex: "F" }, { line: 3, name: "Tan Kok Wai", numbers: ["790412-07-5511"], date_of_birth: "1979-04-12", sex: "M", unread: "" }], rejects: [{ line: 18, field: "name", reason: "Nama kosong.", cure: "Tulis nama penuh." }, { line: 44, field: "dob", reason: "31 Februari tiada.", cure: "Betulkan tarikh." }], warnings: [] });
    if (at === "/v1/batches" && method === "POST") return ok(batch, 202);
    if (at === "/v1/batches") return ok(list([batch, { ...batch, id: "b2", state: "running", file_name: "warden.csv", done: 40 }]));
    if (at.endsWith("/results")) return ok(list([["Siti Aminah binti Hassan", "no_record"], ["Tan Kok Wai", "under_verification"], ["Ahmad", "incomplete"], ["", "rejected"]].map(([name, outcome], row) => outcome === "rejected" ? { row, query_id: "G004", state: "rejected", reject_reason: "Nama kosong." } : { row, query_id: `G00${row + 1}`, name, state: "done", outcome, screening_id: screening(outcome).id, ...(outcome === "incomplete" ? { reason: "too_vague" } : { valid_until: ago(-180) }) })));
    if (at.startsWith("/v1/batches/")) return ok(batch);
    if (at === "/v1/enrolments") return ok(list([{ id: "e1", subject, purpose: "school_staff", reference: "HR-17", since: ago(40), until: ago(-300), ended: false }]));
    if (at === "/v1/alerts") return ok({ ...list([{ id: "a1", enrolment_id: "e1", kind: "new_hit", time: ago(1), acknowledged: false, reference: "HR-17" }, { id: "a2", enrolment_id: "e1", kind: "cleared", reason: "quashed", time: ago(0.5), acknowledged: false, reference: "HR-17" }]), next_cursor: "" });
    if (at === "/v1/cases") return ok({ ...list([0, 1, 2, 3, 4, 5].map(summary)), counts: { open: 7, awaiting_second: 2, needs_more: 1, overdue: 1 } });
    if (at.startsWith("/v1/cases/")) return ok(one_case);
    if (at === "/v1/lookups") return ok({ generation: 412, outcome: "refer", hits: [hit, far] });
    if (at === "/v1/registers") return ok({ ...list([{ name: "offenders", kind: "offender", active: 3120, withdrawn: 14, updated: ago(20), loads: 3 }, { name: "carers", kind: "oyls", active: 1500, withdrawn: 0, updated: ago(130), loads: 1 }]), generation: 412 });
    if (at.endsWith("/records")) return ok(list([record, { ...record, id: "DKK-000417", state: "withdrawn", record: { ...record.record, id: "DKK-000417" } }]));
    if (at.endsWith("/history")) return ok(list([record, { ...record, revision: 1044, record: { ...record.record, names: [person.names[0]], state: "Kelantan" }, provenance: { ...record.provenance, time: ago(200) } }]));
    if (at.includes("/records/")) return ok(record);
    if (/^\/v1\/registers\/\w+$/.test(at)) return ok({ name: "offenders", kind: "offender", active: 3120, withdrawn: 14, updated: ago(20), loads: 2, history: [{ load: 2, time: ago(20), files: ["senarai-2026-10.csv"], rows: 3134, added: 41, changed: 9, unchanged: 3084, withdrawn: 2, rejected: 1 }], columns: [{ name: "act", title: "Akta", type: "text" }, { name: "section", title: "Seksyen", type: "text" }, { name: "conviction_date", title: "Tarikh sabitan", type: "date" }, { name: "appeal", title: "Rayuan", type: "choice", choices: ["none", "pending", "allowed", "dismissed"] }, { name: "quashed", title: "Diketepikan", type: "yes_no" }] });
    if (at === "/v1/audit") return ok(list(Array.from({ length: 8 }, (_, index) => ({ sequence: 4120 - index, time: ago(index / 20), kind: ["check", "lookup", "decision", "load", "key_use"][index % 5], actor: "01JD3V5R8Q9W2X4Y6Z8A0K1", tenant: "sk-melati", role: "submitter", object: "01JD3V5R8Q9W2X4Y6Z8A0B1C2D", details: { outcome: "no_record", policy: policies[0].id }, previous: "9f2c".repeat(16), hash: "51aa".repeat(16) }))));
    if (at === "/v1/audit/verify") return ok({ clean: true, entries: 4120, checkpoints: 611, sequence: 4120, hash: "51aa".repeat(16), findings_total: 0, findings: [] });
    if (at === "/v1/audit/checkpoint") return ok({ sequence: 4120, hash: "51aa".repeat(16), time: ago(0), key_id: "k-2026", signature: "77".repeat(64), public_key: "ab".repeat(32) });
    if (at === "/v1/keys") return ok(method === "POST" ? { id: "k9", label: body.label, role: body.role, tenant: body.tenant, created: ago(0), revoked: false, secret: "semak_k9_Zf3kQpW8t2mV7xYbN4cR" } : list([["k1", "Tn. Azman", "admin", "agency"], ["k2", "Puan Rohana", "submitter", "sk-melati"]].map(([id, label, key_role, tenant]) => ({ id, label, role: key_role, tenant, created: ago(90), last_used: ago(0.1), revoked: false }))), method === "POST" ? 201 : 200);
    if (at === "/v1/roles") return ok(list(["submitter", "caseworker", "registrar", "auditor", "admin"].map((one) => ({ role: one, title: one, operations: operations(one) }))));
    if (at === "/v1/policies") return ok(list(policies));
    if (at.startsWith("/v1/policies/")) return ok(policies[0]);
    return undefined;
  };
}

export const mock = () => serve(answers(), security_policy(source));
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await mock()).url);
