/** A message's words with the findings underlined; what is masked in them is a button for whoever may see it. */

import { Tooltip } from "antd";
import { useContext } from "react";
import type { FindingShape, MessageShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { useMay } from "../rights";
import css from "./chat.module.css";
import { splitText, type Part } from "./marks";
import { Revealing } from "./revealing";

interface MarkedProps {
  text: string;
  findings: readonly FindingShape[];
  /** Whose words they are, where masked stretches of them may be asked for. */
  message?: MessageShape;
}

export function Marked({ text, findings, message }: MarkedProps) {
  const hidden = message?.hidden ?? [];
  if (findings.length === 0 && hidden.length === 0) return <>{text}</>;
  return (
    <>
      {splitText(text, findings, hidden).map(({ place, parts }, n) => {
        const inner = parts.map((part, m) => <Words key={m} part={part} />);
        if (place === null || !message) return <span key={n}>{inner}</span>;
        return (
          <Hidden key={n} message={message} place={place}>
            {inner}
          </Hidden>
        );
      })}
    </>
  );
}

function Hidden({ message, place, children }: { message: MessageShape; place: number; children: React.ReactNode }) {
  const words = useWords();
  const ask = useContext(Revealing);
  const kind = message.hidden[place]?.kind ?? "";
  const mine = useMay(`personal_data:reveal:${kind}`);
  const word = codeWord(words, "hidden", kind);
  if (!ask || !mine) return <span title={words("reveal.masked", { kind: word })}>{children}</span>;
  return (
    <button
      type="button"
      className={`bare ${css.hidden ?? ""}`}
      data-reveal=""
      title={words("reveal.ask", { kind: word })}
      onClick={() => ask(message, place)}
    >
      {children}
      <span className="unseen"> {words("reveal.ask", { kind: word })}</span>
    </button>
  );
}

function Words({ part }: { part: Part }) {
  const words = useWords();
  const { finding, text } = part;
  if (!finding) return <>{text}</>;
  return (
    <Tooltip
      title={
        <>
          <b>
            {codeWord(words, "severity", finding.severity)} · {finding.title}
          </b>
          <br />
          {finding.reason}
        </>
      }
    >
      <mark className={css.mark} data-severity={finding.severity} tabIndex={0}>
        {text}
      </mark>
    </Tooltip>
  );
}
