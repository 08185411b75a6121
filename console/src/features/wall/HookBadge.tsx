/** How many endpoints of one's own were switched off because they failed: nothing at all while there are none. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import { useWords } from "../../i18n";
import { Chip } from "../../pieces/small";

const EVERY_MS = 300_000;

export function HookBadge({ go }: { go: (path: string) => void }) {
  const words = useWords();
  const found = useQuery({ queryKey: ["webhooks"], queryFn: calls.webhooks, refetchInterval: EVERY_MS });
  const number = (found.data ?? []).filter((one) => one.state === "off" && one.offWhy !== "by_hand").length;
  if (number === 0) return null;
  return (
    <button type="button" className="bare" onClick={() => go("/settings")}>
      <Chip tone="warn">{words("hooks.badge", { n: number })}</Chip>
    </button>
  );
}
