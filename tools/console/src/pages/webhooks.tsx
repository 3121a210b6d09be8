// Alerts sent on to another system: where to, whether they arrive, and a try at once.
import { useState } from "preact/hooks";
import type { Webhook, WebhookList, WebhookTest } from "../../generated/contract";
import { api, field_errors } from "../api/client";
import { moment, t, t_code } from "../text/language";
import { Dialog, Empty, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, ErrorList, TextField, type Errors } from "../ui/form";
import { as_problem, use_load, use_send } from "../ui/load";
import { Badge } from "../ui/outcome";
import { SecretDialog } from "../ui/secret";
import { Table } from "../ui/table";

const STATE_TONES = { waiting: "good", delivering: "plain", retrying: "watch" } as const;

export function WebhooksPage() {
  const load = use_load<WebhookList>((signal) => api("GET /v1/webhooks", { signal }), []);
  const [adding, set_adding] = useState(false);
  const [removing, set_removing] = useState<Webhook>();
  const [tried, set_tried] = useState<{ url: string; test: WebhookTest }>();
  const { busy, problem, send } = use_send();
  const add = <Button kind="primary" onClick={() => set_adding(true)}>{t("webhook.add")}</Button>;
  return (
    <>
      <PageHead title={t("nav.webhooks")} lead={t("webhooks.lead")}>{add}</PageHead>
      <div class="stack">
        <div role="status">
          {tried && (
            <Notice tone={tried.test.delivered ? "good" : "grave"} title={tried.test.delivered ? t("webhook.arrived") : t("webhook.not_arrived")}>
              <p>{t("webhook.tried", { url: tried.url })} {tried.test.status > 0 ? t("webhook.status", { n: tried.test.status }) : t("webhook.no_answer")}</p>
              {tried.test.error && <p>{tried.test.error}</p>}
              {!tried.test.delivered && <p>{t("webhook.not_arrived_do")}</p>}
            </Notice>)}
        </div>
        <Loaded load={load}>{(list) => list.items.length === 0
          ? <Empty title={t("webhooks.none")}>{t("webhooks.none_do")}</Empty>
          : <Table caption={t("nav.webhooks")} rows={list.items} id_of={(row) => row.id} columns={[
              { title: t("webhook.url"), lead: true, cell: (row) => <><span class="id-long">{row.url}</span>{row.description && <div class="small soft">{row.description}</div>}</> },
              { title: t("batch.state"), cell: (row) => <><Badge tone={STATE_TONES[row.state]}>{t_code("webhook.state.", row.state)}</Badge>
                {row.failures > 0 && <div class="small">{t("webhook.failures", { n: row.failures })}{row.last_error && `: ${row.last_error}`}</div>}
                {row.next_attempt && <div class="small soft">{t("webhook.next", { time: moment(row.next_attempt) })}</div>}</> },
              { title: t("webhook.last"), cell: (row) => moment(row.last_delivery) },
              { title: t("webhook.made"), cell: (row) => moment(row.created) },
              { title: t("webhook.do"), action: true, cell: (row) => (
                <div class="row">
                  <Try hook={row} set={(test) => { set_tried({ url: row.url, test }); load.reload(); }} />
                  <Button small kind="grave" onClick={() => set_removing(row)}>{t("webhook.remove")}<span class="hidden-text"> {row.url}</span></Button>
                </div>) },
            ]} />}
        </Loaded>
      </div>
      {adding && <AddWebhook onClose={(made) => { set_adding(false); if (made) load.reload(); }} />}
      {removing && (
        <Dialog title={t("webhook.remove")} onClose={() => set_removing(undefined)}>
          <div class="stack">
            <p class="id-long">{removing.url}</p>
            <p>{t("webhook.remove_explain")}</p>
            {problem && <Failure problem={problem} />}
            <div class="form-end">
              <Button kind="grave" busy={busy} onClick={() => send(async () => {
                await api("DELETE /v1/webhooks/{id}", { path: { id: removing.id } });
                set_removing(undefined);
                set_tried(undefined);
                say(t("webhook.removed"));
                load.reload();
              })}>{t("webhook.remove_go")}</Button>
              <Button onClick={() => set_removing(undefined)}>{t("action.cancel")}</Button>
            </div>
          </div>
        </Dialog>)}
    </>
  );
}

function Try({ hook, set }: { hook: Webhook; set: (test: WebhookTest) => void }) {
  const { busy, problem, send } = use_send();
  return (
    <>
      <Button small busy={busy} onClick={() => send(async () => set(await api<WebhookTest>("POST /v1/webhooks/{id}/test", { path: { id: hook.id } })))}>
        {t("webhook.try")}<span class="hidden-text"> {hook.url}</span>
      </Button>
      {problem && <Failure problem={problem} />}
    </>
  );
}

function AddWebhook({ onClose }: { onClose: (made: boolean) => void }) {
  const [url, set_url] = useState("");
  const [description, set_description] = useState("");
  const [errors, set_errors] = useState<Errors>({});
  const [made, set_made] = useState<Webhook>();
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    const found: Errors = /^https?:\/\/[^\s/]/i.test(url.trim()) ? {} : { "webhook-url": t("webhook.url_bad") };
    set_errors(found);
    if (Object.keys(found).length) return;
    send(async (once) => {
      try {
        set_made(await api<Webhook>("POST /v1/webhooks", { once, body: {
          url: url.trim(), events: ["alert"], ...(description.trim() ? { description: description.trim() } : {}) } }));
      } catch (fault) {
        const of_fields = field_errors(as_problem(fault), { "/url": "webhook-url", "/description": "webhook-description" });
        if (Object.keys(of_fields).length === 0) throw fault;
        set_errors(of_fields);
      }
    });
  };
  const error = (id: string) => errors[id] ? { error: errors[id]! } : {};
  if (made?.secret) {
    return (
      <SecretDialog title={t("webhook.made_title")} explain={t("webhook.secret_explain")} note={t("webhook.signature")} secret={made.secret} onStored={() => onClose(true)} />
    );
  }
  return (
    <Dialog title={t("webhook.add")} onClose={() => onClose(false)}>
      <form onSubmit={submit} noValidate>
        <ErrorList errors={errors} />
        {problem && <Failure problem={problem} />}
        <TextField id="webhook-url" label={t("webhook.url")} hint={t("webhook.url_hint")} value={url} set={set_url} max={2000} {...error("webhook-url")} />
        <TextField id="webhook-description" label={t("webhook.description")} optional value={description} set={set_description} max={200} {...error("webhook-description")} />
        <div class="form-end">
          <Button kind="primary" type="submit" busy={busy}>{t("webhook.add_go")}</Button>
          <Button onClick={() => onClose(false)}>{t("action.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
