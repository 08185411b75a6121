/** The place to answer: a draft that outlives a reload, the gates' word before sending, one key to send. */

import { App, Button } from "antd";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { ConversationShape, Me, SendResult } from "../../api/types";
import { useLive, useOuts } from "../../app/live";
import { useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { Key } from "../../pieces/small";
import css from "./composer.module.css";
import { keepDraft, readDraft, type Draft } from "./drafts";
import { GateStrip } from "./GateStrip";
import { useSide } from "./side";
import { useDeskKeys } from "./useDeskKeys";
import { NO_GATE, readOutcome, useGate, type Gate } from "./useGate";

export function Composer({ me, line }: { me: Me; line: ConversationShape }) {
  const words = useWords();
  const { sending } = useLive();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useDraft(me.id, line.id);
  const text = draft.text.trim();
  const [gate, setGate] = useGate(line.id, text);
  const [nudge, setNudge] = useState(0);
  const answered = useAnswered(line.shop.tier === "read");
  const current = gate.text === text ? gate : { ...NO_GATE, state: text ? ("checking" as const) : ("idle" as const) };

  const putText = useCallback(
    (words_: string, suggestion: string | null) => {
      setDraft((now) => ({ text: now.text.trim() ? `${now.text.trimEnd()}\n${words_}` : words_, suggestion }));
      field.current?.focus();
    },
    [setDraft],
  );
  useInsert(putText);
  useRefused(line.id, draft, setDraft, setGate);
  useDeskKeys({ "/": () => field.current?.focus() });
  // The field grows with its words up to a third of the screen.
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, Math.round(window.innerHeight / 3))}px`;
  }, [draft.text]);

  function send(acknowledged: boolean) {
    if (!text) return;
    if (current.state === "hold" || (current.state === "warn" && !acknowledged)) {
      setNudge((now) => now + 1);
      return;
    }
    sending.send(line.id, { text, suggestion: draft.suggestion, acknowledged }, (result) => {
      answered(result);
      // The server kept a held reply as its own message: the words come back to be changed.
      if (result.outcome === "hold" && result.message) {
        setDraft((now) => (now.text.trim() ? now : { text, suggestion: draft.suggestion }));
        setGate({ text, state: "hold", findings: result.findings, sent: true });
      }
    });
    setDraft({ text: "", suggestion: null });
    setGate(NO_GATE);
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method is composing, Enter belongs to it. 229 is how older browsers say so.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") field.current?.blur();
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    send((event.ctrlKey || event.metaKey) && current.state === "warn");
  }

  const read = line.shop.tier === "read";
  return (
    <div className={css.composer}>
      <GateStrip gate={current} nudge={nudge} sendAnyway={() => send(true)} />
      <textarea
        ref={field}
        rows={2}
        value={draft.text}
        aria-label={words("compose.label")}
        placeholder={words(read ? "compose.hint.read" : "compose.hint")}
        onChange={(event) => {
          const next = event.target.value;
          setDraft((now) => ({ text: next, suggestion: next.trim() ? now.suggestion : null }));
        }}
        onKeyDown={onKeyDown}
      />
      <div className={css.foot}>
        <span className={css.hint}>
          <Key>/</Key> {words("keys.focus")}
          {text ? ` · ${words("compose.count", { n: Array.from(text).length })}` : null}
        </span>
        <Button type="primary" disabled={!text || current.state === "hold"} onClick={() => send(false)}>
          <span className={css.withKey}>
            {words(read ? "act.copy" : "act.send")} <Key>Enter</Key>
          </span>
        </Button>
      </div>
    </div>
  );
}

/** The draft of this conversation, kept at every change. */
function useDraft(me: string, id: string): [Draft, (change: Draft | ((now: Draft) => Draft)) => void] {
  const [draft, setDraft] = useState<Draft>(() => readDraft(me, id));
  useEffect(() => keepDraft(me, id, draft), [me, id, draft]);
  return [draft, setDraft];
}

/** What follows a taken reply: on the read tier its words go to the clipboard. */
function useAnswered(read: boolean): (result: SendResult) => void {
  const words = useWords();
  const { message } = App.useApp();
  return (result) => {
    if (result.outcome !== "copy" && !(read && result.outcome === "approved")) return;
    void copyText(result.message?.text ?? "").then((done) => {
      if (done) void message.success(words("compose.copied"));
      else void message.warning(words("compose.copy.failed"));
    });
  };
}

/** Let the right column put words here while this composer stands. */
function useInsert(put: (text: string, suggestion: string | null) => void): void {
  const { takeInserts } = useSide();
  useEffect(() => takeInserts(put), [takeInserts, put]);
}

/** A reply that was refused comes back into an empty field; beside a new draft it stays a bubble with buttons. */
function useRefused(id: string, draft: Draft, setDraft: (draft: Draft) => void, setGate: (gate: Gate) => void): void {
  const { sending } = useLive();
  const refused = useOuts().find((out) => out.conversation === id && out.state === "refused");
  const empty = draft.text.trim() === "";
  useEffect(() => {
    if (!refused || !empty) return;
    setDraft({ text: refused.text, suggestion: refused.suggestion });
    setGate({ text: refused.text, state: readOutcome(refused.outcome), findings: refused.findings, sent: true });
    sending.drop(refused.key);
  }, [refused, empty, setDraft, setGate, sending]);
}

