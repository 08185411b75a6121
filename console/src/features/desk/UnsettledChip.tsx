/** How many replies wait for a person's word; pressed, it opens to them. Nothing is shown while there are none. */

import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { UnsettledReplies, UnsettledReply } from "../../api/types";
import { useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import { Chip } from "../../pieces/small";
import { Nothing, TroubleNote } from "../../pieces/states";
import { dayTime } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./unsettled.module.css";

const EVERY_MS = 20_000;

export function UnsettledChip({ choose }: { choose: (id: string) => void }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const found = useQuery({ queryKey: ["unsettled"], queryFn: calls.unsettled, refetchInterval: EVERY_MS });
  const { refetch } = found;
  const here = useSnapshot(({ desk }) => {
    let sum = 0;
    for (const id of desk.open) for (const one of desk.chats.get(id)?.messages ?? []) sum += one.delivery === "unknown" ? 1 : 0;
    return sum;
  });
  // What changed before one's eyes is counted at once, the rest at the next round.
  useEffect(() => void refetch(), [here, refetch]);
  const total = found.data?.total ?? 0;
  if (total === 0 && !open) return null;
  const show = (id: string) => {
    setOpen(false);
    choose(id);
  };
  return (
    <>
      <button type="button" className={`bare ${css.chip}`} title={words("unsettled.title")} onClick={() => setOpen(true)}>
        <Chip tone="warn">{words("unsettled.chip", { n: total })}</Chip>
      </button>
      <Drawer
        open={open}
        size={480}
        onClose={() => setOpen(false)}
        title={words("unsettled.title")}
        styles={{ body: { padding: 0 }, wrapper: { maxWidth: "100vw" } }}
      >
        {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
        {found.data ? <Rows found={found.data} show={show} /> : null}
      </Drawer>
    </>
  );
}

function Rows({ found, show }: { found: UnsettledReplies; show: (conversation: string) => void }) {
  const words = useWords();
  const more = found.total - found.replies.length;
  if (found.replies.length === 0) return <Nothing title={words("unsettled.none")} />;
  return (
    <>
      <p className={css.why}>{words("unsettled.why")}</p>
      {found.replies.map((reply) => (
        <Row key={reply.message} reply={reply} show={show} />
      ))}
      {more > 0 ? <p className={css.why}>{words("unsettled.more", { n: more })}</p> : null}
    </>
  );
}

function Row({ reply, show }: { reply: UnsettledReply; show: (conversation: string) => void }) {
  const words = useWords();
  return (
    <button type="button" className={`bare ${css.row}`} onClick={() => show(reply.conversation)}>
      <span className={css.top}>
        <b>{reply.customer}</b>
        <time dateTime={reply.at}>{dayTime(words, reply.at)}</time>
      </span>
      <span className={css.text}>
        {reply.sender === "bot" ? words("list.bot") : reply.author ? `${reply.author}：` : ""}
        {reply.text}
      </span>
      <span className={css.where}>
        {reply.shop.name} · {reply.agent?.name ?? words("unsettled.nobody")}
      </span>
    </button>
  );
}
