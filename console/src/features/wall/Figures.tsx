/** The day's figures in one band. Each is a button: what it means and what is behind it. */

import type { CSSProperties } from "react";
import type { FigureShape } from "../../api/types";
import { useWords, type Words } from "../../i18n";
import { figureName, isMet, readFigure, readValue, whyNot } from "./figure";
import css from "./figures.module.css";

export function Figures({ figures, ask }: { figures: readonly FigureShape[]; ask: (figure: string) => void }) {
  const words = useWords();
  return (
    <section
      className={css.figures}
      aria-label={words("wall.title")}
      style={{ "--columns": evenColumns(figures.length) } as CSSProperties}
    >
      {figures.map((figure) => (
        <Figure key={figure.key} figure={figure} words={words} ask={ask} />
      ))}
    </section>
  );
}

/** Columns that leave no lone figure on a last row: seven stand in one row, ten in two rows of five. */
function evenColumns(count: number): number {
  return Math.ceil(count / Math.max(1, Math.ceil(count / MOST_COLUMNS)));
}

const MOST_COLUMNS = 7;

function Figure({ figure, words, ask }: { figure: FigureShape; words: Words; ask: (figure: string) => void }) {
  const name = figureName(words, figure.key);
  const { value, unit } = readFigure(words, figure);
  const met = isMet(figure);
  return (
    <button
      type="button"
      className={`bare ${css.figure}`}
      title={words("wall.open", { name })}
      data-met={met ?? undefined}
      onClick={() => ask(figure.key)}
    >
      <span className={css.name}>{name}</span>
      <span className={css.value}>
        {value}
        <small>{unit}</small>
      </span>
      {figure.unit === "share" && figure.why === "" ? <Meter figure={figure} /> : null}
      <span className={css.under}>
        {figure.why ? <span>{whyNot(words, figure)}</span> : null}
        {figure.part !== null && figure.whole !== null ? (
          <span>
            {figure.whole === 0
              ? words("wall.nothing")
              : words("wall.of", { part: figure.part.toLocaleString(), whole: figure.whole.toLocaleString() })}
          </span>
        ) : null}
        {figure.target === null ? null : <Target figure={figure} words={words} met={met} />}
      </span>
    </button>
  );
}

function Target({ figure, words, met }: { figure: FigureShape; words: Words; met: boolean | null }) {
  const { value, unit } = readValue(words, figure.unit, figure.target ?? 0);
  const plain = value.replace(/\.0$/, "");
  return (
    <span className={css.target}>
      {words("wall.target", { value: `${plain}${unit === "%" ? "" : " "}${unit}` })}
      {met === null ? null : <b>{words(met ? "wall.met" : "wall.missed")}</b>}
    </span>
  );
}

/** The share as a line, with a tick where the target stands. */
function Meter({ figure }: { figure: FigureShape }) {
  const width = `${Math.min(100, Math.max(0, (figure.value ?? 0) * 100))}%`;
  return (
    <span className={css.meter} aria-hidden="true">
      <i style={{ width }} />
      {figure.target === null ? null : <u style={{ left: `${figure.target * 100}%` }} />}
    </span>
  );
}
