/** A message's words with the findings underlined; the reason shows on hover and on focus. */

import { Tooltip } from "antd";
import type { FindingShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import css from "./chat.module.css";
import { splitByFindings } from "./marks";

export function Marked({ text, findings }: { text: string; findings: readonly FindingShape[] }) {
  const words = useWords();
  if (findings.length === 0) return <>{text}</>;
  return (
    <>
      {splitByFindings(text, findings).map((part, n) =>
        part.finding ? (
          <Tooltip
            key={n}
            title={
              <>
                <b>
                  {codeWord(words, "severity", part.finding.severity)} · {part.finding.title}
                </b>
                <br />
                {part.finding.reason}
              </>
            }
          >
            <mark className={css.mark} data-severity={part.finding.severity} tabIndex={0}>
              {part.text}
            </mark>
          </Tooltip>
        ) : (
          part.text
        ),
      )}
    </>
  );
}
