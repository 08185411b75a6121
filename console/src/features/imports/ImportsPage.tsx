/** Files of a shop's own: what came in, how far what is under way is, what was refused and why. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { ImportShape, Me } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Key } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { useDeskKeys } from "../desk/useDeskKeys";
import { ImportDrawer } from "./ImportDrawer";
import { NewImport } from "./NewImport";
import { IMPORTS, isUnderWay, Standing, whatOf } from "./standing";

const SOON_MS = 1_000;
const LATER_MS = 30_000;

export default function ImportsPage({ me }: { me: Me }) {
  const words = useWords();
  const [opened, setOpened] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const found = useInfiniteQuery({
    queryKey: IMPORTS,
    queryFn: ({ pageParam }) => calls.imports(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (one) => one.nextCursor,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.pages.some((one) => one.imports.some(isUnderWay)) ? SOON_MS : LATER_MS),
  });
  const writes = may(me, "import:write");
  useEffect(() => {
    document.title = `${words("nav.imports")} · ${words("brand")}`;
  }, [words]);
  useDeskKeys({ n: () => writes && setAdding(true) });
  const files = (found.data?.pages ?? []).flatMap((one) => one.imports);
  const file = files.find((one) => one.id === opened);
  const add = (
    <Button size="small" type="primary" onClick={() => setAdding(true)}>
      {words("imports.new")} <Key>N</Key>
    </Button>
  );
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.imports")}</h1>
        <span className={page.faint}>{me.organisation}</span>
        <span className={page.grow} />
        {writes ? add : null}
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {found.isPending ? <Bones lines={6} /> : null}
        {found.data && files.length === 0 ? (
          <Nothing title={words("imports.none")} detail={words("imports.none.why")}>
            {writes ? add : null}
          </Nothing>
        ) : null}
        {files.length > 0 ? <Table words={words} files={files} opened={opened} open={setOpened} /> : null}
        {found.hasNextPage ? (
          <Button type="text" block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words("ui.more")}
          </Button>
        ) : null}
      </div>
      {file ? <ImportDrawer key={file.id} me={me} file={file} close={() => setOpened(null)} /> : null}
      {adding ? <NewImport me={me} close={() => setAdding(false)} /> : null}
    </div>
  );
}

interface TableProps {
  words: Words;
  files: readonly ImportShape[];
  opened: string | null;
  open: (id: string) => void;
}

function Table({ words, files, opened, open }: TableProps) {
  return (
    <table className={page.table}>
      <thead>
        <tr>
          <th scope="col">{words("imports.file")}</th>
          <th scope="col">{words("imports.shop")}</th>
          <th scope="col">{words("imports.state")}</th>
          <th scope="col">{words("imports.result")}</th>
          <th scope="col" className={page.wide}>
            {words("imports.by")}
          </th>
          <th scope="col" className={page.wide}>
            {words("imports.at")}
          </th>
        </tr>
      </thead>
      <tbody>
        {files.map((one) => (
          <tr key={one.id} aria-current={one.id === opened || undefined} onClick={() => open(one.id)}>
            <td>
              <button type="button" className="bare" aria-haspopup="dialog">
                {one.name || words("imports.file")}
              </button>
              <small>{whatOf(words, one)}</small>
            </td>
            <td>{one.shop.name}</td>
            <td>
              <Standing words={words} file={one} />
            </td>
            <td>
              {one.state === "offered"
                ? words("ui.none")
                : words("imports.counts", { fresh: one.fresh, repeats: one.fed - one.fresh, refused: one.refused })}
              {one.trouble ? <small>{codeWord(words, "trouble", one.trouble)}</small> : null}
            </td>
            <td className={page.wide}>{one.person || words("ui.none")}</td>
            <td className={`${page.wide ?? ""} ${page.nowrap ?? ""}`}>{stamp(one.createdAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
