/** The list: four tabs with counts, a shop filter, one row per conversation. */

import { Button, Select } from "antd";
import { useMemo } from "react";
import type { Me } from "../../api/types";
import { useLive, useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import { KeysIcon } from "../../pieces/icons";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { listTab, TABS, type Tab } from "../../sync/lines";
import { ConversationRow } from "./ConversationRow";
import { useMay } from "../../pieces/rights";
import css from "./list.module.css";
import { UnsettledChip } from "./UnsettledChip";

interface ListProps {
  me: Me;
  tab: Tab;
  setTab: (tab: Tab) => void;
  chosen: string | null;
  choose: (id: string) => void;
  showKeys: () => void;
}

export function ConversationList({ me, tab, setTab, chosen, choose, showKeys }: ListProps) {
  const words = useWords();
  const counts = useSnapshot((snapshot) => snapshot.desk.lines.counts);
  return (
    <section className={css.list} aria-label={words("list.label")}>
      <div className={css.tabs} role="tablist">
        {TABS.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            className="bare"
            aria-selected={one === tab}
            data-pressing={one === "waiting" && (counts.waiting ?? 0) > 0 ? "" : undefined}
            onClick={() => setTab(one)}
          >
            {words(`tab.${one}`)} <b>{one === "closed" ? "" : (counts[one] ?? "")}</b>
          </button>
        ))}
      </div>
      <Filter me={me} showKeys={showKeys} choose={choose} />
      <Rows key={tab} tab={tab} me={me.id} seated={me.presence !== null} chosen={chosen} choose={choose} />
    </section>
  );
}

interface FilterProps {
  me: Me;
  showKeys: () => void;
  choose: (id: string) => void;
}

function Filter({ me, showKeys, choose }: FilterProps) {
  const words = useWords();
  const { runtime } = useLive();
  const shop = useSnapshot((snapshot) => snapshot.shop);
  const settles = useMay("conversation:answer", "conversation:steer");
  const change = (value: string) => {
    runtime.setShop(value);
    for (const tab of TABS) void runtime.loadTab(tab);
  };
  return (
    <div className={css.filter}>
      <Select
        size="small"
        variant="borderless"
        aria-label={words("list.shop")}
        value={shop}
        onChange={change}
        options={[
          { value: "", label: words("list.shops") },
          ...me.shops.map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      {settles ? <UnsettledChip choose={choose} /> : null}
      <Button
        type="text"
        size="small"
        icon={<KeysIcon />}
        title={`${words("keys.title")} ?`}
        aria-label={words("keys.title")}
        onClick={showKeys}
      />
    </div>
  );
}

interface RowsProps {
  tab: Tab;
  me: string;
  /** Whether they have a desk of their own: an owner looks on. */
  seated: boolean;
  chosen: string | null;
  choose: (id: string) => void;
}

function Rows({ tab, me, seated, chosen, choose }: RowsProps) {
  const words = useWords();
  const { runtime } = useLive();
  const lines = useSnapshot((snapshot) => snapshot.desk.lines);
  const shop = useSnapshot((snapshot) => snapshot.shop);
  const page = useSnapshot((snapshot) => snapshot.pages[tab]);
  const shown = useMemo(() => listTab(lines, tab, me, shop), [lines, tab, me, shop]);
  const loadMore = () => void runtime.loadTab(tab, true);
  if (!page.loaded && !page.trouble && shown.length === 0) return <Bones lines={8} />;
  return (
    <div
      className={css.rows}
      role="tabpanel"
      onScroll={({ currentTarget: box }) => {
        const near = box.scrollHeight - box.scrollTop - box.clientHeight < 300;
        if (near && page.next !== null && !page.loading && !page.trouble) loadMore();
      }}
    >
      {page.trouble ? <TroubleNote trouble={page.trouble} retry={() => void runtime.loadTab(tab)} /> : null}
      {shown.map((line) => (
        <ConversationRow key={line.id} line={line} tab={tab} me={me} chosen={line.id === chosen} choose={choose} />
      ))}
      {shown.length === 0 && !page.trouble ? (
        <Nothing
          title={words(`list.empty.${tab}`)}
          detail={words(tab === "mine" && !seated ? "list.empty.mine.looks" : `list.empty.${tab}.detail`)}
        />
      ) : null}
      {page.next !== null && shown.length > 0 ? (
        <Button type="text" size="small" block loading={page.loading} onClick={loadMore}>
          {words("ui.more")}
        </Button>
      ) : null}
    </div>
  );
}
