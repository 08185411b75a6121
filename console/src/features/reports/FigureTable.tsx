/** Every figure of some days, a row each: of all shops, and of each; a cell opens the sessions behind it. */

import type { FigureShape, ReportShape } from "../../api/types";
import { useWords, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { figureName, isKept, isMet, readFigure, whyNot } from "../wall/figure";
import css from "./reports.module.css";

interface FigureTableProps {
  report: ReportShape;
  ask: (figure: string, of: string, shop: string) => void;
}

export function FigureTable({ report, ask }: FigureTableProps) {
  const words = useWords();
  const several = report.shops.length > 1;
  const columns = [
    { id: "", name: several ? words("reports.all") : (report.shops[0]?.name ?? ""), figures: report.figures },
    ...(several ? report.shops : []),
  ];
  // How many sessions there were says how much all the other figures weigh.
  const kept = report.figures.filter(isKept).sort((one, other) => weight(other) - weight(one));
  return (
    <div className={css.box}>
      <table className={`${page.table ?? ""} ${css.figures ?? ""}`}>
        <thead>
          <tr>
            <th scope="col">{words("reports.figure")}</th>
            {columns.map((one) => (
              <th key={one.id} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kept.map((figure) => (
            <tr key={figure.key}>
              <th scope="row">{nameOf(words, figure.key)}</th>
              {columns.map((one) => (
                <Cell
                  key={one.id}
                  figure={one.figures.find((each) => each.key === figure.key)}
                  open={() => ask(figure.key, one.id === "" ? "" : one.name, one.id)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SESSIONS = "sessions";

function weight(figure: FigureShape): number {
  return figure.key === SESSIONS ? 1 : 0;
}

function nameOf(words: Words, key: string): string {
  return key === SESSIONS ? words("reports.sessions") : figureName(words, key);
}

function Cell({ figure, open }: { figure: FigureShape | undefined; open: () => void }) {
  const words = useWords();
  if (!figure) return <td>{words("ui.none")}</td>;
  const { value, unit } = readFigure(words, figure);
  const parts = figure.part !== null && figure.whole ? words("wall.of", { part: figure.part, whole: figure.whole }) : "";
  return (
    <td data-met={isMet(figure) ?? undefined}>
      <button type="button" className="bare" title={words("wall.open", { name: nameOf(words, figure.key) })} onClick={open}>
        <b>{value}</b> {unit}
      </button>
      <small>{parts || whyNot(words, figure)}</small>
    </td>
  );
}
