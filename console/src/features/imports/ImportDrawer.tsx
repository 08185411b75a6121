/** One import: what it is, how far it is, and every row that was refused, to be saved as a list. */

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer } from "antd";
import { calls } from "../../api/calls";
import type { ImportShape, Me, RefusedRow } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Bones, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./imports.module.css";
import { IMPORTS, isUnderWay, Standing, whatOf } from "./standing";

const MOST = 10_000;

interface DrawerProps {
  me: Me;
  file: ImportShape;
  close: () => void;
}

export function ImportDrawer({ me, file, close }: DrawerProps) {
  const words = useWords();
  const stops = may(me, "import:write") && (isUnderWay(file) || file.state === "offered");
  return (
    <Drawer open size={520} title={file.name || words("imports.file")} onClose={close} styles={{ wrapper: { maxWidth: "100vw" } }}>
      <section className={page.section}>
        <dl className={page.facts}>
          <dt>{words("imports.what")}</dt>
          <dd>{whatOf(words, file)}</dd>
          <dt>{words("imports.shop")}</dt>
          <dd>{file.shop.name}</dd>
          <dt>{words("imports.state")}</dt>
          <dd>
            <Standing words={words} file={file} />
            {file.trouble ? <p className={css.wrong}>{codeWord(words, "trouble", file.trouble)}</p> : null}
          </dd>
          <dt>{words("imports.rows")}</dt>
          <dd>{file.rowsRead}</dd>
          <dt>{words("imports.result")}</dt>
          <dd>{words("imports.counts", { fresh: file.fresh, repeats: file.fed - file.fresh, refused: file.refused })}</dd>
          {file.firstAt && file.lastAt ? (
            <>
              <dt>{words("imports.span")}</dt>
              <dd>{words("imports.span.of", { from: stamp(file.firstAt), to: stamp(file.lastAt) })}</dd>
            </>
          ) : null}
          <dt>{words("imports.by")}</dt>
          <dd>
            {file.person || words("ui.none")} <small>{stamp(file.createdAt)}</small>
          </dd>
        </dl>
        {stops ? <Stop file={file} /> : null}
      </section>
      <section className={page.section}>
        <h3>{words("imports.refused")}</h3>
        {file.refused === 0 ? (
          <p className={page.faint}>{words(file.state === "done" ? "imports.refused.none" : "ui.none")}</p>
        ) : (
          <Refused file={file} />
        )}
      </section>
    </Drawer>
  );
}

function Stop({ file }: { file: ImportShape }) {
  const words = useWords();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const stop = useDeed(
    () => calls.stopImport(file.id),
    () => void client.invalidateQueries({ queryKey: IMPORTS }),
  );
  const ask = () =>
    modal.confirm({
      title: words("imports.stop.title", { name: file.name }),
      content: words("imports.stop.what"),
      okText: words("imports.stop"),
      cancelText: words("ui.cancel"),
      onOk: () => void stop.run(),
    });
  return (
    <p>
      <Button size="small" loading={stop.busy} onClick={() => void ask()}>
        {words("imports.stop")}
      </Button>
      {stop.trouble ? <TroubleNote trouble={stop.trouble} /> : null}
      {stop.dialog}
    </p>
  );
}

function Refused({ file }: { file: ImportShape }) {
  const words = useWords();
  const pages = useInfiniteQuery({
    queryKey: [...IMPORTS, file.id, file.refused],
    queryFn: ({ pageParam }) => calls.refusedRows(file.id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  if (pages.error) return <TroubleNote trouble={asTrouble(pages.error)} retry={() => void pages.refetch()} />;
  if (pages.isPending) return <Bones lines={3} />;
  const rows = pages.data.pages.flatMap((one) => one.rows);
  return (
    <>
      <table className={css.refused}>
        <tbody>
          {rows.map((row) => (
            <tr key={row.place}>
              <th scope="row">{words("imports.row", { n: row.row })}</th>
              <td>{codeWord(words, "imported", row.field || "other")}</td>
              <td>{codeWord(words, "unfit", row.code)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {file.refused > MOST ? <p className={page.faint}>{words("imports.refused.most")}</p> : null}
      <div className={page.acts}>
        {pages.hasNextPage ? (
          <Button size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {words("imports.refused.more")}
          </Button>
        ) : null}
        <Button size="small" onClick={() => save(words, file, rows)}>
          {words("imports.refused.save")}
        </Button>
      </div>
    </>
  );
}

/** Hand the listed rows over as a table that opens in a spreadsheet. */
function save(words: Words, file: ImportShape, rows: readonly RefusedRow[]) {
  const lines = [
    [words("imports.rows"), words("imports.field"), words("imports.reason")],
    ...rows.map((row) => [
      String(row.row),
      codeWord(words, "imported", row.field || "other"),
      codeWord(words, "unfit", row.code),
    ]),
  ];
  const text = lines.map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\r\n");
  // A spreadsheet takes the text for UTF-8 by its mark.
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${file.name || words("imports.file")} · ${words("imports.refused")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
