import { useState } from "preact/hooks";
import type { Session } from "../../generated/contract";
import { api } from "../api/client";
import { t } from "../text/language";
import { Failure, Notice, PageHead } from "../ui/feedback";
import { Button, CheckField, ErrorList, TextField, type Errors } from "../ui/form";
import { use_send } from "../ui/load";

export function SignIn({ ended, onSession }: { ended: boolean; onSession: (session: Session) => void }) {
  const [key, set_key] = useState("");
  const [shown, set_shown] = useState(false);
  const [errors, set_errors] = useState<Errors>({});
  const { busy, problem, send } = use_send();
  const submit = (event: Event) => {
    event.preventDefault();
    if (!key.trim()) return set_errors({ key: t("sign_in.key_missing") });
    set_errors({});
    send(async () => onSession(await api<Session>("POST /v1/session", { body: { key: key.trim() }, quiet: true })));
  };
  return (
    <div class="columns">
      <div>
        <PageHead title={t("sign_in.title")} lead={t("sign_in.lead")} />
        {ended && <Notice tone="watch" title={t("sign_in.ended")} alert><p>{t("sign_in.ended_why")}</p></Notice>}
        <form class="section stack" onSubmit={submit} noValidate>
          <ErrorList errors={errors} />
          {problem && (problem.status === 401
            ? <Notice tone="grave" title={t("sign_in.refused")} alert><p>{t("sign_in.refused_why")}</p></Notice>
            : <Failure problem={problem} />)}
          <TextField id="key" label={t("sign_in.key")} hint={t("sign_in.key_hint")} type={shown ? "text" : "password"}
            autocomplete="current-password" value={key} set={set_key} {...(errors.key ? { error: errors.key } : {})} />
          <CheckField id="shown" label={t("sign_in.show")} value={shown} set={set_shown} />
          <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("sign_in.go")}</Button></div>
        </form>
      </div>
      <aside class="sheet">
        <h2>{t("sign_in.about")}</h2>
        <ul class="stack" style={{ marginTop: "12px" }}>
          <li>{t("sign_in.about_1")}</li>
          <li>{t("sign_in.about_2")}</li>
          <li>{t("sign_in.about_3")}</li>
        </ul>
        <p class="soft small" style={{ marginTop: "16px" }}>{t("sign_in.help")}</p>
      </aside>
    </div>
  );
}
