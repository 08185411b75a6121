/** The second factor, wherever it is asked for: inside a dialog that then goes on, or in place of a page. */

import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState, type FormEvent } from "react";
import { calls } from "../api/calls";
import { Trouble } from "../api/http";
import { ME } from "../features/session/SessionGate";
import { useWords } from "../i18n";
import { asTrouble } from "../sync/runtime";
import css from "./pieces.module.css";
import { useMe } from "./rights";
import { TroubleNote } from "./states";

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
  if (me && !me.secondFactor.setUp) return <NoFactor close={close} />;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim() === "" || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      client.setQueryData(ME, await calls.showSecondFactor(code.trim()));
      shown();
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
      <label>
        {words("proof.code")}
        <Input
          autoFocus
          size="large"
          autoComplete="one-time-code"
          maxLength={40}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <small>{words("proof.hint")}</small>
      </label>
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      <div className={css.proofActs}>
        {close ? <Button onClick={close}>{words("ui.cancel")}</Button> : null}
        <Button type="primary" htmlType="submit" loading={busy} disabled={code.trim() === ""}>
          {words("proof.submit")}
        </Button>
      </div>
    </form>
  );
}

function NoFactor({ close }: { close: (() => void) | undefined }) {
  const words = useWords();
  return (
    <div className={css.proof}>
      <strong>{words("proof.none")}</strong>
      <p>{words("proof.none.detail")}</p>
      <div className={css.proofActs}>{close ? <Button onClick={close}>{words("ui.close")}</Button> : null}</div>
    </div>
  );
}
