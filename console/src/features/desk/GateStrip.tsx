/** What the gates say about the words in the composer, before they leave. */

import { Button } from "antd";
import { codeWord, useWords } from "../../i18n";
import { AlertIcon } from "../../pieces/icons";
import { Chip, Key } from "../../pieces/small";
import css from "./composer.module.css";
import type { Gate } from "./useGate";

interface StripProps {
  gate: Gate;
  /** Grows each time someone tried to send in spite of the strip. */
  nudge: number;
  sendAnyway: () => void;
}

export function GateStrip({ gate, nudge, sendAnyway }: StripProps) {
  const words = useWords();
  if (gate.state === "unable") return <p className={css.quiet}>{words("compose.check.failed")}</p>;
  if (gate.findings.length === 0 && gate.state !== "hold" && gate.state !== "warn") return null;
  const bad = gate.state === "hold";
  const title = gate.sent
    ? words(bad ? "compose.held" : "compose.warned")
    : words(bad ? "compose.hold" : gate.state === "warn" ? "compose.warn" : "compose.pass");
  return (
    <div className={css.strip} data-state={gate.state} role="alert" key={nudge} data-nudged={nudge > 0 || undefined}>
      <div className={css.stripHead}>
        <AlertIcon />
        <b>{title}</b>
        {gate.state === "warn" ? (
          <Button size="small" onClick={sendAnyway}>
            <span className={css.withKey}>
              {words("act.send.anyway")} <Key>Ctrl+Enter</Key>
            </span>
          </Button>
        ) : null}
      </div>
      <ul>
        {gate.findings.map((finding, n) => (
          <li key={n}>
            <Chip tone={finding.severity === "block" ? "bad" : finding.severity === "warn" ? "warn" : "plain"}>
              {codeWord(words, "severity", finding.severity)}
            </Chip>{" "}
            <b>{finding.title}</b>
            <q>{Array.from(gate.text).slice(finding.start, finding.end).join("")}</q> {finding.reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
