/** The right column: suggested replies above, the customer's orders, parcel and price protection below. */

import { Button } from "antd";
import { useSnapshot } from "../../app/live";
import { useWords } from "../../i18n";
import type { Suggestion } from "../../api/types";
import { Citations } from "../../pieces/chat/Citations";
import { useMay } from "../../pieces/rights";
import { Key } from "../../pieces/small";
import { tabOf } from "../../sync/lines";
import { Facts } from "./Facts";
import css from "./side.module.css";
import { useSide } from "./side";
import { useDeskKeys } from "./useDeskKeys";

const NO_SUGGESTIONS: readonly Suggestion[] = [];

export function SidePane({ id, used }: { id: string; used?: () => void }) {
  const words = useWords();
  const line = useSnapshot((snapshot) => snapshot.desk.lines.byId.get(id)?.line);
  const me = useSnapshot((snapshot) => snapshot.desk.me);
  const facts = useMay("facts:read");
  if (!line) return <aside className={css.side} aria-label={words("side.label")} />;
  return (
    <aside className={css.side} aria-label={words("side.label")}>
      {tabOf(line, me) === "mine" ? <Suggestions id={id} used={used} /> : null}
      {facts ? <Facts id={id} capabilities={line.shop.capabilities} /> : <p className={css.empty}>{words("side.closed")}</p>}
    </aside>
  );
}

function Suggestions({ id, used }: { id: string; used: (() => void) | undefined }) {
  const words = useWords();
  const { insert } = useSide();
  const suggestions = useSnapshot((snapshot) => snapshot.desk.chats.get(id)?.suggestions ?? NO_SUGGESTIONS);
  const take = (n: number) => {
    const one = suggestions[n];
    if (!one) return;
    insert(one.text, one.id);
    used?.();
  };
  const [first, second, third] = [() => take(0), () => take(1), () => take(2)];
  useDeskKeys({ "1": first, "2": second, "3": third, "alt+1": first, "alt+2": second, "alt+3": third });
  return (
    <section className={css.suggestions}>
      <h2>{words("side.suggestions")}</h2>
      {suggestions.length === 0 ? <p className={css.empty}>{words("side.suggestions.empty")}</p> : null}
      <ol>
        {suggestions.map((one, n) => (
          <li key={one.id}>
            <p>{one.text}</p>
            <div className={css.suggestionFoot}>
              <small>{one.reason}</small>
              <Button size="small" onClick={() => take(n)}>
                <span className={css.withKey}>
                  {words("side.use")} {n < 3 ? <Key>{n + 1}</Key> : null}
                </span>
              </Button>
            </div>
            <Citations citations={one.citations} />
          </li>
        ))}
      </ol>
    </section>
  );
}
