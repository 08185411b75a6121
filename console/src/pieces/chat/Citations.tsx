/** Where an answer's words come from: closed to a count, opened to title, quote, time and source. */

import { useState } from "react";
import type { Citation } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { QuoteIcon } from "../icons";
import { Chip } from "../small";
import { dayTime } from "../time";
import css from "./chat.module.css";

export function Citations({ citations }: { citations: readonly Citation[] }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  if (citations.length === 0) return null;
  return (
    <div className={css.cites}>
      <button type="button" className={`bare ${css.citesButton}`} aria-expanded={open} onClick={() => setOpen(!open)}>
        <QuoteIcon size={13} />
        {words("chat.cites", { n: citations.length })}
      </button>
      {open ? (
        <ol>
          {citations.map((citation) => (
            <li key={citation.ref}>
              <span className={css.citeTitle}>
                <Chip>{codeWord(words, "citation", citation.kind)}</Chip> {citation.title}
              </span>
              <q>{citation.quote}</q>
              <small>
                {words("chat.asof", { time: dayTime(words, citation.asOf) })}
                {isReadable(citation.ref) ? ` · ${words("chat.source")} ${citation.ref}` : null}
              </small>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

/** A reference is shown only if it says something to a person: words or an address, not an id. */
function isReadable(ref: string): boolean {
  return /\p{Script=Han}/u.test(ref) || ref.startsWith("https://");
}
