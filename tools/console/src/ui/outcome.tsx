// What was answered. The words are the console's own, one set for each outcome, because what an answer does not mean
// matters as much as what it means.
import type { ComponentChildren } from "preact";
import type { CaseState, IncompleteReason, Outcome, Standing, StandingState } from "../../generated/contract";
import { partial_date, t, t_code } from "../text/language";
import type { Tone } from "./feedback";

export const outcome_tone = (outcome: string): Tone =>
  ({ no_record: "calm", under_verification: "watch", refer: "watch", record: "grave", rejected: "plain" } as Record<string, Tone>)[outcome] ?? "void";
export const outcome_title = (outcome: string): string => t_code("outcome.", outcome === "refer" ? "under_verification" : outcome);

const PATHS: Record<string, string> = {
  calm: "M4 12h16M4 7h16M4 17h10", // lines of a page: nothing found on it
  watch: "M12 6v7l4 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18", // a clock: somebody is looking
  grave: "M12 4v10M12 18.5v.5M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20",
  void: "M5 5l14 14M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18", // crossed out: not done
  good: "M5 12.5l4.5 4.5L19 7.5",
  plain: "M6 12h12",
};
export function Sign({ tone }: { tone: Tone }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[tone]} />
    </svg>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge tone-${tone}`}><Sign tone={tone} />{children}</span>;
}
export const OutcomeBadge = ({ outcome }: { outcome: string }) => <Badge tone={outcome_tone(outcome)}>{outcome_title(outcome)}</Badge>;

const STANDING_TONES: Record<StandingState, Tone> = {
  fit: "good", not_fit: "grave", revoked: "grave", suspended: "watch", expired: "watch", pending: "watch", unknown: "void",
};
export const StandingBadge = ({ state }: { state: StandingState }) =>
  <Badge tone={STANDING_TONES[state] ?? "void"}>{t_code("standing.", state)}</Badge>;

const CASE_TONES: Record<CaseState, Tone> = {
  open: "watch", needs_more: "void", awaiting_second: "watch", closed_no_record: "calm", closed_record: "grave",
};
export const CaseBadge = ({ state }: { state: CaseState }) => <Badge tone={CASE_TONES[state]}>{t_code("case.state.", state)}</Badge>;

export function OutcomePanel({ outcome, reason, facts, children }:
  { outcome: Outcome; reason?: IncompleteReason | undefined; facts?: ComponentChildren; children?: ComponentChildren }) {
  const tone = outcome_tone(outcome);
  const code = outcome === "refer" ? "under_verification" : outcome;
  return (
    <section class={`outcome tone-${tone}`} aria-labelledby="outcome-title">
      <div class="outcome-head">
        <Sign tone={tone} />
        <div>
          <h2 id="outcome-title">{outcome_title(outcome)}</h2>
          <p>{outcome === "incomplete" && reason ? t_code("incomplete.", reason) : t_code("outcome.say.", code)}</p>
        </div>
      </div>
      <div class="outcome-body">
        <div>
          <h3>{t("outcome.means")}</h3>
          <ul>{t_code("outcome.means.", code).split("\n").map((line) => <li key={line}>{line}</li>)}</ul>
        </div>
        <div>
          <h3>{t("outcome.means_not")}</h3>
          <ul>{t_code("outcome.means_not.", code).split("\n").map((line) => <li key={line}>{line}</li>)}</ul>
        </div>
        {facts && <div>{facts}</div>}
      </div>
      {children && <div class="outcome-end">{children}</div>}
    </section>
  );
}

export function StandingPanel({ standing }: { standing: Standing }) {
  const tone = STANDING_TONES[standing.state] ?? "void";
  const rows: [string, string | undefined][] = [
    [t("standing.as_of"), partial_date(standing.as_of)],
    [t("standing.order"), standing.order],
    [t("standing.section"), standing.section && `${t("standing.act")} ${standing.section}`],
    [t("standing.child"), standing.child_reference],
    [t("standing.from"), standing.valid_from && partial_date(standing.valid_from)],
    [t("standing.to"), standing.valid_to && partial_date(standing.valid_to)],
    [t("register.name"), standing.register && `${standing.register} · ${standing.record_id ?? ""}`],
  ];
  return (
    <section class={`outcome tone-${tone}`} aria-labelledby="standing-title">
      <div class="outcome-head">
        <Sign tone={tone} />
        <div>
          <p class="small soft">{t("standing.title")}</p>
          <h2 id="standing-title">{t_code("standing.", standing.state)}</h2>
          <p>{t_code("standing.say.", standing.state)}</p>
        </div>
      </div>
      <div class="outcome-body">
        <dl class="facts">{rows.filter((row) => row[1]).map(([label, value]) => <><dt>{label}</dt><dd>{value}</dd></>)}</dl>
      </div>
    </section>
  );
}
