/** The price-protection applications of an order; the buyer files them, we only read. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import { useWords } from "../../i18n";
import { yuan } from "../../pieces/money";
import { dayTime } from "../../pieces/time";
import { AsOf, Loaded } from "./Facts";
import { Pair } from "./OrdersView";
import css from "./side.module.css";

export function ProtectionView({ id, order }: { id: string; order: string }) {
  const words = useWords();
  const found = useQuery({
    queryKey: ["protection", id, order],
    queryFn: ({ signal }) => calls.priceProtection(id, order, signal),
  });
  return (
    <Loaded pending={found.isPending} error={found.error} retry={() => void found.refetch()}>
      {found.data?.length === 0 ? <p className={css.empty}>{words("side.protection.empty")}</p> : null}
      {found.data?.map((one) => (
        <article key={one.applicationId} className={css.order}>
          <div className={css.orderHead}>
            <b>{one.stateLabel}</b>
            <span className={css.grow} />
            <span className={css.faint}>{dayTime(words, one.appliedAt)}</span>
          </div>
          <p className={css.sku}>{one.skuName}</p>
          <dl className={css.pairs}>
            <Pair name={words("side.protection.bought")} value={yuan(one.boughtAtFen)} />
            <Pair name={words("side.protection.applied")} value={yuan(one.appliedFen)} />
            <Pair name={words("side.protection.refunded")} value={yuan(one.refundedFen)} />
          </dl>
          <AsOf words={words} at={one.asOf} />
        </article>
      ))}
    </Loaded>
  );
}
