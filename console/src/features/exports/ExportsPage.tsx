/** Sessions and messages as files: what was asked for, how far it is, and the file while it is kept. */

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { ExportShape, Me } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { saveFile } from "../../pieces/save";
import { Key } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { useDeskKeys } from "../desk/useDeskKeys";
import { AskExport } from "./AskExport";
import css from "./exports.module.css";
import { EXPORTS, isUnderWay, Standing } from "./standing";

const SOON_MS = 1_000;
const LATER_MS = 30_000;

export default function ExportsPage({ me }: { me: Me }) {
  const words = useWords();
  const [asking, setAsking] = useState(false);
  const found = useInfiniteQuery({
    queryKey: EXPORTS,
    queryFn: ({ pageParam }) => calls.exports(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (one) => one.nextCursor,
    staleTime: 0,
    refetchInterval: (query) =>
      query.state.data?.pages.some((one) => one.exports.some(isUnderWay)) ? SOON_MS : LATER_MS,
  });
  const writes = may(me, "export:write");
  useEffect(() => {
    document.title = `${words("nav.exports")} · ${words("brand")}`;
  }, [words]);
  useDeskKeys({ n: () => writes && setAsking(true) });
  const exports = found.data?.pages.flatMap((one) => one.exports) ?? [];
  const ask = (
    <Button size="small" type="primary" onClick={() => setAsking(true)}>
      {words("exports.new")} <Key>N</Key>
    </Button>
  );
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.exports")}</h1>
        <span className={page.faint}>{me.organisation}</span>
        <span className={page.grow} />
        {writes ? ask : null}
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {found.isPending ? <Bones lines={6} /> : null}
        {found.data && exports.length === 0 ? (
          <Nothing title={words("exports.none")} detail={words("exports.none.why")}>
            {writes ? ask : null}
          </Nothing>
        ) : null}
        {exports.length > 0 ? <Table words={words} me={me} exports={exports} /> : null}
        {found.hasNextPage ? (
          <Button type="text" block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words("ui.more")}
          </Button>
        ) : null}
      </div>
      {asking ? <AskExport me={me} close={() => setAsking(false)} /> : null}
    </div>
  );
}

function Table({ words, me, exports }: { words: Words; me: Me; exports: readonly ExportShape[] }) {
  return (
    <table className={page.table}>
      <thead>
        <tr>
          <th scope="col">{words("exports.days")}</th>
          <th scope="col">{words("exports.shops")}</th>
          <th scope="col">{words("exports.state")}</th>
          <th scope="col" className={page.wide}>
            {words("exports.by")}
          </th>
          <th scope="col" className={page.wide}>
            {words("exports.at")}
          </th>
          <th scope="col" aria-label={words("exports.take")} />
        </tr>
      </thead>
      <tbody>
        {exports.map((one) => (
          <tr key={one.id}>
            <td>
              {one.first === one.last ? one.first : words("exports.days.of", { first: one.first, last: one.last })}
              <small>
                {codeWord(words, "export", one.content)} · {codeWord(words, "export", one.form)}
              </small>
            </td>
            <td>{shopsOf(words, one)}</td>
            <td>
              <Standing words={words} one={one} />
            </td>
            <td className={page.wide}>
              {one.person || words("ui.none")}
              {one.taken > 0 ? <small>{words("exports.taken", { n: one.taken })}</small> : null}
            </td>
            <td className={`${page.wide ?? ""} ${page.nowrap ?? ""}`}>{stamp(one.createdAt)}</td>
            <td>{may(me, "export:write") ? <Acts one={one} /> : null}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function shopsOf(words: Words, one: ExportShape): string {
  const name = one.shops[0]?.name ?? words("ui.none");
  return one.shops.length > 1 ? words("exports.shops.more", { name, n: one.shops.length }) : name;
}

function Acts({ one }: { one: ExportShape }) {
  const words = useWords();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const anew = () => void client.invalidateQueries({ queryKey: EXPORTS });
  const take = useDeed(
    () => calls.takeExport(one.id),
    (got) => {
      saveFile(got);
      anew();
    },
  );
  const cancel = useDeed(() => calls.cancelExport(one.id), anew);
  const word = isUnderWay(one) ? "cancel" : "remove";
  if (!isUnderWay(one) && one.state !== "done") return null;
  const ask = () =>
    modal.confirm({
      title: words(`exports.${word}.title`),
      content: words("exports.cancel.what"),
      okText: words(`exports.${word}`),
      cancelText: words("ui.back"),
      onOk: () => void cancel.run(),
    });
  return (
    <>
      <div className={css.acts}>
        {one.state === "done" && one.mine ? (
          <Button size="small" type="primary" loading={take.busy} onClick={() => void take.run()}>
            {words("exports.take")}
          </Button>
        ) : null}
        {one.state === "done" && !one.mine ? <small>{words("exports.others", { name: one.person })}</small> : null}
        <Button size="small" loading={cancel.busy} onClick={ask}>
          {words(`exports.${word}`)}
        </Button>
      </div>
      {[take, cancel].map((deed, place) => (
        <div key={place}>
          {deed.trouble ? <TroubleNote trouble={deed.trouble} /> : null}
          {deed.dialog}
        </div>
      ))}
    </>
  );
}
