/** Ask for the second factor when the server wants it shown again, then go on with what was being done. */

import { Modal } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { useWords } from "../../i18n";
import { Proof, wantsProof } from "../../pieces/proof";

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
      if (!wantsProof(error)) throw error;
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
  return (
    <Modal open width={400} footer={null} title={words("stepup.title")} onCancel={close}>
      <Proof shown={shown} close={close} />
    </Modal>
  );
}
