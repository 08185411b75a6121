/** The platform's own figures beside ours, and of what kind each difference may be. */

import type { ComparedShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { Chip, type Tone } from "../../pieces/small";
import { stamp } from "../../pieces/time";
import { readValue } from "../wall/figure";
import css from "./reports.module.css";

const TONES: Partial<Record<string, Tone>> = { alike: "good", unexplained: "bad" };

export function Beside({ compared }: { compared: readonly ComparedShape[] }) {
  const words = useWords();
  return (
    <div className={css.box}>
      <table className={`${page.table ?? ""} ${css.figures ?? ""}`}>
        <thead>
          <tr>
            <th scope="col">{words("reports.figure")}</th>
            <th scope="col">{words("reports.theirs")}</th>
            <th scope="col">{words("reports.ours")}</th>
            <th scope="col">{words("reports.difference")}</th>
            <th scope="col">{words("reports.source")}</th>
          </tr>
        </thead>
        <tbody>
          {compared.map((one) => (
            <tr key={`${one.source}:${one.figure}`}>
              <th scope="row">{codeWord(words, "imported", one.figure)}</th>
              <td>{valued(words, one.unit, one.theirs)}</td>
              <td>{valued(words, one.unit, one.ours)}</td>
              <td>
                <span className={page.chips}>
                  {one.kinds.map((kind) => (
                    <Chip key={kind} tone={TONES[kind] ?? "plain"}>
                      {codeWord(words, "differs", kind)}
                    </Chip>
                  ))}
                </span>
              </td>
              <td>
                {codeWord(words, "told", one.source)}
                <small>{words("reports.asof", { time: stamp(one.asOf), n: one.days })}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valued(words: Words, unit: string, value: number | null): string {
  if (value === null) return words("ui.none");
  if (unit === "fen") return `¥${(value / 100).toFixed(2)}`;
  if (unit === "score") return value.toFixed(2);
  const told = readValue(words, unit, value);
  return `${told.value} ${told.unit}`.trim();
}
