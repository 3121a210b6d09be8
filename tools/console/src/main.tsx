import { render } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Operation, Overview, Session } from "../generated/contract";
import { api, ApiProblem, use_session, when_signed_out } from "./api/client";
import { Pages } from "./pages";
import { SignIn } from "./pages/sign_in";
import { use_path } from "./route";
import { SessionContext, type Signed } from "./session";
import { Shell, type Counts } from "./shell";
import { language, on_language } from "./text/language";
import { Failure, Skeleton, Toasts } from "./ui/feedback";
import { as_problem } from "./ui/load";

type State = { at: "asking" } | { at: "out"; ended: boolean } | { at: "in"; session: Session } | { at: "broken"; problem: ApiProblem };

function App() {
  const path = use_path();
  const [, again] = useState(0);
  const [state, set_state] = useState<State>({ at: "asking" });
  const [counts, set_counts] = useState<Counts>({});
  useEffect(() => on_language(() => again((turn) => turn + 1)), []);

  const enter = useCallback((session: Session) => {
    use_session(session);
    set_state({ at: "in", session });
  }, []);
  const ask = useCallback(() => {
    set_state({ at: "asking" });
    api<Session>("GET /v1/session", { quiet: true }).then(enter, (fault: unknown) => {
      const problem = as_problem(fault);
      set_state([401, 403, 404].includes(problem.status) ? { at: "out", ended: false } : { at: "broken", problem });
    });
  }, []);
  useEffect(() => {
    when_signed_out(() => {
      use_session(null);
      set_state((before) => before.at === "in" ? { at: "out", ended: true } : before);
    });
    ask();
  }, []);

  const signed = useMemo<Signed | null>(() => state.at !== "in" ? null : {
    me: state.session.me,
    may: (operation: Operation) => state.session.me.operations.includes(operation),
    sign_out: () => {
      api("DELETE /v1/session", { quiet: true }).catch(() => undefined).finally(() => {
        use_session(null);
        location.hash = "#/";
        set_state({ at: "out", ended: false });
      });
    },
  }, [state]);

  // What waits, for the list of jobs: asked anew on each page, and once a minute.
  useEffect(() => {
    if (!signed?.may("getOverview") || !(signed.may("listCases") || signed.may("listAlerts"))) return;
    let going = true;
    const count = () => api<Overview>("GET /v1/overview", { query: { days: 1 } }).then((overview) => {
      if (going) set_counts({ cases: overview.cases && overview.cases.open + overview.cases.awaiting_second, alerts: overview.alerts_unacknowledged });
    }, () => undefined);
    void count();
    const timer = setInterval(count, 60000);
    return () => { going = false; clearInterval(timer); };
  }, [signed, path]);

  return (
    <SessionContext.Provider value={signed}>
      <Shell signed={signed} path={path} counts={counts}>
        {state.at === "asking" && <Skeleton />}
        {state.at === "broken" && <Failure problem={state.problem} retry={ask} />}
        {state.at === "out" && <SignIn ended={state.ended} onSession={enter} />}
        {state.at === "in" && <Pages key={path} path={path} />}
      </Shell>
      <Toasts />
    </SessionContext.Provider>
  );
}

document.documentElement.lang = language();
render(<App />, document.getElementById("app")!);
