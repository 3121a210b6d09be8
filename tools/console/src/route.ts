// Where in the console one is: the part of the address behind `#`. It holds ids, never names or numbers of people.
import { useLayoutEffect, useState } from "preact/hooks";

export const path_now = (): string => location.hash.replace(/^#/, "") || "/";
export const parts_of_path = (path: string): string[] =>
  path.split("/").filter(Boolean).map((part) => decodeURIComponent(part));
export const link = (...parts: (string | number)[]): string => "#/" + parts.map((part) => encodeURIComponent(String(part))).join("/");
export const go = (...parts: (string | number)[]): void => { location.hash = link(...parts); };

/** What a thing without a reference is called in a list: the end of its id. */
export const short_id = (id: string): string => "…" + id.slice(-8);

let moved = false; // since the page was opened: then the new page's heading takes the focus
export function take_focus(): boolean {
  const was = moved;
  moved = false;
  return was;
}

export function use_path(): string {
  const [path, set_path] = useState(path_now());
  useLayoutEffect(() => {
    const follow = () => {
      moved = true;
      set_path(path_now());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return path;
}
