/** Shops and how they are connected to their platforms: what stands, how old it is, what is wrong, what to do. */

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { ConnectionShape, Me } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Key } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import { useDeskKeys } from "../desk/useDeskKeys";
import { ConnectDialog } from "./ConnectDialog";
import { ShopDrawer } from "./ShopDrawer";
import { Age, SHOPS, State } from "./standing";

const EVERY_MS = 10_000;

export default function ShopsPage({ me }: { me: Me }) {
  const words = useWords();
  const [opened, setOpened] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const found = useQuery({ queryKey: SHOPS, queryFn: calls.connections, staleTime: 0, refetchInterval: EVERY_MS });
  const writes = may(me, "connection:write");
  useEffect(() => {
    document.title = `${words("nav.shops")} · ${words("brand")}`;
  }, [words]);
  useDeskKeys({ n: () => writes && setAdding(true) });
  const shops = found.data ?? [];
  const shop = shops.find((one) => one.shop.id === opened);
  const add = (
    <Button size="small" type="primary" onClick={() => setAdding(true)}>
      {words("shops.add")} <Key>N</Key>
    </Button>
  );
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.shops")}</h1>
        <span className={page.faint}>{me.organisation}</span>
        <span className={page.grow} />
        {writes ? add : null}
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {found.isPending ? <Bones lines={6} /> : null}
        {found.data && shops.length === 0 ? (
          <Nothing title={words("shops.none")} detail={words(writes ? "shops.none.own" : "shops.none.other")}>
            {writes ? add : null}
          </Nothing>
        ) : null}
        {shops.length > 0 ? <Table words={words} shops={shops} opened={opened} open={setOpened} /> : null}
      </div>
      {shop ? <ShopDrawer key={shop.shop.id} me={me} shop={shop} close={() => setOpened(null)} /> : null}
      {adding ? <ConnectDialog close={() => setAdding(false)} open={setOpened} /> : null}
    </div>
  );
}

interface TableProps {
  words: Words;
  shops: readonly ConnectionShape[];
  opened: string | null;
  open: (id: string) => void;
}

function Table({ words, shops, opened, open }: TableProps) {
  return (
    <table className={page.table}>
      <thead>
        <tr>
          <th scope="col">{words("shops.shop")}</th>
          <th scope="col">{words("shops.state")}</th>
          <th scope="col">{words("shops.data")}</th>
          <th scope="col" className={page.wide}>
            {words("shops.can")}
          </th>
        </tr>
      </thead>
      <tbody>
        {shops.map((one) => (
          <tr key={one.shop.id} aria-current={one.shop.id === opened || undefined} onClick={() => open(one.shop.id)}>
            <td>
              <button type="button" className="bare" aria-haspopup="dialog">
                {one.shop.name}
              </button>
              <small>{codeWord(words, "platform", one.platform)}</small>
            </td>
            <td>
              <State words={words} shop={one} />
            </td>
            <td className={page.nowrap}>
              <Age words={words} shop={one} />
            </td>
            <td className={page.wide}>
              {one.abilities
                .filter((ability) => ability.able)
                .map((ability) => codeWord(words, "capability", ability.capability))
                .join("、") || words("ui.none")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
