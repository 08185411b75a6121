/** What a person may do, as the server told: docs/roles.md. The server decides; this only hides what it would refuse. */

import { createContext, useContext } from "react";
import type { Me } from "../api/types";

/** A right as the server names it: resource and action. */
export type Right =
  | "conversation:read"
  | "conversation:answer"
  | "conversation:steer"
  | "conversation:search"
  | "facts:read"
  | "wall:read"
  | "wall:export"
  | "stuck_event:read"
  | "seat:write"
  | "connection:read"
  | "connection:verify"
  | "connection:write"
  | "import:read"
  | "import:write"
  | "export:read"
  | "export:write"
  | "retention:read"
  | "retention:write"
  | "webhook:read"
  | "webhook:write"
  | "baseline:read"
  | "baseline:write"
  | "person:read"
  | "person:write"
  | "approval:read"
  | "approval:approve"
  | "session:erase"
  | "audit:read"
  | "audit:verify"
  | "keys:read"
  | "keys:rotate"
  | "keys:erase"
  | `personal_data:reveal:${string}`;

export function may(me: Me, right: Right): boolean {
  return me.may.includes(right);
}

export type Place = "start" | "desk" | "wall" | "reports" | "search" | "care" | "shops" | "imports" | "exports" | "settings" | "people" | "audit" | "keys";

const OPENS: readonly { place: Place; rights: readonly Right[] }[] = [
  { place: "start", rights: ["connection:write"] },
  { place: "desk", rights: ["conversation:read"] },
  { place: "wall", rights: ["wall:read"] },
  { place: "reports", rights: ["wall:read"] },
  { place: "search", rights: ["conversation:search"] },
  { place: "exports", rights: ["export:read"] },
  { place: "care", rights: ["stuck_event:read"] },
  { place: "shops", rights: ["connection:read"] },
  { place: "imports", rights: ["import:read"] },
  { place: "settings", rights: ["retention:read", "webhook:read"] },
  { place: "people", rights: ["person:read", "approval:read"] },
  { place: "audit", rights: ["audit:read"] },
  { place: "keys", rights: ["keys:read"] },
];

/** Where somebody begins, the first of these that is theirs; the desk comes first for whoever sits at one. */
const HOMES: readonly Place[] = ["wall", "keys", "audit", "people", "care", "shops", "imports", "desk", "search"];

/** The screens that are somebody's, in the order of the bar. */
export function placesOf(me: Me): Place[] {
  return OPENS.filter((one) => one.rights.some((right) => may(me, right))).map((one) => one.place);
}

/** Where somebody begins; null if no screen is theirs. */
export function homeOf(me: Me): Place | null {
  const mine = placesOf(me);
  if (me.shops.length === 0 && mine.includes("start")) return "start";
  if (me.presence !== null && mine.includes("desk")) return "desk";
  return HOMES.find((one) => mine.includes(one)) ?? null;
}

/** Who is signed in, for whatever lies deep inside a screen. */
export const Mine = createContext<Me | null>(null);

export function useMe(): Me | null {
  return useContext(Mine);
}

export function useMay(...rights: Right[]): boolean {
  const me = useContext(Mine);
  return me !== null && rights.some((right) => may(me, right));
}
