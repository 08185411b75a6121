/** Three live views of the customer's orders, one key each; every answer says as of when, and can be asked anew. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { calls } from "../../api/calls";
import type { OrderShape } from "../../api/types";
import { useWords, type Words } from "../../i18n";
import { RetryIcon } from "../../pieces/icons";
import { Key } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { clockTimeSeconds } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { LogisticsView } from "./LogisticsView";
import { OrderPick, OrdersView } from "./OrdersView";
import { ProtectionView } from "./ProtectionView";
import css from "./side.module.css";
import { useSide, type SideTab } from "./side";
import { useDeskKeys } from "./useDeskKeys";

const TABS: { tab: SideTab; key: string; word: "side.orders" | "side.logistics" | "side.protection" }[] = [
  { tab: "orders", key: "O", word: "side.orders" },
  { tab: "logistics", key: "L", word: "side.logistics" },
  { tab: "protection", key: "P", word: "side.protection" },
];

const ABILITY: Record<SideTab, string> = {
  orders: "orders",
  logistics: "logistics",
  protection: "price_protection",
};

export function Facts({ id, capabilities }: { id: string; capabilities: readonly string[] }) {
  const words = useWords();
  const side = useSide();
  const able = capabilities.includes(ABILITY.orders);
  const client = useQueryClient();
  useDeskKeys({ o: () => side.show("orders"), l: () => side.show("logistics"), p: () => side.show("protection") });
  const orders = useQuery({
    queryKey: ["orders", id],
    queryFn: ({ signal }) => calls.orders(id, signal),
    enabled: able,
  });
  const reload = () => {
    if (side.tab === "orders") void orders.refetch();
    else void client.invalidateQueries({ queryKey: [side.tab, id] });
  };
  return (
    <section className={css.facts}>
      <div className={css.factTabs} role="tablist">
        {TABS.map(({ tab, key, word }) => (
          <button
            key={tab}
            type="button"
            role="tab"
            className="bare"
            aria-selected={side.tab === tab}
            onClick={() => side.show(tab)}
          >
            <span className={css.withKey}>
              {words(word)} <Key>{key}</Key>
            </span>
          </button>
        ))}
        <span className={css.grow} />
        <Button
          type="text"
          size="small"
          icon={<RetryIcon />}
          title={words("side.reload")}
          aria-label={words("side.reload")}
          loading={orders.isFetching}
          onClick={reload}
        />
      </div>
      <div className={css.factBody} role="tabpanel">
        {able ? (
          <Loaded
            pending={orders.isPending}
            error={orders.data ? null : orders.error}
            retry={() => void orders.refetch()}
          >
            <Shown id={id} tab={side.tab} orders={orders.data ?? []} capabilities={capabilities} />
            {orders.error && orders.data ? (
              <TroubleNote trouble={asTrouble(orders.error)} retry={() => void orders.refetch()} />
            ) : null}
          </Loaded>
        ) : (
          <p className={css.empty}>{words("side.orders.unable")}</p>
        )}
      </div>
    </section>
  );
}

interface ShownProps {
  id: string;
  tab: SideTab;
  orders: readonly OrderShape[];
  capabilities: readonly string[];
}

function Shown({ id, tab, orders, capabilities }: ShownProps) {
  const words = useWords();
  const side = useSide();
  const order = orders.find((one) => one.orderId === side.order) ?? orders[0];
  if (!order) return <p className={css.empty}>{words("side.orders.empty")}</p>;
  if (tab === "orders") return <OrdersView orders={orders} />;
  if (!capabilities.includes(ABILITY[tab])) {
    return (
      <p className={css.empty}>{words(tab === "logistics" ? "side.logistics.unable" : "side.protection.unable")}</p>
    );
  }
  return (
    <>
      <OrderPick orders={orders} picked={order.orderId} />
      {tab === "logistics" ? (
        <LogisticsView key={order.orderId} id={id} order={order.orderId} />
      ) : (
        <ProtectionView key={order.orderId} id={id} order={order.orderId} />
      )}
    </>
  );
}

interface LoadedProps {
  pending: boolean;
  error: unknown;
  retry: () => void;
  children: ReactNode;
}

export function Loaded({ pending, error, retry, children }: LoadedProps) {
  if (pending) return <Bones lines={5} />;
  if (error) return <TroubleNote trouble={asTrouble(error)} retry={retry} />;
  return children;
}

export function AsOf({ words, at }: { words: Words; at: string }) {
  return <p className={css.asof}>{words("ui.asof", { time: clockTimeSeconds(at) })}</p>;
}
