/** Behind a figure: its definition, and the sessions it counts or leaves out, each to be read. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { FigureRow, StretchWanted } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { BackIcon } from "../../pieces/icons";
import { Chip } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { dayTime, lengthWord } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { figureName } from "./figure";
import { ReadOnlyChat } from "./ReadOnlyChat";
import css from "./drawer.module.css";
import wallCss from "./wall.module.css";

export interface Question {
  figure: string;
  shop: string;
  agent: string;
  /** The shop's or the agent's name, "" for all. */
  of: string;
  /** Of which days; the present one where none are named. */
  days?: StretchWanted;
}

export function FigureDrawer({ question, close }: { question: Question; close: () => void }) {
  const words = useWords();
  const [opened, setOpened] = useState<FigureRow | null>(null);
  const name = [figureName(words, question.figure), question.of].filter(Boolean).join(" · ");
  return (
    <Drawer
      open
      size={opened ? 720 : 860}
      onClose={close}
      title={
        opened ? (
          <span className={wallCss.withKey}>
            <Button
              type="text"
              size="small"
              icon={<BackIcon />}
              aria-label={words("ui.back")}
              onClick={() => setOpened(null)}
            />
            {opened.customer} · {opened.shop} <Chip>{words("chat.readonly")}</Chip>
          </span>
        ) : (
          name
        )
      }
      styles={{ body: { padding: 0 }, wrapper: { maxWidth: "100vw" } }}
    >
      {opened ? <ReadOnlyChat id={opened.conversation} /> : null}
      <div hidden={opened !== null}>
        <Rows question={question} open={setOpened} />
      </div>
    </Drawer>
  );
}

function Rows({ question, open }: { question: Question; open: (row: FigureRow) => void }) {
  const words = useWords();
  const { figure, shop, agent } = question;
  const pages = useInfiniteQuery({
    queryKey: ["wall-rows", figure, shop, agent, question.days],
    queryFn: ({ pageParam }) =>
      question.days
        ? calls.reportRows(figure, question.days, shop, pageParam)
        : calls.wallRows(figure, { shop, agent }, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });
  if (pages.isPending) return <Bones lines={8} />;
  if (!pages.data) return <TroubleNote trouble={asTrouble(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  return (
    <>
      <div className={css.definition}>
        <h3>{words("wall.definition")}</h3>
        <p>{pages.data.pages[0]?.definition}</p>
      </div>
      <h3 className={css.rowsTitle}>{words(question.days ? "reports.rows" : "wall.rows")}</h3>
      {rows.length === 0 ? <p className={css.rowsTitle}>{words(question.days ? "reports.rows.none" : "wall.rows.empty")}</p> : null}
      <div className={wallCss.tableBox}>
        <RowTable words={words} rows={rows} open={open} />
      </div>
      {pages.error ? <TroubleNote trouble={asTrouble(pages.error)} retry={() => void pages.fetchNextPage()} /> : null}
      {pages.hasNextPage ? (
        <Button type="text" block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {words("ui.more")}
        </Button>
      ) : null}
    </>
  );
}

function RowTable({ words, rows, open }: { words: Words; rows: readonly FigureRow[]; open: (row: FigureRow) => void }) {
  if (rows.length === 0) return null;
  return (
    <table className={css.rows}>
      <thead>
        <tr>
          <th scope="col">{words("wall.row.customer")}</th>
          <th scope="col">{words("wall.row.shop")}</th>
          <th scope="col">{words("wall.row.agent")}</th>
          <th scope="col">{words("wall.row.opened")}</th>
          <th scope="col">{words("wall.row.first")}</th>
          <th scope="col">{words("wall.row.findings")}</th>
          <th scope="col">{words("wall.row.counted")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.conversation} data-out={row.counted ? undefined : ""} onClick={() => open(row)}>
            <td>
              <button type="button" className="bare" title={words("wall.row.open")}>
                {row.customer}
              </button>{" "}
              {row.origin === "live" ? null : <Chip tone="warn">{codeWord(words, "origin", row.origin)}</Chip>}
            </td>
            <td>{row.shop}</td>
            <td>{row.agent || words("ui.none")}</td>
            <td>
              {dayTime(words, row.openedAt)}{" "}
              {row.outsideHours ? (
                <Chip tone="line" title={row.outsideHours}>
                  {words("wall.row.outside")}
                </Chip>
              ) : null}
            </td>
            <td>{firstResponse(words, row)}</td>
            <td>{row.findings}</td>
            <td>{row.counted ? words("wall.row.counted.yes") : row.why || words("wall.row.counted.no")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How long the first reply took; where the shop was closed for a part of it, also how long while it was open. */
function firstResponse(words: Words, row: FigureRow): string {
  const [whole, open] = [row.firstResponseSeconds, row.firstResponseOpenSeconds];
  if (whole === null) return words("ui.none");
  const told = `${lengthWord(words, whole)} · ${codeWord(words, "answered", row.answeredBy)}`;
  if (open === null || open === whole) return told;
  return `${told}${words("wall.row.whileopen", { time: lengthWord(words, open) })}`;
}
