// Loading what a page shows: the three states every page must have a face for, and pages of a list.
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiProblem, new_once } from "../api/client";
import { language } from "../text/language";

export interface Load<T> {
  data: T | undefined; // the last one that came, also while loading anew
  problem: ApiProblem | undefined;
  loading: boolean;
  reload: () => void;
  set: (data: T) => void;
}

export const as_problem = (fault: unknown): ApiProblem =>
  fault instanceof ApiProblem ? fault : new ApiProblem(-1, { title: String(fault) });

/**
 * Loads at first, when `inputs` change and when the language does. The request leaves before the browser paints again:
 * a page that still shows what was asked for before is never taken for the answer to what is asked for now.
 */
export function use_load<T>(load: (signal: AbortSignal) => Promise<T>, inputs: unknown[]): Load<T> {
  const [state, set_state] = useState<{ data?: T; problem?: ApiProblem; loading: boolean }>({ loading: true });
  const [turn, set_turn] = useState(0);
  useLayoutEffect(() => {
    const abort = new AbortController();
    set_state((before) => ({ data: before.data, loading: true }) as typeof before);
    load(abort.signal).then(
      (data) => { if (!abort.signal.aborted) set_state({ data, loading: false }); },
      (fault: unknown) => { if (!abort.signal.aborted) set_state({ problem: as_problem(fault), loading: false }); });
    return () => abort.abort();
  }, [...inputs, turn, language()]);
  return {
    data: state.data, problem: state.problem, loading: state.loading,
    reload: useCallback(() => set_turn((before) => before + 1), []),
    set: useCallback((data: T) => set_state({ data, loading: false }), []),
  };
}

export interface Page<T> { items: T[]; next_cursor?: string }
export interface Pages<T> extends Load<T[]> {
  more: (() => void) | undefined; // loads the next page; absent when there is none
  first: Page<T> | undefined; // the first page whole, for what stands beside its items
}

/** A list that goes on with cursors. A page shorter than asked, or an empty one, is the last. */
export function use_pages<T, P extends Page<T> = Page<T>>(
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<P>, inputs: unknown[]): Pages<T> & { first: P | undefined } {
  const first = use_load<P>((signal) => load(undefined, signal), inputs);
  const [rest, set_rest] = useState<{ of: P | undefined; items: T[]; next: string | undefined }>({ of: undefined, items: [], next: undefined });
  const [busy, set_busy] = useState(false);
  const [failed, set_failed] = useState<{ of: P | undefined; problem: ApiProblem }>();
  const newest = useRef(first.data);
  newest.current = first.data;
  const mine = rest.of === first.data ? rest : { items: [], next: first.data?.items.length ? first.data.next_cursor : undefined };
  const more = () => {
    const of = first.data;
    set_busy(true);
    load(mine.next, new AbortController().signal).then((page) => {
      set_busy(false);
      if (newest.current !== of) return;
      set_rest({ of, items: [...mine.items, ...page.items], next: page.items.length ? page.next_cursor : undefined });
    }, (fault: unknown) => { set_busy(false); set_failed({ of, problem: as_problem(fault) }); });
  };
  return {
    data: first.data && [...first.data.items, ...mine.items],
    problem: first.problem ?? (!first.loading && failed?.of === first.data ? failed?.problem : undefined),
    loading: first.loading || busy, reload: first.reload,
    set: () => undefined, first: first.data, more: mine.next && !busy ? more : undefined,
  };
}

/**
 * Sending something: whether it is on its way and what went wrong. `once` is the Idempotency-Key of what is sent: it
 * stays the same until the service has answered, so that what is sent again after a lost connection is made once.
 */
export function use_send(): { busy: boolean; problem: ApiProblem | undefined; clear: () => void; send: (what: (once: string) => Promise<void>) => void } {
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState<ApiProblem>();
  const going = useRef(false);
  const once = useRef(new_once());
  return {
    busy, problem, clear: () => set_problem(undefined),
    send: (what) => {
      if (going.current) return; // pressed twice
      going.current = true;
      set_busy(true);
      set_problem(undefined);
      what(once.current)
        .then(() => { once.current = new_once(); }, (fault: unknown) => {
          const problem = as_problem(fault);
          if (problem.status > 0) once.current = new_once();
          set_problem(problem);
        })
        .finally(() => { going.current = false; set_busy(false); });
    },
  };
}
