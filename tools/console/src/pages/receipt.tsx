// A receipt that somebody brings: whether it is genuine, whether it still holds, and whether it is about this person.
import { useState } from "preact/hooks";
import type { ReceiptVerification } from "../../generated/contract";
import { api } from "../api/client";
import { link } from "../route";
import { use_signed } from "../session";
import { day, moment, t, t_code } from "../text/language";
import { Failure, Notice, PageHead } from "../ui/feedback";
import { Button, ErrorList, FileDrop, TextField, type Errors } from "../ui/form";
import { use_send } from "../ui/load";
import { OutcomeBadge } from "../ui/outcome";
import { Facts } from "../ui/table";

const TONES = { good: "good", expired: "void", forged: "grave", of_another_subject: "grave" } as const;

export function ReceiptPage({ id = "" }: { id?: string }) {
  const { may } = use_signed();
  const [text, set_text] = useState(id);
  const [errors, set_errors] = useState<Errors>({});
  const [answer, set_answer] = useState<ReceiptVerification>();
  const { busy, problem, send } = use_send();
  const verify = (given: string) => {
    const plain = given.trim();
    set_answer(undefined);
    if (!plain) return set_errors({ receipt: t("receipt.missing") });
    const by_id = /^[0-9A-Za-z_.:-]{1,64}$/.test(plain);
    let receipt: unknown;
    if (!by_id) {
      try {
        const whole = JSON.parse(plain) as { receipt?: unknown };
        receipt = whole.receipt ?? whole;
      } catch {
        return set_errors({ receipt: t("receipt.unreadable") });
      }
    } else if (!may("verifyReceiptById")) {
      return set_errors({ receipt: t("receipt.whole_needed") });
    }
    set_errors({});
    send(async () => set_answer(by_id
      ? await api<ReceiptVerification>("GET /v1/receipts/{id}/verify", { path: { id: plain } })
      : await api<ReceiptVerification>("POST /v1/receipts/verify", { body: { receipt } })));
  };
  const receipt = answer?.receipt;
  return (
    <>
      <PageHead title={t("receipt.title")} lead={t("receipt.lead")} />
      <form class="stack" noValidate onSubmit={(event) => { event.preventDefault(); verify(text); }}>
        <ErrorList errors={errors} />
        <TextField id="receipt" label={t("receipt.field")} hint={t("receipt.hint")} rows={4} value={text} set={set_text} {...(errors.receipt ? { error: errors.receipt } : {})} />
        <FileDrop id="receipt-file" label={t("receipt.drop")} hint={t("receipt.drop_hint")} accept=".json,application/json" onFile={(file) => { void file.text().then((read) => { set_text(read); verify(read); }); }} />
        <div class="form-end"><Button kind="primary" type="submit" busy={busy}>{t("receipt.go")}</Button></div>
      </form>
      <div class="section" role="status">
        {problem && <Failure problem={problem} />}
        {answer && (
          <div class="stack">
            <Notice tone={TONES[answer.state]} title={t_code("receipt.state.", answer.state)}><p>{answer.message}</p></Notice>
            {answer.superseded && <Notice tone="watch" title={t("receipt.superseded")}><p>{t("receipt.superseded_do")}</p></Notice>}
            <section class="sheet"><Facts rows={[
              !!receipt && [t("receipt.said"), <OutcomeBadge outcome={receipt.outcome} />],
              !!answer.current_outcome && [t("receipt.now"), <OutcomeBadge outcome={answer.current_outcome} />],
              !!receipt?.time_ms && [t("list.when"), moment(receipt.time_ms)],
              !!receipt?.valid_until_ms && [t("list.valid"), day(receipt.valid_until_ms)],
              !!receipt?.reference && [t("list.reference"), receipt.reference],
              !!receipt?.policy_id && [t("checked.policy"), <span class="id-long">{receipt.policy_id}</span>],
              !!receipt && [t("checked.id"), may("getScreening") ? <a href={link("checks", receipt.id)} class="id-long">{receipt.id}</a> : <span class="id-long">{receipt.id}</span>],
            ]} /></section>
          </div>)}
      </div>
    </>
  );
}
