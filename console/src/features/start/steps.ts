/** The first steps of a new organisation, and whether they are all done. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import type { FirstSteps, Me } from "../../api/types";
import { may } from "../../pieces/rights";

export const FIRST_STEPS = ["first-steps"];
const SELDOM_MS = 300_000;

export type Step = "factor" | "shop" | "people" | "message";

/** Which steps are done. A vendor that is engaged answers as well as people of one's own. */
export function doneSteps(me: Me, found: FirstSteps): Record<Step, boolean> {
  return {
    factor: me.secondFactor.setUp,
    shop: found.shops > 0,
    people: found.agents + found.vendors > 0,
    message: found.begun,
  };
}

/** Whether nothing is left to begin with; true until it is known, so that nothing flickers. */
export function useSettled(me: Me): boolean {
  const found = useQuery({
    queryKey: FIRST_STEPS,
    queryFn: calls.firstSteps,
    staleTime: SELDOM_MS,
    enabled: may(me, "connection:write"),
  });
  return !found.data || Object.values(doneSteps(me, found.data)).every(Boolean);
}
