// What the console says about itself: waiting, nothing there, gone wrong, done; and what asks back.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ApiProblem } from "../api/client";
import { take_focus } from "../route";
import { t } from "../text/language";
import { Button } from "./form";
import type { Load } from "./load";

export type Tone = "calm" | "watch" | "grave" | "void" | "good" | "plain";

export function Notice({ tone = "calm", title, children, alert }:
  { tone?: Tone; title?: string; children?: ComponentChildren; alert?: boolean }) {
  return (
    <div class={`notice tone-${tone}`} role={alert ? "alert" : undefined}>
      {title && <strong>{title}</strong>}
      {children}
    </div>
  );
}

export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div class="sheet" aria-busy="true">
      <span class="hidden-text" role="status">{t("state.loading")}</span>
      {Array.from({ length: lines }, (_, index) => <span class="skeleton" key={index} />)}
    </div>
  );
}

export function Failure({ problem, retry }: { problem: ApiProblem; retry?: () => void }) {
  return (
    <Notice tone="grave" title={problem.title} alert>
      <p>{problem.detail}</p>
      {(problem.problem.errors ?? []).length > 0 &&
        <ul>{problem.problem.errors!.map((error) => <li key={error.pointer}>{error.detail}</li>)}</ul>}
      {problem.problem.request_id &&
        <p class="small soft">{t("problem.request")} <span class="id-long">{problem.problem.request_id}</span></p>}
      {retry && <div class="row"><Button small onClick={retry}>{t("action.retry")}</Button></div>}
    </Notice>
  );
}

export function Empty({ title, children, actions }: { title: string; children?: ComponentChildren; actions?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div class="row">{actions}</div>}
    </div>
  );
}

/**
 * A loaded page, or the face of its waiting or its failure. While it is loaded anew, what was there stays as readable as
 * it was, under a line that moves.
 */
export function Loaded<T>({ load, lines, children }: { load: Load<T>; lines?: number; children: (data: T) => ComponentChildren }) {
  if (load.problem) return <Failure problem={load.problem} retry={load.reload} />;
  if (load.data === undefined) return <Skeleton {...(lines === undefined ? {} : { lines })} />;
  return <div class={load.loading ? "loading-anew" : undefined} aria-busy={load.loading}>{children(load.data)}</div>;
}

/** Asks back before something that cannot be undone. Escape and the second button leave all as it is. */
export function Dialog({ title, children, onClose }: { title: string; children: ComponentChildren; onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => { // before it is painted: keys pressed at once belong to the dialog
    const dialog = box.current;
    const before = document.activeElement as HTMLElement | null;
    dialog?.showModal();
    return () => { dialog?.close(); before?.focus?.(); };
  }, []);
  return (
    <dialog ref={box} aria-labelledby="dialog-title" onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <div class="dialog-in"><h2 id="dialog-title">{title}</h2>{children}</div>
    </dialog>
  );
}

interface Said { id: number; text: string; grave: boolean }
let say_to: (text: string, grave: boolean) => void = () => undefined;
/** A short word at the edge that something was done. What needs an answer is never said here. */
export const say = (text: string, grave = false): void => say_to(text, grave);

export function Toasts() {
  const [said, set_said] = useState<Said[]>([]);
  useEffect(() => {
    let next = 1;
    say_to = (text, grave) => {
      const id = next++;
      set_said((before) => [...before.slice(-2), { id, text, grave }]);
      setTimeout(() => set_said((before) => before.filter((one) => one.id !== id)), 8000);
    };
    return () => { say_to = () => undefined; };
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {said.map((one) => <div key={one.id} class={one.grave ? "toast toast-grave" : "toast"}>{one.text}</div>)}
    </div>
  );
}

/**
 * The one heading of a page. It names the window (`window_title` where the heading is a person: browsers remember it), and
 * takes the focus when one came here from another page.
 */
export function PageHead({ title, window_title = title, lead, crumb, children }:
  { title: string; window_title?: string; lead?: ComponentChildren; crumb?: ComponentChildren; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => { document.title = `${window_title} · Semak`; }, [window_title]);
  useLayoutEffect(() => { if (take_focus()) heading.current?.focus(); }, []);
  return (
    <header class="page-head">
      {crumb && <div class="crumb no-print">{crumb}</div>}
      <div class="row row-apart row-top">
        <h1 tabIndex={-1} ref={heading}>{title}</h1>
        {children && <div class="row no-print">{children}</div>}
      </div>
      {lead && <p class="lead">{lead}</p>}
    </header>
  );
}
