/**
 * Show one masked stretch: say what for, prove who one is where that is asked, see it for a minute under one's own mark.
 *
 * The plain value lives in this dialog's state alone: in no cache, no store, no log. It is gone with the dialog, and the
 * dialog goes when the minute is over, when the window loses the focus, and when the tab is hidden.
 */

import { Button, Modal, Radio } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { calls } from "../../api/calls";
import type { Trouble } from "../../api/http";
import type { MessageShape, RevealedShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { Proof, wantsProof } from "../../pieces/proof";
import { TroubleNote, waitWords } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./reveal.module.css";

export interface Wanted {
  conversation: string;
  message: MessageShape;
  /** Which masked stretch of the message, counted from 0. */
  place: number;
}

const FOCUS_MS = 60;
const PURPOSES = ["delivery", "address_change", "refund", "invoice", "after_sale", "complaint"];

export function RevealDialog({ wanted, close }: { wanted: Wanted; close: () => void }) {
  const words = useWords();
  const [purpose, setPurpose] = useState<string | null>(null);
  const { step, value, trouble, busy, ask } = useRevealing(wanted, purpose);
  useFocusBack();
  const { message, place } = wanted;
  const stretch = message.hidden[place];
  const kind = codeWord(words, "hidden", stretch?.kind ?? "");
  return (
    <Modal
      open
      width={400}
      title={words("reveal.ask", { kind })}
      footer={null}
      destroyOnHidden
      maskClosable={value === null}
      onCancel={close}
    >
      {value ? (
        <Shown words={words} value={value} purpose={purpose ?? ""} close={close} />
      ) : step === "proof" ? (
        <Proof shown={ask} close={close} />
      ) : (
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            ask();
          }}
        >
          <p>
            {words("reveal.of")} <b>{Array.from(message.text).slice(stretch?.start, stretch?.end).join("")}</b>
          </p>
          <fieldset>
            <legend>{words("reveal.purpose")}</legend>
            <Purposes words={words} purpose={purpose} choose={setPurpose} />
          </fieldset>
          <p className={css.note}>{words("reveal.written")}</p>
          {trouble ? <Refused words={words} trouble={trouble} /> : null}
          <div className={css.acts}>
            <Button onClick={close}>{words("ui.cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={busy} disabled={purpose === null}>
              {words("reveal.submit")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

interface PurposesProps {
  words: Words;
  purpose: string | null;
  choose: (purpose: string) => void;
}

/** One press on a number chooses; so do the arrows, as in any list of choices. Enter goes on. */
function Purposes({ words, purpose, choose }: PurposesProps) {
  const list = useRef<HTMLDivElement>(null);
  const reach = useCallback((one: string) => {
    list.current?.querySelector<HTMLInputElement>(`input[value="${one}"]`)?.focus();
  }, []);
  useEffect(() => {
    // The dialog puts the focus on its cross once it stands; the choice is what one came for.
    const timer = window.setTimeout(() => reach(PURPOSES[0] ?? ""), FOCUS_MS);
    const hear = (event: KeyboardEvent) => {
      const one = PURPOSES[Number(event.key) - 1];
      if (!one) return;
      choose(one);
      reach(one);
    };
    window.addEventListener("keydown", hear);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("keydown", hear);
    };
  }, [choose, reach]);
  return (
    <div ref={list}>
      <Radio.Group
        vertical
        value={purpose}
        onChange={(event) => choose(String(event.target.value))}
        options={PURPOSES.map((one, n) => ({
          value: one,
          label: (
            <span className={css.purpose}>
              <kbd aria-hidden="true">{n + 1}</kbd> {codeWord(words, "purpose", one)}
            </span>
          ),
        }))}
      />
    </div>
  );
}

/** Give the focus back to whatever asked. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(() => () => (before instanceof HTMLElement ? before.focus() : undefined), [before]);
}

/** What stands in the way, and what to do about it. */
function Refused({ words, trouble }: { words: Words; trouble: Trouble }) {
  const told = { 404: "reveal.gone", 409: "reveal.taken" } as const;
  const word = trouble.status === 404 || trouble.status === 409 ? told[trouble.status] : null;
  if (!word) return <TroubleNote trouble={trouble} />;
  return (
    <div className={css.refused} role="alert">
      <strong>{words(word)}</strong>
      <p>{trouble.retryAfter === null ? words(`${word}.do`) : waitWords(words, trouble.retryAfter)}</p>
    </div>
  );
}

interface ShownProps {
  words: Words;
  value: RevealedShape;
  purpose: string;
  close: () => void;
}

const MARKS = 24;

function Shown({ words, value, purpose, close }: ShownProps) {
  const left = useSecondsLeft(value.seconds, close);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  useEffect(() => {
    const hide = () => close();
    const hidden = () => document.visibilityState === "hidden" && close();
    window.addEventListener("blur", hide);
    window.addEventListener("pagehide", hide);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      window.removeEventListener("blur", hide);
      window.removeEventListener("pagehide", hide);
      document.removeEventListener("visibilitychange", hidden);
    };
  }, [close]);
  return (
    <div className={css.shown}>
      <div className={css.paper} data-revealed="">
        <output className={css.value}>{value.text}</output>
        <div className={css.marks} aria-hidden="true">
          {Array.from({ length: MARKS }, (_, n) => (
            <span key={n}>{value.mark}</span>
          ))}
        </div>
      </div>
      <div className={css.bar} aria-hidden="true">
        <i style={{ width: `${(100 * left) / value.seconds}%` }} />
      </div>
      <p className={css.note}>
        <span role="timer">{words("reveal.seconds", { n: left })}</span>
        {" · "}
        {codeWord(words, "purpose", purpose)}
        {" · "}
        {words("reveal.left", { n: value.left })}
      </p>
      <div className={css.acts}>
        <Button ref={button} type="primary" onClick={close}>
          {words("reveal.hide")}
        </Button>
      </div>
    </div>
  );
}

/** Count down to the moment it closes; a machine that slept meanwhile closes at once. */
function useSecondsLeft(seconds: number, over: () => void): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const [ticks, clock] = [performance.now(), Date.now()];
    const timer = window.setInterval(() => {
      const gone = Math.max(performance.now() - ticks, Date.now() - clock) / 1000;
      if (gone >= seconds) over();
      else setLeft(Math.ceil(seconds - gone));
    }, 250);
    return () => window.clearInterval(timer);
  }, [seconds, over]);
  return left;
}

interface Course {
  step: "purpose" | "proof";
  value: RevealedShape | null;
  trouble: Trouble | null;
  busy: boolean;
  ask: () => void;
}

/** Ask for the stretch. No query and no mutation of the library: both would keep the answer after the dialog is gone. */
function useRevealing({ conversation, message, place }: Wanted, purpose: string | null): Course {
  const [step, setStep] = useState<"purpose" | "proof">("purpose");
  const [value, setValue] = useState<RevealedShape | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  const ask = useCallback(() => {
    if (purpose === null) return;
    setBusy(true);
    setTrouble(null);
    calls
      .reveal(conversation, message.id, place, purpose)
      .then(
        (found) => {
          if (there.current) setValue(found);
        },
        (error: unknown) => {
          if (!there.current) return;
          setStep(wantsProof(error) ? "proof" : "purpose");
          if (!wantsProof(error)) setTrouble(asTrouble(error));
        },
      )
      .finally(() => setBusy(false));
  }, [conversation, message.id, place, purpose]);
  return { step, value, trouble, busy, ask };
}
