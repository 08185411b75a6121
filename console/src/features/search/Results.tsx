/** The sessions found, dense: who and where and when in one line, what was said beneath it. */

import { useEffect, useRef } from "react";
import type { FoundSession, Snippet } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { Chip } from "../../pieces/small";
import { dayTime } from "../../pieces/time";
import css from "./search.module.css";

interface ResultsProps {
  rows: readonly FoundSession[];
  current: string;
  open: (row: FoundSession) => void;
  choose: (place: number) => void;
}

export function Results({ rows, current, open, choose }: ResultsProps) {
  const words = useWords();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <ol className={css.rows} ref={list} aria-label={words("search.results")}>
      {rows.map((row, place) => (
        <li
          key={row.id}
          aria-current={row.id === current}
          onClick={() => {
            choose(place);
            open(row);
          }}
        >
          <Row row={row} />
        </li>
      ))}
    </ol>
  );
}

function Row({ row }: { row: FoundSession }) {
  const words = useWords();
  return (
    <>
      <div className={css.line}>
        <time dateTime={row.openedAt}>{dayTime(words, row.openedAt)}</time>
        <button type="button" className="bare" aria-label={words("search.open", { name: row.customer })}>
          {row.customer}
        </button>
        <span className={css.shop}>{row.shop.name}</span>
        <span className={css.agents}>
          {row.agents.map((one) => one.name).join("、") || words(row.origin === "live" ? "search.nobody" : "search.unassigned")}
        </span>
        {row.origin === "live" ? null : <Chip tone="warn">{codeWord(words, "origin", row.origin)}</Chip>}
        {row.risk === "none" ? null : (
          <Chip tone={row.risk === "high" ? "bad" : "warn"}>{codeWord(words, "risk", row.risk)}</Chip>
        )}
        <Chip tone="line">{codeWord(words, "state", row.state)}</Chip>
        <span className={css.hits}>{words("search.hits", { n: row.hits })}</span>
      </div>
      {row.snippets.map((one) => (
        <p key={`${one.at} ${one.text}`} className={css.said} data-side={one.sender}>
          <b>{codeWord(words, "side", one.sender)}</b>
          <Marked snippet={one} />
        </p>
      ))}
      {row.hits > row.snippets.length ? (
        <p className={css.said}>{words("search.more", { n: row.hits - row.snippets.length })}</p>
      ) : null}
    </>
  );
}

/** The words looked for, marked. Places count characters as people do, not halves of pairs. */
function Marked({ snippet }: { snippet: Snippet }) {
  const letters = Array.from(snippet.text);
  const parts = [];
  let at = 0;
  for (const mark of snippet.marks) {
    parts.push(letters.slice(at, mark.start).join(""));
    parts.push(<mark key={mark.start}>{letters.slice(mark.start, mark.end).join("")}</mark>);
    at = mark.end;
  }
  return (
    <span>
      {snippet.begins ? "" : "…"}
      {parts}
      {letters.slice(at).join("")}
      {snippet.ends ? "" : "…"}
    </span>
  );
}
