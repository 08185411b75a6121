/** The middle column: who it is, what was said, and the place to answer. */

import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { ConversationShape, Me, MessageShape } from "../../api/types";
import { useLive, useOuts, useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import { Attribution } from "../../pieces/chat/Attribution";
import { Revealing, type AskToReveal } from "../../pieces/chat/revealing";
import { Transcript } from "../../pieces/chat/Transcript";
import { may } from "../../pieces/rights";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { visibleOuts } from "../../sync/outbox";
import { tabOf } from "../../sync/lines";
import { ChatHeader } from "./ChatHeader";
import { Composer } from "./Composer";
import css from "./desk.module.css";
import { MessageActions } from "./MessageActions";
import { OutBubble } from "./OutBubble";
import { RevealDialog, type Wanted } from "./RevealDialog";
import { SettleActions } from "./SettleActions";
import { useDeskKeys } from "./useDeskKeys";
import { useTake } from "./useTake";
import { TakeButton } from "./TakeButton";

interface ChatPaneProps {
  me: Me;
  id: string;
  back: () => void;
  left: () => void;
  taken: () => void;
  openSide: () => void;
}

export function ChatPane({ me, id, back, left, taken, openSide }: ChatPaneProps) {
  const words = useWords();
  const { runtime } = useLive();
  const line = useSnapshot((snapshot) => snapshot.desk.lines.byId.get(id)?.line);
  const chat = useSnapshot((snapshot) => snapshot.desk.chats.get(id));
  const opening = useSnapshot((snapshot) => snapshot.opening.get(id));
  const earlier = useSnapshot((snapshot) => snapshot.earlier.get(id));
  const loadEarlier = useCallback(() => void runtime.loadEarlier(id), [runtime, id]);
  useReading(id, line);

  const tier = line?.shop.tier ?? "";
  const mine = line !== undefined && tabOf(line, me.id) === "mine";
  const lead = may(me, "conversation:steer");
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const ask = useCallback<AskToReveal>((message, place) => setWanted({ conversation: id, message, place }), [id]);
  const stopAsking = useCallback(() => setWanted(null), []);
  useDeskKeys({ u: toUnsettled, h: toHidden });
  const actionsOf = useCallback(
    (message: MessageShape): ReactNode => {
      if (message.delivery === "unknown" && (mine || lead)) {
        return <SettleActions conversation={id} message={message} mine={mine} />;
      }
      if (!mine || message.sender !== "agent") return null;
      return <MessageActions conversation={id} message={message} tier={tier} />;
    },
    [id, mine, lead, tier],
  );
  const allOuts = useOuts();
  const outs = visibleOuts(
    allOuts.filter((out) => out.conversation === id),
    chat?.messages ?? [],
  );

  if (!chat || !line) {
    return (
      <section className={css.chat}>
        {opening !== undefined && opening !== "loading" ? (
          <TroubleNote trouble={opening} retry={() => void runtime.openChat(id)} />
        ) : chat && opening === undefined ? (
          <Nothing title={words("chat.gone")} detail={words("chat.gone.detail")} />
        ) : (
          <Bones lines={9} />
        )}
      </section>
    );
  }
  return (
    <section className={css.chat} aria-label={words("chat.label")}>
      <ChatHeader line={line} mine={mine} back={back} left={left} openSide={openSide} />
      <Attribution id={id} moved={`${line.state} ${line.agent?.id ?? ""}`} />
      {opening !== undefined && opening !== "loading" ? (
        <TroubleNote trouble={opening} retry={() => void runtime.openChat(id)} />
      ) : null}
      {/* What is over is on nobody's desk: only whoever steers may look at what stands in it. */}
      <Revealing.Provider value={line.state === "closed" && !may(me, "conversation:steer") ? null : ask}>
        <Transcript
          messages={chat.messages}
          earlier={chat.earlier}
          loadingEarlier={earlier}
          loadEarlier={loadEarlier}
          actionsOf={actionsOf}
          tail={outs.map((out) => (
            <OutBubble key={out.key} out={out} />
          ))}
          tailCount={outs.length}
        />
      </Revealing.Provider>
      {wanted ? <RevealDialog wanted={wanted} close={stopAsking} /> : null}
      {mine ? <Composer me={me} line={line} /> : <Answerless me={me} line={line} taken={taken} />}
    </section>
  );
}

/** Go to the oldest reply on screen whose outcome nobody knows. */
function toUnsettled(): void {
  document.querySelector<HTMLElement>("[data-settle]")?.focus();
}

/** Go to the newest masked stretch that can be shown, then to the one before it. */
function toHidden(): void {
  const found = [...document.querySelectorAll<HTMLElement>("[data-reveal]")].reverse();
  const at = found.indexOf(document.activeElement as HTMLElement);
  found[(at + 1) % found.length]?.focus();
}

/** Why there is no place to answer, and the way to get one. */
function Answerless({ me, line, taken }: { me: Me; line: ConversationShape; taken: () => void }) {
  const words = useWords();
  const take = useTake(line.id, taken);
  if (line.state === "closed") return <div className={css.bar}>{words("chat.closed.note")}</div>;
  const note =
    line.state === "bot"
      ? words("chat.bot.note")
      : line.state === "waiting"
        ? words("chat.waiting.note")
        : words("chat.other.note", { name: line.agent?.name ?? "" });
  return (
    <div className={css.bar}>
      {note}
      {may(me, "conversation:answer") ? <TakeButton take={take} /> : <span>{words("chat.view.only")}</span>}
    </div>
  );
}

/** What is open, at the front and mine counts as read. */
function useReading(id: string, line: ConversationShape | undefined): void {
  const { runtime } = useLive();
  const me = useSnapshot((snapshot) => snapshot.desk.me);
  const unread = line && tabOf(line, me) === "mine" ? line.unread : 0;
  useEffect(() => {
    if (unread === 0) return undefined;
    const mark = () => {
      if (document.visibilityState === "visible") void runtime.markRead(id);
    };
    const timer = window.setTimeout(mark, 600);
    document.addEventListener("visibilitychange", mark);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", mark);
    };
  }, [runtime, id, unread]);
}
