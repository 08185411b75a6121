/** What waits for those who keep a shop running: events nobody could take, accounts nobody is named for. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { calls } from "../../api/calls";
import type { Me } from "../../api/types";
import { carePath, type CarePart } from "../../app/route";
import { useWords } from "../../i18n";
import { Accounts } from "./Accounts";
import css from "./care.module.css";
import { StuckEvents } from "./StuckEvents";

interface CareProps {
  me: Me;
  part: CarePart;
  go: (path: string) => void;
}

const EVERY_MS = 10_000;

export default function CarePage({ me, part, go }: CareProps) {
  const words = useWords();
  const stuck = useQuery({ queryKey: ["stuck"], queryFn: calls.stuck, refetchInterval: EVERY_MS });
  const accounts = useQuery({ queryKey: ["accounts"], queryFn: calls.accounts });
  useEffect(() => {
    document.title = `${words("nav.care")} · ${words("brand")}`;
  }, [words]);
  const counts = { stuck: stuck.data?.length, accounts: accounts.data?.filter((one) => !one.person).length };
  return (
    <div className={css.care}>
      <div className={css.tabs} role="tablist" aria-label={words("nav.care")}>
        {(["stuck", "accounts"] as const).map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            className="bare"
            aria-selected={one === part}
            onClick={() => go(carePath(one))}
          >
            {words(`care.${one}`)} <b>{counts[one] ?? ""}</b>
          </button>
        ))}
      </div>
      <div role="tabpanel">
        {part === "stuck" ? <StuckEvents found={stuck} go={go} /> : <Accounts me={me} found={accounts} />}
      </div>
    </div>
  );
}
