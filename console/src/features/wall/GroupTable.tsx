/** The same figures per shop or per agent, one row each; every cell opens like the figures above. */

import type { FigureShape, WallGroup } from "../../api/types";
import { useWords } from "../../i18n";
import { figureName, isKept, isMet, readFigure, whyNot } from "./figure";
import css from "./wall.module.css";

interface GroupTableProps {
  title: string;
  groups: readonly WallGroup[];
  /** The wall's own figures: they give the columns their order. */
  order: readonly FigureShape[];
  ask: (figure: string, group: WallGroup) => void;
}

export function GroupTable({ title, groups, order, ask }: GroupTableProps) {
  const words = useWords();
  const has = new Set(groups.flatMap((group) => group.figures.filter(isKept).map((figure) => figure.key)));
  const keys = [...new Set([...order.map((figure) => figure.key), ...has])].filter((key) => has.has(key));
  return (
    <section className={css.group}>
      <h2>{title}</h2>
      {groups.length === 0 ? (
        <p className={css.faint}>{words("wall.empty")}</p>
      ) : (
        <div className={css.tableBox}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{words("wall.name")}</th>
                {keys.map((key) => (
                  <th key={key} scope="col">
                    {figureName(words, key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <tr key={group.id}>
                  <th scope="row">{group.name}</th>
                  {keys.map((key) => (
                    <Cell key={key} group={group} figureKey={key} ask={ask} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Cell({ group, figureKey, ask }: { group: WallGroup; figureKey: string; ask: GroupTableProps["ask"] }) {
  const words = useWords();
  const figure = group.figures.find((one) => one.key === figureKey);
  if (!figure) return <td>{words("ui.none")}</td>;
  const { value, unit } = readFigure(words, figure);
  const parts =
    figure.part !== null && figure.whole !== null
      ? figure.whole === 0
        ? words("wall.nothing")
        : words("wall.of", { part: figure.part, whole: figure.whole })
      : whyNot(words, figure) || undefined;
  return (
    <td data-met={isMet(figure) ?? undefined}>
      <button
        type="button"
        className="bare"
        title={[figureName(words, figureKey), parts].filter(Boolean).join(" ")}
        onClick={() => ask(figureKey, group)}
      >
        {value}
        <small>{unit}</small>
      </button>
    </td>
  );
}
