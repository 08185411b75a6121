/** What a person may do, as the server told: docs/roles.md. The server decides; this only hides what it would refuse. */

import { createContext, useContext } from "react";
import type { Me } from "../api/types";

/** A right as the server names it: resource and action. */
export type Right =
  | "conversation:read"
  | "conversation:answer"
  | "conversation:steer"
  | "facts:read"
  | "wall:read"
  | "stuck_event:read"
  | `personal_data:reveal:${string}`;

export function may(me: Me, right: Right): boolean {
  return me.may.includes(right);
}

export type Place = "desk" | "wall" | "care";

const OPENS: readonly { place: Place; right: Right }[] = [
  { place: "desk", right: "conversation:read" },
  { place: "wall", right: "wall:read" },
  { place: "care", right: "stuck_event:read" },
];

/** The screens that are somebody's, in the order of the bar. */
export function placesOf(me: Me): Place[] {
  return OPENS.filter((one) => may(me, one.right)).map((one) => one.place);
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
