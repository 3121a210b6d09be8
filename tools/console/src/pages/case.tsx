// One referral: subject and candidates side by side, the decision, what happened so far.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Candidate, Case, CasePage, Verdict } from "../../generated/contract";
import { api } from "../api/client";
import { go, link, short_id } from "../route";
import { purpose_title, use_signed } from "../session";
import { ago, day, moment, t, t_code, type TextKey } from "../text/language";
import { EvidenceTable, Likelihood, PersonCompare, percent } from "../ui/compare";
import { Dialog, Failure, Loaded, Notice, PageHead, say } from "../ui/feedback";
import { Button, CheckField, RadioField, TextField } from "../ui/form";
import { use_load, use_send } from "../ui/load";
import { Badge, CaseBadge, StandingPanel } from "../ui/outcome";
import { Facts } from "../ui/table";

const VERDICTS: Verdict[] = ["same_person", "not_same", "need_more"];
const KEYS: [string, TextKey][] = [
  ["1 2 3", "keys.verdict"], ["J", "keys.next"], ["K", "keys.previous"], ["R", "keys.reason"],
  ["Ctrl Enter", "keys.decide"], ["T", "keys.take"], ["N", "keys.case"], ["?", "keys.list"],
];
const SHORTCUTS_OFF = "semak.shortcuts.off"; // single letters can be turned off (WCAG 2.1.4)
const shortcuts_stored = () => { try { return localStorage.getItem(SHORTCUTS_OFF) !== "1"; } catch { return true; } };

export function CaseDetailPage({ id }: { id: string }) {
  const load = use_load<Case>((signal) => api("GET /v1/cases/{id}", { path: { id }, signal }), [id]);
  return (
    <>
      <PageHead title={load.data ? t("case.title", { reference: load.data.reference || short_id(load.data.id) }) : t("case.one")}
        crumb={<a href={link("cases")}>{t("nav.cases")}</a>} />
      <Loaded load={load} lines={12}>{(one) => <CaseDetail one={one} set={load.set} reload={load.reload} />}</Loaded>
    </>
  );
}

const closed = (one: Case) => one.state === "closed_no_record" || one.state === "closed_record";

function CaseDetail({ one, set, reload }: { one: Case; set: (one: Case) => void; reload: () => void }) {
  const { me } = use_signed();
  const first_open = Math.max(0, one.candidates.findIndex((candidate) => !candidate.decided && !candidate.gone));
  const [at, set_at] = useState(first_open);
  const [verdict, set_verdict] = useState<Verdict | "">("");
  const [reason, set_reason] = useState("");
  const [error, set_error] = useState<{ verdict?: string; reason?: string }>({});
  const [asking, set_asking] = useState<"" | "keys" | "note" | "reopen">("");
  const [shortcuts, set_shortcuts] = useState(shortcuts_stored());
  const deciding = use_send();
  const moving = use_send();
  const candidate = one.candidates[at];
  const select = (index: number) => {
    set_at((index + one.candidates.length) % one.candidates.length);
    set_verdict("");
    set_reason("");
    set_error({});
    deciding.clear();
  };
  const decide = () => {
    if (!candidate || candidate.decided || candidate.gone) return;
    const found: typeof error = {};
    if (!verdict) found.verdict = t("case.verdict_missing");
    if (!reason.trim()) found.reason = t("form.reason_missing");
    set_error(found);
    if (found.verdict || found.reason) return document.getElementById(found.verdict ? "verdict" : "reason")?.focus();
    deciding.send(async () => {
      const next = await api<Case>("POST /v1/cases/{id}/decision", {
        path: { id: one.id }, version: one.version, body: { candidate: candidate.index, verdict, reason: reason.trim() } });
      set(next);
      set_verdict("");
      set_reason("");
      const now = next.candidates[at];
      say(now?.decided ? t("case.decided") : now?.proposed_by ? t("case.proposed") : t("case.noted"));
      const left = next.candidates.findIndex((other) => !other.decided && !other.gone && !other.proposed_by);
      if (left >= 0 && left !== at) select(left);
    });
  };
  const take = () => moving.send(async () => {
    const assignee = one.assignee === me.id ? "" : "me";
    set(await api<Case>("POST /v1/cases/{id}/assign", { path: { id: one.id }, version: one.version, body: { assignee } }));
    say(assignee ? t("case.taken") : t("case.given_back"));
  });
  const next_case = () => moving.send(async () => {
    const page = await api<CasePage>("GET /v1/cases", { query: { state: "open", limit: 20 } });
    const index = page.items.findIndex((other) => other.id === one.id);
    const other = page.items[index + 1] ?? page.items.find((each) => each.id !== one.id);
    if (other) go("cases", other.id);
    else say(t("cases.none"));
  });

  // Shortcuts: letters only outside fields; Ctrl+Enter also inside them.
  const latest = useRef<(event: KeyboardEvent) => void>(() => undefined);
  latest.current = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); return decide(); }
    const target = event.target as HTMLElement;
    const typing = /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && !/^(radio|checkbox)$/.test((target as HTMLInputElement).type));
    if (!shortcuts || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const chosen = VERDICTS[Number(event.key) - 1];
    if (chosen && candidate && !candidate.decided) set_verdict(chosen);
    else if (/^j$/i.test(event.key)) select(at + 1);
    else if (/^k$/i.test(event.key)) select(at - 1);
    else if (/^r$/i.test(event.key)) document.getElementById("reason")?.focus();
    else if (/^t$/i.test(event.key) && !closed(one)) take();
    else if (/^n$/i.test(event.key)) next_case();
    else if (event.key === "?") set_asking("keys");
    else return;
    event.preventDefault();
  };
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);

  return (
    <div class="stack-large">
      <section class="sheet">
        <div class="row row-apart row-top">
          <div class="row"><CaseBadge state={one.state} />{one.overdue && !closed(one) && <Badge tone="grave">{t("cases.overdue_one")}</Badge>}</div>
          <div class="row no-print">
            {!closed(one) && <Button small busy={moving.busy} onClick={take}>{one.assignee === me.id ? t("case.give_back") : t("case.take")}</Button>}
            <Button small onClick={() => set_asking("note")}>{t("case.note")}</Button>
            {closed(one) && <Button small onClick={() => set_asking("reopen")}>{t("case.reopen")}</Button>}
            <Button small onClick={next_case}>{t("case.next")}</Button>
          </div>
        </div>
        {moving.problem && <div style={{ marginTop: "16px" }}><Failure problem={moving.problem} retry={reload} /></div>}
        <div class="halves" style={{ marginTop: "12px" }}>
          <Facts tight rows={[
            [t("form.purpose"), purpose_title(me, one.purpose)],
            [t("case.asked_by"), one.tenant],
            [t("cases.assignee"), one.assignee === me.id ? t("cases.me") : one.assignee || t("cases.nobody")],
          ]} />
          <Facts tight rows={[
            [t("cases.age"), `${ago(one.opened)} (${day(one.opened)})`],
            [t("cases.due"), day(one.due)],
            [t("checked.title"), <a href={link("checks", one.check_id)}>{t("case.its_check")}</a>],
          ]} />
        </div>
      </section>

      {one.erased && <Notice tone="void" title={t("checked.erased")} />}
      {one.standing && <StandingPanel standing={one.standing} />}

      <section>
        {one.candidates.length > 1 && (
          <div class="candidates" role="tablist" aria-label={t("cases.candidates")}>
            {one.candidates.map((each, index) => (
              <button key={each.index} type="button" role="tab" class="candidate-tab" id={`candidate-${index}`} aria-selected={index === at}
                aria-controls="candidate" tabIndex={index === at ? 0 : -1} onClick={() => select(index)}
                onKeyDown={(event) => {
                  const to = event.key === "ArrowRight" ? index + 1 : event.key === "ArrowLeft" ? index - 1 : -1;
                  if (to < 0 || to >= one.candidates.length) return;
                  select(to);
                  document.getElementById(`candidate-${to}`)?.focus();
                }}>
                <b>{t("case.candidate_n", { n: index + 1 })}</b> · {percent(each.hit.probability_bp)}<br />
                <span class="small soft">{each.hit.register} · {verdict_text(each)}</span>
              </button>))}
          </div>)}
        {candidate && (
          <div id="candidate" role={one.candidates.length > 1 ? "tabpanel" : undefined} aria-labelledby={one.candidates.length > 1 ? `candidate-${at}` : undefined} class="stack-large">
            <div class="sheet stack">
              <div class="sheet-head" style={{ marginBottom: "0" }}>
                <h2>{t("case.side_by_side")}</h2>
                <span class="soft small">{candidate.hit.register} · <span class="id">{candidate.hit.record_id}</span> · {t("case.revision", { n: candidate.hit.revision })}</span>
              </div>
              {candidate.hit.under_appeal && <Notice tone="watch" title={t("case.appeal")}><p>{t("case.appeal_do")}</p></Notice>}
              <Likelihood hit={candidate.hit} />
              {one.subject && candidate.hit.person
                ? <PersonCompare subject={one.subject} person={candidate.hit.person} />
                : <p class="soft">{t("case.no_person")}</p>}
            </div>
            <div class="sheet stack">
              <h2>{t("compare.evidence")}</h2>
              <p class="soft small">{t("compare.evidence_lead")}</p>
              <EvidenceTable evidence={candidate.hit.evidence} />
            </div>
            <Decision one={one} candidate={candidate} verdict={verdict} set_verdict={set_verdict} reason={reason} set_reason={set_reason}
              error={error} busy={deciding.busy} decide={decide} problem={deciding.problem && <Failure problem={deciding.problem} retry={reload} />} />
          </div>)}
      </section>

      <div class="no-print">
        <div class="shortcuts" aria-hidden={!shortcuts}>
          {shortcuts && KEYS.map(([keys, key]) => <span key={keys}>{keys.split(" ").map((each) => <kbd key={each}>{each}</kbd>)} {t(key)}</span>)}
        </div>
        <CheckField id="shortcuts" label={t("keys.on")} value={shortcuts} set={(on) => {
          set_shortcuts(on);
          try { localStorage.setItem(SHORTCUTS_OFF, on ? "0" : "1"); } catch { /* for this visit only */ }
        }} />
      </div>

      <section class="section">
        <h2>{t("case.history")}</h2>
        <ol class="timeline sheet">
          {one.events.map((event, index) => (
            <li key={index}>
              <strong>{t_code("case.event.", event.kind)}</strong>
              {event.candidate !== undefined && event.candidate >= 0 && ` · ${t("case.candidate_n", { n: event.candidate + 1 })}`}
              {event.verdict && event.kind !== "opened" && event.kind !== "note" && event.kind !== "assigned" && ` · ${t_code("verdict.", event.verdict)}`}
              {event.text && <div>{event.kind === "assigned" && event.text === me.id ? t("cases.me") : event.text}</div>}
              <div class="small soft">{moment(event.time)} · {event.actor === me.id ? t("cases.me") : <>{event.role ? `${t(`role.${event.role}`)} ` : ""}<span class="id">{event.actor}</span></>}</div>
            </li>))}
        </ol>
      </section>

      {asking === "keys" && (
        <Dialog title={t("keys.title")} onClose={() => set_asking("")}>
          <ul class="stack-small">{KEYS.map(([keys, key]) => <li key={keys}>{keys.split(" ").map((each) => <kbd key={each}>{each}</kbd>)} {t(key)}</li>)}</ul>
          <div class="form-end"><Button onClick={() => set_asking("")}>{t("action.close")}</Button></div>
        </Dialog>)}
      {asking === "note" && <WriteDialog title={t("case.note")} explain={t("case.note_explain")} go={t("case.note_go")} onClose={() => set_asking("")}
        send={async (text) => set(await api<Case>("POST /v1/cases/{id}/notes", { path: { id: one.id }, version: one.version, body: { text } }))} />}
      {asking === "reopen" && <WriteDialog title={t("case.reopen")} explain={t("case.reopen_explain")} go={t("case.reopen_go")} onClose={() => set_asking("")}
        send={async (reason_text) => set(await api<Case>("POST /v1/cases/{id}/reopen", { path: { id: one.id }, version: one.version, body: { reason: reason_text } }))} />}
    </div>
  );
}

const verdict_text = (candidate: Candidate): string =>
  candidate.gone ? t("case.gone_short") : candidate.decided && candidate.verdict ? t_code("verdict.", candidate.verdict) : candidate.proposed_by ? t("case.state.awaiting_second") : t("case.undecided");

function Decision({ one, candidate, verdict, set_verdict, reason, set_reason, error, busy, decide, problem }: {
  one: Case; candidate: Candidate; verdict: Verdict | ""; set_verdict: (verdict: Verdict) => void; reason: string; set_reason: (reason: string) => void;
  error: { verdict?: string; reason?: string }; busy: boolean; decide: () => void; problem: preact.ComponentChildren }) {
  const { me } = use_signed();
  if (candidate.gone) return <Notice tone="void" title={t("case.gone")}><p>{t("case.gone_why")}</p></Notice>;
  if (candidate.decided) {
    return (
      <Notice tone={candidate.verdict === "same_person" ? "grave" : "calm"} title={t("case.decided_as", { verdict: t_code("verdict.", candidate.verdict ?? "") })}>
        {candidate.earlier_case && <p><a href={link("cases", candidate.earlier_case)}>{t("case.earlier")}</a></p>}
      </Notice>
    );
  }
  if (closed(one)) return null;
  const mine = candidate.proposed_by === me.id;
  return (
    <form class="sheet no-print" onSubmit={(event) => { event.preventDefault(); decide(); }} noValidate>
      <h2>{t("case.decide")}</h2>
      {candidate.proposed_by && (
        <Notice tone="watch" title={mine ? t("case.waiting_second") : t("case.you_second", { who: candidate.proposed_by })}>
          <p>{mine ? t("case.waiting_second_do") : t("case.you_second_do")}</p>
        </Notice>)}
      {problem}
      <div style={{ marginTop: "16px" }}>
        <RadioField id="verdict" label={t("case.question")} value={verdict} set={(value) => set_verdict(value as Verdict)} {...(error.verdict ? { error: error.verdict } : {})}
          options={VERDICTS.filter((each) => !(mine && each === "same_person")).map((each) => ({
            value: each, label: candidate.proposed_by && !mine && each === "same_person" ? t("case.confirm_same") : t_code("verdict.", each),
            hint: t_code("verdict.say.", each), note: <> <kbd>{VERDICTS.indexOf(each) + 1}</kbd></> }))} />
        <TextField id="reason" label={t("form.reason")} hint={t("case.reason_hint")} rows={3} value={reason} set={set_reason} max={2000} {...(error.reason ? { error: error.reason } : {})} />
      </div>
      <div class="form-end">
        <Button kind="primary" type="submit" busy={busy}>{t("case.record")}</Button>
        <span class="small soft">{t("case.two_people")}</span>
      </div>
    </form>
  );
}

function WriteDialog({ title, explain, go: go_text, send, onClose }:
  { title: string; explain: string; go: string; send: (text: string) => Promise<void>; onClose: () => void }) {
  const [text, set_text] = useState("");
  const [error, set_error] = useState("");
  const sending = use_send();
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        if (!text.trim()) return set_error(t("form.reason_missing"));
        sending.send(async () => { await send(text.trim()); onClose(); });
      }}>
        <p>{explain}</p>
        {sending.problem && <Failure problem={sending.problem} />}
        <TextField id="text" label={t("form.text")} rows={4} value={text} set={set_text} max={2000} {...(error ? { error } : {})} />
        <div class="form-end">
          <Button kind="primary" type="submit" busy={sending.busy}>{go_text}</Button>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
