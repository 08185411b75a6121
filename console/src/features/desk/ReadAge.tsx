/** How old the chat of a shop in the read tier is: it is asked for now and then, not told as it happens. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import { useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import { useNow } from "../../pieces/now";
import { Chip, type Tone } from "../../pieces/small";
import { clockTimeSeconds, lengthWord } from "../../pieces/time";

const ASK_MS = 5_000;
/** Two polls missed, and trouble that lasts: what stands here is older than it should be. */
const OLD_SECONDS = 60;
const STALE_SECONDS = 300;

export function ReadAge({ shop }: { shop: string }) {
  const words = useWords();
  const now = useNow();
  const offset = useSnapshot((snapshot) => snapshot.desk.clockOffset);
  const polls = useQuery({
    queryKey: ["polls"],
    queryFn: ({ signal }) => calls.polls(signal),
    refetchInterval: ASK_MS,
  });
  if (polls.isPending) return null;
  const at = polls.data?.find((poll) => poll.shop === shop)?.at;
  if (!at) return <Chip tone="warn">{words("read.never")}</Chip>;
  const seconds = Math.max(0, Math.round((now + offset - Date.parse(at)) / 1000));
  return (
    <Chip tone={toneOf(seconds)} title={words("read.why", { time: clockTimeSeconds(at) })}>
      {words("read.age", { age: lengthWord(words, seconds) })}
    </Chip>
  );
}

function toneOf(seconds: number): Tone {
  if (seconds < OLD_SECONDS) return "plain";
  return seconds < STALE_SECONDS ? "warn" : "bad";
}
