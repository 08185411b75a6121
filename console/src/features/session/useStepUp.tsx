/** Ask for the second factor when the server wants it shown again, then go on with what was being done. */

import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { calls } from "../../api/calls";
import { Trouble } from "../../api/http";
import { useWords } from "../../i18n";
import { TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./session.module.css";
import { ME } from "./SessionGate";
import { CodeField } from "./SignInPage";

export type WithStepUp = <T>(run: () => Promise<T>) => Promise<T>;

interface Waiting {
  shown: () => void;
  given: (why: unknown) => void;
}

/** Returns how to run what may need a second factor, and the dialog to draw beside it. */
export function useStepUp(): [WithStepUp, ReactNode] {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const refused = useRef<unknown>(null);
  const run: WithStepUp = async (work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Trouble) || error.code !== "second_factor") throw error;
      refused.current = error;
      await new Promise<void>((shown, given) => setWaiting({ shown, given }));
      return work();
    }
  };
  const dialog = waiting ? (
    <StepUpDialog
      shown={() => {
        setWaiting(null);
        waiting.shown();
      }}
      close={() => {
        setWaiting(null);
        waiting.given(refused.current);
      }}
    />
  ) : null;
  return [run, dialog];
}

function StepUpDialog({ shown, close }: { shown: () => void; close: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function submit() {
    if (code.trim() === "" || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      client.setQueryData(ME, await calls.showSecondFactor(code));
      shown();
    } catch (error) {
      setTrouble(asTrouble(error));
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={360}
      title={words("stepup.title")}
      okText={words("session.code.submit")}
      cancelText={words("ui.cancel")}
      confirmLoading={busy}
      onOk={() => void submit()}
      onCancel={close}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <CodeField code={code} setCode={setCode} />
        {trouble ? <TroubleNote trouble={trouble} /> : null}
      </form>
    </Modal>
  );
}
