/** 会话检索: words in, sessions out, newest first; the keyboard does it all. */

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Button, Drawer, Input, type InputRef } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { calls } from "../../api/calls";
import type { FoundSession, FoundSessions, Me, SearchWanted } from "../../api/types";
import { useWords } from "../../i18n";
import { onKeys } from "../../pieces/keyboard";
import page from "../../pieces/page.module.css";
import { Chip } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import { ReadOnlyChat } from "../wall/ReadOnlyChat";
import { ANY, Filters } from "./Filters";
import { Results } from "./Results";
import css from "./search.module.css";

/** How many of the newest are counted, as the server does. */
const COUNTED = 1000;

export default function SearchPage({ me }: { me: Me }) {
  const words = useWords();
  const field = useRef<InputRef>(null);
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState<SearchWanted>(ANY);
  const [chosen, setChosen] = useState(0);
  const [opened, setOpened] = useState<FoundSession | null>(null);
  const pages = useInfiniteQuery({
    queryKey: ["search", wanted],
    queryFn: ({ pageParam }) => calls.search(wanted, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (one) => one.nextCursor,
    placeholderData: keepPreviousData,
    enabled: wanted.words !== "",
    staleTime: 0,
  });
  const first = wanted.words === "" ? undefined : pages.data?.pages[0];
  const rows = first ? (pages.data?.pages.flatMap((one) => one.sessions) ?? []) : [];
  const look = useCallback((next: SearchWanted) => {
    setChosen(0);
    setWanted(next);
  }, []);
  useEffect(() => {
    document.title = `${words("nav.search")} · ${words("brand")}`;
  }, [words]);
  const current = rows[Math.min(chosen, rows.length - 1)];
  const last = rows.length - 1;
  useEffect(() => {
    const move = (by: number) => setChosen((now) => Math.max(0, Math.min(last, Math.min(now, last) + by)));
    return onKeys({
      "/": () => field.current?.focus({ cursor: "all" }),
      j: () => move(1),
      k: () => move(-1),
      enter: () => current && setOpened(current),
    });
  }, [last, current]);
  const submit = () => {
    const said = typed.trim();
    if (said === wanted.words && said !== "") void pages.refetch();
    else look({ ...wanted, words: said });
    field.current?.blur();
  };
  return (
    <div className={page.page}>
      <form
        className={`${page.head} ${css.ask}`}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Input
          ref={field}
          autoFocus
          allowClear
          maxLength={200}
          aria-label={words("nav.search")}
          placeholder={words("search.hint")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && field.current?.blur()}
        />
        <Button type="primary" htmlType="submit" loading={pages.isFetching && !pages.isFetchingNextPage}>
          {words("search.do")}
        </Button>
      </form>
      <Filters me={me} wanted={wanted} look={look} found={first} />
      {first ? <Standing found={first} /> : null}
      {pages.error ? <TroubleNote trouble={asTrouble(pages.error)} retry={() => void pages.refetch()} /> : null}
      <div className={page.body} aria-busy={pages.isFetching}>
        {wanted.words === "" ? (
          <Nothing title={words("search.start")} detail={words("search.how")}>
            <p className={page.faint}>{words("search.key")}</p>
          </Nothing>
        ) : null}
        {wanted.words !== "" && pages.isPending ? <Bones lines={8} /> : null}
        {first && rows.length === 0 ? (
          <Nothing title={words("search.none")} detail={words("search.none.detail")} />
        ) : null}
        {rows.length > 0 ? (
          <Results rows={rows} current={current?.id ?? ""} open={setOpened} choose={setChosen} />
        ) : null}
        {first && pages.hasNextPage ? (
          <Button type="text" block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {words("ui.more")}
          </Button>
        ) : null}
      </div>
      <Drawer
        open={opened !== null}
        size={720}
        destroyOnHidden
        onClose={() => setOpened(null)}
        title={
          <>
            {opened?.customer} · {opened?.shop.name} <Chip>{words("chat.readonly")}</Chip>
          </>
        }
        styles={{ body: { padding: 0 }, wrapper: { maxWidth: "100vw" } }}
      >
        {opened ? <ReadOnlyChat id={opened.id} /> : null}
      </Drawer>
    </div>
  );
}

/** How many there are, and what the index does not know yet. */
function Standing({ found }: { found: FoundSessions }) {
  const words = useWords();
  const percent = found.toIndex > 0 ? Math.floor((100 * found.indexed) / found.toIndex) : 100;
  return (
    <p className={css.standing} role="status">
      <b>{words(found.more ? "search.total.more" : "search.total", { n: found.total ?? 0 })}</b>
      {found.more ? <span>{words("search.counted", { n: COUNTED })}</span> : null}
      {found.toIndex > 0 ? (
        <Chip tone="warn">{words("search.building", { percent, done: found.indexed, of: found.toIndex })}</Chip>
      ) : null}
      {found.toIndex === 0 && found.behind > 0 ? <span>{words("search.behind", { n: found.behind })}</span> : null}
    </p>
  );
}
