/** Close with a reason: one key, or Enter for the usual one. */

import { useMutation } from "@tanstack/react-query";
import { Modal, Radio } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { ConversationShape } from "../../api/types";
import { useLive } from "../../app/live";
import { codeWord, useWords } from "../../i18n";
import { TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./desk.module.css";

const REASONS = ["solved", "unanswered", "duplicate", "other"];

export interface DialogProps {
  line: ConversationShape;
  done: () => void;
  cancel: () => void;
}

export function CloseDialog({ line, done, cancel }: DialogProps) {
  const words = useWords();
  const { runtime } = useLive();
  const [reason, setReason] = useState("solved");
  const close = useMutation({
    mutationFn: () => calls.close(line.id, reason),
    onSuccess: (closed) => {
      done();
      runtime.answered(closed);
    },
  });
  return (
    <Modal
      open
      width={380}
      title={words("closing.title")}
      okText={words("closing.submit")}
      cancelText={words("ui.cancel")}
      confirmLoading={close.isPending}
      onOk={() => close.mutate()}
      onCancel={cancel}
      okButtonProps={{ autoFocus: true }}
    >
      <Radio.Group
        className={css.field ?? ""}
        vertical
        value={reason}
        onChange={(event) => setReason(String(event.target.value))}
        options={REASONS.map((one) => ({ value: one, label: codeWord(words, "close", one) }))}
      />
      {close.error ? <TroubleNote trouble={asTrouble(close.error)} /> : null}
    </Modal>
  );
}
