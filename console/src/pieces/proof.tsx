/** The second factor, wherever it is asked for: inside a dialog that then goes on, or in place of a page. */

import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { createContext, useContext, useEffect, useRef, useState, type FormEvent } from "react";
import { calls } from "../api/calls";
import { Trouble } from "../api/http";
import { ME } from "../features/session/SessionGate";
import { CodeField } from "../features/session/SignInPage";
import { useWords } from "../i18n";
import { asTrouble } from "../sync/runtime";
import css from "./pieces.module.css";
import { useMe } from "./rights";
import { TroubleNote } from "./states";

/** Opens one's own account, where a second factor is set up. */
export const AccountDoor = createContext<() => void>(() => undefined);

/** True where the server would do it once a second factor was shown. */
export function wantsProof(error: unknown): boolean {
  return error instanceof Trouble && error.code === "second_factor";
}

/** Ask for a code; `shown` goes on with what was being done. Whoever has no second factor is told where to set one up. */
export function Proof({ shown, close }: { shown: () => void; close?: () => void }) {
  const words = useWords();
  const me = useMe();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useProved(me?.secondFactor.freshUntil ?? null, shown);
  if (me && !me.secondFactor.setUp) return <NoFactor close={close} />;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim() === "" || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      client.setQueryData(ME, await calls.showSecondFactor(code.trim()));
    } catch (error) {
      setTrouble(asTrouble(error));
      setCode("");
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={css.proof} onSubmit={(event) => void submit(event)}>
      <p>{words("proof.why")}</p>
      <CodeField code={code} setCode={setCode} />
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      <div className={css.proofActs}>
        {close ? <Button onClick={close}>{words("ui.cancel")}</Button> : null}
        <Button type="primary" htmlType="submit" loading={busy} disabled={code.trim() === ""}>
          {words("session.code.submit")}
        </Button>
      </div>
    </form>
  );
}

/** Go on once, as soon as the second factor counts as shown: here, or because one was set up meanwhile. */
function useProved(freshUntil: string | null, shown: () => void): void {
  const before = useRef(freshUntil);
  useEffect(() => {
    if (freshUntil === null || freshUntil === before.current) return;
    before.current = freshUntil;
    shown();
  }, [freshUntil, shown]);
}

function NoFactor({ close }: { close: (() => void) | undefined }) {
  const words = useWords();
  const open = useContext(AccountDoor);
  return (
    <div className={css.proof}>
      <strong>{words("proof.none")}</strong>
      <p>{words("proof.none.detail")}</p>
      <div className={css.proofActs}>
        {close ? <Button onClick={close}>{words("ui.close")}</Button> : null}
        <Button
          type="primary"
          onClick={() => {
            close?.();
            open();
          }}
        >
          {words("proof.door")}
        </Button>
      </div>
    </div>
  );
}
