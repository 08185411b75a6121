/** What a person can do about one of their replies: confirm the pasting, or take the words back. */

import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { calls } from "../../api/calls";
import type { MessageShape } from "../../api/types";
import { useLive } from "../../app/live";
import { useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { TroubleNote } from "../../pieces/states";
import { Chip } from "../../pieces/small";
import { asTrouble } from "../../sync/runtime";
import { useSide } from "./side";

const TAKE_BACK = new Set(["failed", "held"]);

export function MessageActions(props: { conversation: string; message: MessageShape; tier: string }) {
  const { conversation, message, tier } = props;
  const words = useWords();
  const { insert } = useSide();
  if (tier === "read" && message.delivery === "approved") {
    return <Pasting conversation={conversation} message={message} />;
  }
  if (!TAKE_BACK.has(message.delivery ?? "")) return null;
  return (
    <Button size="small" onClick={() => insert(message.text, null)}>
      {words("chat.reuse")}
    </Button>
  );
}

function Pasting({ conversation, message }: { conversation: string; message: MessageShape }) {
  const words = useWords();
  const { runtime } = useLive();
  const { message: toast } = App.useApp();
  const confirm = useMutation({
    mutationFn: () => calls.copied(conversation, message.id),
    onSuccess: (copied) => runtime.answeredMessage(conversation, copied),
  });
  const again = async () => {
    if (!(await copyText(message.text))) void toast.warning(words("compose.copy.failed"));
  };
  return (
    <>
      <Chip tone="warn">{words("copy.waiting")}</Chip>
      <Button size="small" onClick={() => void again()}>
        {words("act.copy.again")}
      </Button>
      <Button size="small" type="primary" loading={confirm.isPending} onClick={() => confirm.mutate()}>
        {words("act.pasted")}
      </Button>
      {confirm.error ? <TroubleNote trouble={asTrouble(confirm.error)} /> : null}
    </>
  );
}
