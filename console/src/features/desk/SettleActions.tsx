/** A reply whose outcome nobody knows: what the person saw in Dongdong, and what then happens, said before it does. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal, Tooltip } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { MessageShape } from "../../api/types";
import { useLive } from "../../app/live";
import { useWords } from "../../i18n";
import { useNow } from "../../pieces/now";
import { TroubleNote } from "../../pieces/states";
import { fieldOf, momentOf } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./desk.module.css";

const OUTCOMES = ["delivered", "resent", "dropped"] as const;
type Outcome = (typeof OUTCOMES)[number];

interface SettleProps {
  conversation: string;
  message: MessageShape;
  /** True where the conversation is on one's own desk: only then may one speak. */
  mine: boolean;
}

export function SettleActions({ conversation, message, mine }: SettleProps) {
  const words = useWords();
  const [asked, setAsked] = useState<Outcome | null>(null);
  return (
    <>
      {OUTCOMES.map((outcome, n) => (
        <Tooltip key={outcome} title={outcome === "resent" && !mine ? words("settle.desk") : undefined}>
          <Button
            size="small"
            data-settle={n === 0 ? "" : undefined}
            disabled={outcome === "resent" && !mine}
            onClick={() => setAsked(outcome)}
          >
            {words(`settle.${outcome}`)}
          </Button>
        </Tooltip>
      ))}
      {asked ? (
        <SettleDialog conversation={conversation} message={message} outcome={asked} close={() => setAsked(null)} />
      ) : null}
    </>
  );
}

interface SettleDialogProps {
  conversation: string;
  message: MessageShape;
  outcome: Outcome;
  close: () => void;
}

function SettleDialog({ conversation, message, outcome, close }: SettleDialogProps) {
  const words = useWords();
  const attempt = fieldOf(message.at);
  const [field, setField] = useState(attempt);
  const moment = momentOf(field);
  const now = useNow();
  const wrong = outcome === "delivered" && (moment === null || field < attempt || Date.parse(moment) > now);
  const settle = useSettle(conversation, message.id, outcome, close);
  return (
    <Modal
      open
      width={440}
      title={words(`settle.title.${outcome}`)}
      okText={words(`settle.${outcome}`)}
      cancelText={words("ui.cancel")}
      okButtonProps={{ autoFocus: true, disabled: wrong }}
      confirmLoading={settle.isPending}
      onOk={() => settle.mutate(field === attempt ? null : moment)}
      onCancel={close}
    >
      <blockquote className={css.quoted}>{message.text}</blockquote>
      <p>{words(`settle.means.${outcome}`)}</p>
      {outcome === "delivered" ? (
        <label className={css.field}>
          {words("settle.at")}
          <Input
            type="datetime-local"
            value={field}
            min={attempt}
            status={wrong ? "error" : ""}
            onChange={(event) => setField(event.target.value)}
          />
          <small className={css.faint}>{words(wrong ? "settle.at.wrong" : "settle.at.hint")}</small>
        </label>
      ) : null}
      {settle.error ? <TroubleNote trouble={asTrouble(settle.error)} /> : null}
    </Modal>
  );
}

function useSettle(conversation: string, message: string, outcome: Outcome, close: () => void) {
  const words = useWords();
  const { runtime } = useLive();
  const { message: toast } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (at: string | null) => calls.settle(conversation, message, { outcome, at }),
    onSuccess: (settled) => {
      close();
      void toast.success(words(`settle.done.${outcome}`));
      runtime.answeredMessage(conversation, settled.message);
      if (settled.resent) runtime.answeredMessage(conversation, settled.resent);
      void queries.invalidateQueries({ queryKey: ["unsettled"] });
    },
    onError: (error) => {
      if (asTrouble(error).status !== 409) return;
      // Somebody was faster: what is there now says more than the dialog.
      close();
      void toast.warning(words("settle.known"));
      void runtime.openChat(conversation);
      void queries.invalidateQueries({ queryKey: ["unsettled"] });
    },
  });
}
