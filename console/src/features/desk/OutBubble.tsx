/** A reply of ours that the server has not taken yet, with what can be done about it. */

import { Button } from "antd";
import type { Trouble } from "../../api/http";
import { useLive } from "../../app/live";
import { useWords } from "../../i18n";
import chatCss from "../../pieces/chat/chat.module.css";
import { Marked } from "../../pieces/chat/Marked";
import { Chip } from "../../pieces/small";
import { clockTime } from "../../pieces/time";
import type { Out } from "../../sync/outbox";
import { useSide } from "./side";

export function OutBubble({ out }: { out: Out }) {
  const words = useWords();
  const { sending } = useLive();
  const { insert } = useSide();
  const refused = out.state === "refused";
  const edit = () => {
    insert(out.text, out.suggestion);
    sending.drop(out.key);
  };
  return (
    <div className={chatCss.row} data-side="ours">
      <div
        className={chatCss.bubble}
        data-sender="agent"
        data-waiting={out.state === "sending" ? "" : undefined}
        data-delivery={out.state === "sending" ? undefined : "failed"}
      >
        <Marked text={out.text} findings={out.findings} />
      </div>
      <div className={chatCss.meta}>
        <time dateTime={out.at}>{clockTime(out.at)}</time>
        {out.state === "sending" ? (
          words("out.sending")
        ) : (
          <Chip tone="bad">{refused ? words(refusedWord(out)) : words("out.stuck")}</Chip>
        )}
      </div>
      {out.state === "stuck" ? <p className={chatCss.note}>{why(words, out)}</p> : null}
      {refused ? <p className={chatCss.note}>{out.findings.map((finding) => finding.reason).join(" ")}</p> : null}
      {out.state === "sending" ? null : (
        <div className={chatCss.actions}>
          <Button size="small" type="text" onClick={() => sending.drop(out.key)}>
            {words("act.drop")}
          </Button>
          <Button size="small" onClick={edit}>
            {words("act.edit")}
          </Button>
          {out.state === "stuck" ? (
            <Button size="small" type="primary" onClick={() => sending.retry(out)}>
              {words("act.retry")}
            </Button>
          ) : null}
          {refused && out.outcome === "warn" ? (
            <Button size="small" type="primary" onClick={() => sending.retry(out, true)}>
              {words("act.send.anyway")}
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}

function refusedWord(out: Out): "compose.warned" | "compose.held" {
  return out.outcome === "warn" ? "compose.warned" : "compose.held";
}

function why(words: ReturnType<typeof useWords>, out: Out): string {
  if (out.why) return out.why;
  const kind = out.outcome as Trouble["kind"] | "";
  if (kind === "network") return `${words("ui.network")} · ${words("ui.network.detail")}`;
  if (kind === "broken") return `${words("ui.broken")} · ${words("ui.broken.detail")}`;
  return words("out.stuck.reload");
}
