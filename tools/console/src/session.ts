// Whose session it is and what it may do. Pages ask `may(operation)`, never for a role by name, so that a change of
// roles in the contract needs no change here.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Me, Operation, PolicySummary } from "../generated/contract";
import { language } from "./text/language";

export interface Signed {
  me: Me;
  may: (operation: Operation) => boolean;
  sign_out: () => void;
}

export const SessionContext = createContext<Signed | null>(null);

export function use_signed(): Signed {
  const signed = useContext(SessionContext);
  if (!signed) throw new Error("no session");
  return signed;
}

/** A purpose in the reader's language; its name where it has no title, or is no longer in force. */
export function purpose_title(me: Me, name: string): string {
  const policy = me.policies.find((one) => one.name === name);
  return policy ? policy_title(policy) : name.replace(/_/g, " ");
}
export const policy_title = (policy: PolicySummary): string =>
  (language() === "ms" ? policy.title_ms : policy.title_en) || policy.title || policy.name;
