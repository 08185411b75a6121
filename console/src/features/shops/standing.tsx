/** How a shop's line stands and how old its data are: for the list and for the shop itself. */

import type { ConnectionShape } from "../../api/types";
import { codeWord, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { Chip } from "../../pieces/small";
import { stamp } from "../../pieces/time";

export const SHOPS = ["connections"];

/** How a line stands: its tier where it works, else what is wrong and since when. */
export function State({ words, shop }: { words: Words; shop: ConnectionShape }) {
  if (shop.state !== "open") {
    return <Chip tone={shop.state === "unopened" ? "bad" : "plain"}>{codeWord(words, "line", shop.state)}</Chip>;
  }
  if (!shop.trouble) {
    return (
      <span className={page.chips}>
        <Chip tone="good">{words("line.open")}</Chip>
        <Chip tone="line">{codeWord(words, "tier", shop.tier)}</Chip>
      </span>
    );
  }
  return (
    <>
      <Chip tone={shop.trouble.lasting ? "bad" : "warn"}>
        {words(shop.trouble.lasting ? "shops.needs" : "shops.away")}
      </Chip>
      <small>{words("shops.since", { time: stamp(shop.trouble.since) })}</small>
    </>
  );
}

/** Up to when the platform's chat was read; what is pushed is always current. */
export function Age({ words, shop }: { words: Words; shop: ConnectionShape }) {
  if (shop.state !== "open") return <>{words("ui.none")}</>;
  if (shop.polledAt) return <>{words("shops.until", { time: stamp(shop.polledAt) })}</>;
  if (shop.polled) return <>{words(shop.trouble ? "ui.none" : "shops.first")}</>;
  const reads = shop.abilities.some((one) => one.able && one.capability === "receive_live");
  return <>{words(reads ? "shops.pushed" : "ui.none")}</>;
}
