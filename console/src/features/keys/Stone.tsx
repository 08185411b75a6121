/** A tombstone: what is left of somebody whose keys were destroyed. */

import type { TombstoneShape } from "../../api/types";
import { useWords } from "../../i18n";
import page from "../../pieces/page.module.css";
import { Chip } from "../../pieces/small";

/** What an answer to the letter quotes: the end of the tombstone's id, which tells it apart. */
export function stoneNumber(stone: TombstoneShape): string {
  return stone.id.slice(-8).toUpperCase();
}

export function StoneChips({ stone }: { stone: TombstoneShape }) {
  const words = useWords();
  return (
    <span className={page.chips}>
      <Chip tone={stone.sound ? "good" : "bad"}>{words(stone.sound ? "vault.tomb.sound" : "vault.tomb.unsound")}</Chip>
      <Chip tone={stone.buried ? "plain" : "warn"}>
        {words(stone.buried ? "vault.tomb.buried" : "vault.tomb.open")}
      </Chip>
    </span>
  );
}
