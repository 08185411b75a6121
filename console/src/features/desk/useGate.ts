/** Ask the gates about a draft while it is being written; the answer counts only for the very words asked about. */

import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { FindingShape } from "../../api/types";

export type GateState = "idle" | "checking" | "pass" | "warn" | "hold" | "unable";

export interface Gate {
  text: string;
  state: GateState;
  findings: readonly FindingShape[];
  /** True where a real attempt to send said so, not only the check ahead. */
  sent: boolean;
}

export const NO_GATE: Gate = { text: "", state: "idle", findings: [], sent: false };
const PAUSE_MS = 350;

export function useGate(conversation: string, text: string): [Gate, (gate: Gate) => void] {
  const [gate, setGate] = useState<Gate>(NO_GATE);
  useEffect(() => {
    if (text === "") return undefined;
    const stop = new AbortController();
    const timer = window.setTimeout(() => {
      setGate((now) => (now.text === text ? now : { ...now, state: "checking" }));
      calls.check(conversation, text, stop.signal).then(
        ({ outcome, findings }) => {
          setGate((now) => ({ text, state: readOutcome(outcome), findings, sent: now.sent && now.text === text }));
        },
        () => {
          if (!stop.signal.aborted) setGate({ text, state: "unable", findings: [], sent: false });
        },
      );
    }, PAUSE_MS);
    return () => {
      window.clearTimeout(timer);
      stop.abort();
    };
  }, [conversation, text]);
  return [text === "" ? NO_GATE : gate, setGate];
}

export function readOutcome(outcome: string): GateState {
  return outcome === "warn" || outcome === "hold" ? outcome : "pass";
}
