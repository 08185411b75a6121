/** The agent's workbench: the list, the conversation, and what helps to answer. On a phone one at a time. */

import { Drawer } from "antd";
import { useCallback, useEffect, useState } from "react";
import type { Me } from "../../api/types";
import { useLive, useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import { Nothing } from "../../pieces/states";
import { listTab, TABS, tabOf, type Tab } from "../../sync/lines";
import { ChatPane } from "./ChatPane";
import { ConversationList } from "./ConversationList";
import css from "./desk.module.css";
import { KeysSheet } from "./KeysSheet";
import { SidePane } from "./SidePane";
import { useDeskKeys } from "./useDeskKeys";
import { useNarrow } from "./useNarrow";
import { SideProvider } from "./side";

interface DeskPageProps {
  me: Me;
  chosen: string | null;
  choose: (id: string | null) => void;
}

export default function DeskPage({ me, chosen, choose }: DeskPageProps) {
  const { runtime } = useLive();
  const [tab, setTab] = useState<Tab>("mine");
  const [sheet, setSheet] = useState(false);
  useEffect(() => {
    runtime.show(chosen ? [chosen] : []);
  }, [runtime, chosen]);
  useEffect(() => () => runtime.show([]), [runtime]);
  useEffect(() => {
    for (const one of TABS) if (!runtime.read().pages[one].loaded) void runtime.loadTab(one);
  }, [runtime]);
  useEffect(() => runtime.showTab(tab), [runtime, tab]);
  useUnreadTitle();

  const move = useCallback(
    (by: number) => {
      const { desk, shop } = runtime.read();
      const lines = listTab(desk.lines, tab, desk.me, shop);
      const at = lines.findIndex((line) => line.id === chosen);
      const next = lines[at === -1 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by))];
      if (next) choose(next.id);
    },
    [runtime, tab, chosen, choose],
  );
  const turn = useCallback((by: number) => {
    setTab((now) => TABS[(TABS.indexOf(now) + by + TABS.length) % TABS.length] ?? now);
  }, []);
  useDeskKeys({
    j: () => move(1),
    k: () => move(-1),
    "alt+arrowdown": () => move(1),
    "alt+arrowup": () => move(-1),
    "]": () => turn(1),
    "[": () => turn(-1),
    "?": () => setSheet(true),
  });

  /** After a conversation was taken, closed or handed on: follow it, or go on to the next. */
  const left = useCallback(() => {
    const { desk, shop } = runtime.read();
    const lines = listTab(desk.lines, tab, desk.me, shop);
    const at = lines.findIndex((line) => line.id === chosen);
    choose((at === -1 ? lines[0] : (lines[at + 1] ?? lines[at - 1]))?.id ?? null);
  }, [runtime, tab, chosen, choose]);

  return (
    <div className={css.desk} data-chosen={chosen ? "" : undefined}>
      <ConversationList
        me={me}
        tab={tab}
        setTab={setTab}
        chosen={chosen}
        choose={choose}
        showKeys={() => setSheet(true)}
      />
      {chosen ? (
        <Opened key={chosen} me={me} id={chosen} back={() => choose(null)} left={left} taken={() => setTab("mine")} />
      ) : (
        <NoneOpened />
      )}
      {sheet ? <KeysSheet close={() => setSheet(false)} /> : null}
    </div>
  );
}

interface OpenedProps {
  me: Me;
  id: string;
  back: () => void;
  left: () => void;
  taken: () => void;
}

function Opened({ me, id, back, left, taken }: OpenedProps) {
  const words = useWords();
  const narrow = useNarrow();
  const [drawer, setDrawer] = useState(false);
  return (
    <SideProvider revealed={() => setDrawer(true)}>
      <ChatPane me={me} id={id} back={back} left={left} taken={taken} openSide={() => setDrawer(true)} />
      {narrow ? (
        <Drawer
          open={drawer}
          onClose={() => setDrawer(false)}
          title={words("side.label")}
          size="92%"
          styles={{ body: { padding: 0 } }}
        >
          <SidePane id={id} used={() => setDrawer(false)} />
        </Drawer>
      ) : (
        <SidePane id={id} />
      )}
    </SideProvider>
  );
}

function NoneOpened() {
  const words = useWords();
  return (
    <section className={css.none}>
      <Nothing title={words("chat.none")} detail={words("chat.none.detail")} />
    </section>
  );
}

/** The tab's title tells how many messages wait, for whoever works in another window too. */
function useUnreadTitle(): void {
  const words = useWords();
  const unread = useSnapshot(({ desk }) => {
    let sum = 0;
    for (const { line } of desk.lines.byId.values()) if (tabOf(line, desk.me) === "mine") sum += line.unread;
    return sum;
  });
  useEffect(() => {
    const title = `${words("nav.desk")} · ${words("brand")}`;
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  }, [unread, words]);
}
