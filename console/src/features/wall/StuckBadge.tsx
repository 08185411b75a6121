/** How many events wait for a person: quiet, and nothing at all while there are none. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import { carePath } from "../../app/route";
import { useWords } from "../../i18n";
import { Chip } from "../../pieces/small";

export function StuckBadge({ go }: { go: (path: string) => void }) {
  const words = useWords();
  const found = useQuery({ queryKey: ["stuck"], queryFn: calls.stuck, refetchInterval: 30_000 });
  const number = found.data?.length ?? 0;
  if (number === 0) return null;
  return (
    <button type="button" className="bare" onClick={() => go(carePath("stuck"))}>
      <Chip tone="warn">{words("care.badge", { n: number })}</Chip>
    </button>
  );
}
