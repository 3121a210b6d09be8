// Keys, roles, policies.
import { useState } from "preact/hooks";
import type { Key, KeyList, PolicyCheck, PolicyDetail, PolicyList, Role, RoleList } from "../../generated/contract";
import { api, field_errors } from "../api/client";
import { go, link } from "../route";
import { policy_title, use_signed } from "../session";
import { day, moment, t, t_code } from "../text/language";
import { Dialog, Empty, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, DateField, ErrorList, iso_of, NO_DATE, SelectField, TextField, type DateParts, type Errors } from "../ui/form";
import { as_problem, use_load, use_send } from "../ui/load";
import { Badge } from "../ui/outcome";
import { SecretDialog } from "../ui/secret";
import { needs_text } from "../ui/subject";
import { Facts, Table } from "../ui/table";

const ROLES: Role[] = ["submitter", "caseworker", "registrar", "auditor", "admin"];

export function KeysPage() {
  const { me } = use_signed();
  const load = use_load<KeyList>((signal) => api("GET /v1/keys", { signal }), []);
  const [making, set_making] = useState(false);
  const [revoking, set_revoking] = useState<Key>();
  const { busy, problem, send } = use_send();
  const state = (key: Key) => key.revoked ? <Badge tone="plain">{t("key.revoked")}</Badge>
    : key.expires && new Date(key.expires).getTime() < Date.now() ? <Badge tone="void">{t("key.expired")}</Badge> : <Badge tone="good">{t("key.on")}</Badge>;
  return (
    <>
      <PageHead title={t("keys_page.title")} lead={t("keys_page.lead")}><Button kind="primary" onClick={() => set_making(true)}>{t("key.make")}</Button></PageHead>
      <Loaded load={load}>{(list) => list.items.length === 0 ? <Empty title={t("keys_page.none")} /> : (
        <Table caption={t("keys_page.title")} rows={list.items} id_of={(row) => row.id} columns={[
          { title: t("key.label"), lead: true, cell: (row) => <>{row.label}{row.id === me.id && <span class="soft small"> ({t("cases.me")})</span>}</> },
          { title: t("key.role"), cell: (row) => t(`role.${row.role}`) },
          { title: t("key.tenant"), cell: (row) => row.tenant },
          { title: t("batch.state"), cell: state },
          { title: t("key.last_used"), cell: (row) => moment(row.last_used) },
          { title: t("key.expires"), cell: (row) => row.expires ? day(row.expires) : t("key.never") },
          { title: t("key.id"), cell: (row) => <span class="id-long">{row.id}</span> },
          { title: t("key.revoke"), action: true, cell: (row) => row.revoked || row.id === me.id ? "" :
            <Button small kind="grave" onClick={() => set_revoking(row)}>{t("key.revoke")}<span class="hidden-text"> {row.label}</span></Button> },
        ]} />)}
      </Loaded>
      {making && <MakeKey onClose={(made) => { set_making(false); if (made) load.reload(); }} />}
      {revoking && (
        <Dialog title={t("key.revoke_title", { label: revoking.label })} onClose={() => set_revoking(undefined)}>
          <div class="stack">
            <p>{t("key.revoke_explain")}</p>
            {problem && <Failure problem={problem} />}
            <div class="form-end">
              <Button kind="grave" busy={busy} onClick={() => send(async () => {
                await api<Key>("POST /v1/keys/{id}/revoke", { path: { id: revoking.id } });
                set_revoking(undefined);
                say(t("key.revoked_now"));
                load.reload();
              })}>{t("key.revoke_go")}</Button>
              <Button onClick={() => set_revoking(undefined)}>{t("action.cancel")}</Button>
            </div>
          </div>
        </Dialog>)}
    </>
  );
}

function MakeKey({ onClose }: { onClose: (made: boolean) => void }) {
  const [label, set_label] = useState("");
  const [role, set_role] = useState<Role | "">("");
  const [tenant, set_tenant] = useState("");
  const [expires, set_expires] = useState<DateParts>(NO_DATE);
  const [a_day, set_a_day] = useState("");
  const [errors, set_errors] = useState<Errors>({});
  const [made, set_made] = useState<Key>();
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    const found: Errors = {};
    if (!label.trim()) found["key-label"] = t("key.label_missing");
    if (!role) found["key-role"] = t("key.role_missing");
    if (!tenant.trim()) found["key-tenant"] = t("key.tenant_missing");
    const last = iso_of(expires);
    if (last === null || (last && last.length !== 10)) found["key-expires"] = t("check.born_bad");
    if (a_day && !/^[1-9]\d{0,8}$/.test(a_day)) found["key-a-day"] = t("key.a_day_bad");
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async () => {
      try {
        set_made(await api<Key>("POST /v1/keys", { body: { label: label.trim(), role, tenant: tenant.trim(), ...(last ? { expires: last } : {}), ...(a_day ? { allowance: { lookups_a_day: Number(a_day) } } : {}) } }));
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), { "/label": "key-label", "/role": "key-role", "/tenant": "key-tenant", "/expires": "key-expires", "/allowance": "key-a-day" });
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  const error = (id: string) => errors[id] ? { error: errors[id]! } : {};
  if (made?.secret) {
    return (
      <SecretDialog title={t("key.made")} explain={t("key.made_explain", { label: made.label })} secret={made.secret} onStored={() => onClose(true)} />
    );
  }
  return (
    <Dialog title={t("key.make")} onClose={() => onClose(false)}>
      <form onSubmit={submit} noValidate>
        <ErrorList errors={errors} />
        {problem && <Failure problem={problem} />}
        <TextField id="key-label" label={t("key.label")} hint={t("key.label_hint")} value={label} set={set_label} max={100} {...error("key-label")} />
        <SelectField id="key-role" label={t("key.role")} value={role} set={(value) => set_role(value as Role)} empty={t("form.choose")} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} {...error("key-role")} />
        <TextField id="key-tenant" label={t("key.tenant")} hint={t("key.tenant_hint")} value={tenant} set={set_tenant} max={64} {...error("key-tenant")} />
        <TextField id="key-a-day" label={t("key.a_day")} hint={t("key.a_day_hint")} optional number value={a_day} set={set_a_day} max={9} {...error("key-a-day")} />
        <DateField id="key-expires" label={t("key.expires")} optional value={expires} set={set_expires} {...error("key-expires")} />
        <div class="form-end">
          <Button kind="primary" type="submit" busy={busy}>{t("key.make")}</Button>
          <Button onClick={() => onClose(false)}>{t("action.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

export function RolesPage() {
  const load = use_load<RoleList>((signal) => api("GET /v1/roles", { signal }), []);
  return (
    <>
      <PageHead title={t("roles.title")} lead={t("roles.lead")} />
      <Loaded load={load}>{(list) => (
        <div class="stack">
          {list.items.map((one) => (
            <details class="sheet" key={one.role}>
              <summary><strong>{t(`role.${one.role}`)}</strong> <span class="soft">{t(`role.about.${one.role}`)}</span></summary>
              <ul class="key-list" style={{ marginTop: "12px" }}>{one.operations.map((operation) => <li key={operation} class="tone-plain">{operation}</li>)}</ul>
            </details>))}
        </div>)}
      </Loaded>
    </>
  );
}

export function PoliciesPage() {
  const { may } = use_signed();
  const load = use_load<PolicyList>((signal) => api("GET /v1/policies", { signal }), []);
  return (
    <>
      <PageHead title={t("policies.title")} lead={t("policies.lead")}>
        {may("putPolicy") && <a class="button button-primary" href={link("policies", "new", "edit")}>{t("policy.new")}</a>}
      </PageHead>
      <Loaded load={load}>{(list) => (
        <Table caption={t("policies.title")} rows={list.items} id_of={(row) => row.id} columns={[
          { title: t("form.purpose"), lead: true, cell: (row) => <a href={link("policies", row.name)}>{policy_title(row)}</a> },
          { title: t("policy.name"), cell: (row) => <span class="id-long">{row.name}</span> },
          { title: t("policy.needs"), cell: (row) => row.needs.length ? needs_text(row.needs) : t("policy.needs_any") },
          { title: t("policy.consent"), cell: (row) => row.consent ? t("yes_no.yes") : t("yes_no.no") },
          { title: t("policy.valid"), number: true, cell: (row) => t("time.days", { n: row.valid_days }) },
        ]} />)}
      </Loaded>
    </>
  );
}

export function PolicyPage({ name }: { name: string }) {
  const { may } = use_signed();
  const load = use_load<PolicyDetail>((signal) => api("GET /v1/policies/{name}", { path: { name }, signal }), [name]);
  return (
    <>
      <PageHead title={load.data ? policy_title(load.data) : name} crumb={<a href={link("policies")}>{t("nav.policies")}</a>}>
        {load.data && may("putPolicy") && <a class="button button-primary" href={link("policies", name, "edit")}>{t("policy.change")}</a>}
      </PageHead>
      <Loaded load={load}>{(policy) => (
        <div class="stack-large">
          {policy.in_force === false && <Notice tone="void" title={t("policy.not_in_force")} />}
          <section class="sheet">
            <Facts rows={[
              [t("policy.id"), <span class="id-long">{policy.id}</span>],
              [t("policy.asks"), [...(policy.registers ?? []), ...(policy.kinds ?? []).map((kind) => t_code("kind.", kind))].join(" · ") || t("policy.asks_all")],
              [t("policy.needs"), policy.needs.length ? needs_text(policy.needs) : t("policy.needs_any")],
              [t("policy.consent"), policy.consent ? t("yes_no.yes") : t("yes_no.no")],
              [t("standing.title"), policy.standing ? t("yes_no.yes") : t("yes_no.no")],
              policy.refer_probability_bp !== undefined && [t("policy.refer"), `${policy.refer_probability_bp / 100}%`],
              [t("policy.valid"), t("time.days", { n: policy.valid_days })],
              policy.retain_days !== undefined && [t("policy.retain"), t("time.days", { n: policy.retain_days })],
              policy.case_days !== undefined && [t("policy.case_days"), t("time.days", { n: policy.case_days })],
              policy.register_days_max !== undefined && [t("policy.register_days"), policy.register_days_max ? t("time.days", { n: policy.register_days_max }) : t("policy.any_age")],
              [t("policy.you_see"), t_code("view.", policy.you_see)],
            ]} />
          </section>
          {policy.toml && <details class="fold"><summary>{t("policy.file")}</summary><pre class="code sheet" tabIndex={0}>{policy.toml}</pre></details>}
        </div>)}
      </Loaded>
    </>
  );
}

/** Changes the file of a policy; it is read and shown before it is put in force. `name` "new": another one. */
export function PolicyEditPage({ name }: { name: string }) {
  const load = use_load<PolicyDetail>((signal) => api("GET /v1/policies/{name}", { path: { name: name === "new" ? "default" : name }, signal }), [name]);
  return (
    <>
      <PageHead title={name === "new" ? t("policy.new") : t("policy.change_title", { name })} lead={t("policy.change_lead")} crumb={<a href={link("policies")}>{t("nav.policies")}</a>} />
      <Loaded load={load}>{(policy) => <PolicyForm policy={policy} fresh={name === "new"} />}</Loaded>
    </>
  );
}

function PolicyForm({ policy, fresh }: { policy: PolicyDetail; fresh: boolean }) {
  const [toml, set_toml] = useState(policy.toml ?? "");
  const [checked, set_checked] = useState<{ toml: string; check: PolicyCheck }>();
  const checking = use_send();
  const putting = use_send();
  const good = checked?.toml === toml && checked.check.good ? checked.check.policy : undefined;
  return (
    <div class="stack-large">
      <TextField id="toml" label={t("policy.file")} hint={fresh ? t("policy.new_hint") : t("policy.file_hint")} rows={22} code value={toml} set={set_toml}
        {...(checked?.toml === toml && !checked.check.good ? { error: checked.check.error ?? t("policy.bad") } : {})} />
      {checking.problem && <Failure problem={checking.problem} />}
      {putting.problem && <Failure problem={putting.problem} />}
      {good && (
        <Notice tone="good" title={t("policy.good")}>
          <p>{policy_title(good)} · <span class="id-long">{good.id}</span></p>
          <p>{good.needs.length ? t("check.needs", { what: needs_text(good.needs) }) : t("policy.needs_any")}</p>
        </Notice>)}
      <div class="form-end">
        <Button busy={checking.busy} onClick={() => checking.send(async () => {
          set_checked({ toml, check: await api<PolicyCheck>("POST /v1/policies/check", { body: { toml } }) });
        })}>{t("policy.check")}</Button>
        <Button kind="primary" disabled={!good} busy={putting.busy} onClick={() => putting.send(async () => {
          const put = await api<PolicyDetail>("PUT /v1/policies/{name}", { path: { name: good!.name }, body: { toml } });
          say(t("policy.in_force"));
          go("policies", put.name);
        })}>{t("policy.put")}</Button>
        <a class="button" href={link("policies")}>{t("action.cancel")}</a>
      </div>
    </div>
  );
}
