/** The customer's orders: state, money, lines, PLUS. */

import { Select } from "antd";
import type { OrderShape } from "../../api/types";
import { useWords, type Words } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { CopyIcon } from "../../pieces/icons";
import { yuan } from "../../pieces/money";
import { Chip } from "../../pieces/small";
import { dayTime } from "../../pieces/time";
import { AsOf } from "./Facts";
import css from "./side.module.css";
import { useSide } from "./side";

export function OrdersView({ orders }: { orders: readonly OrderShape[] }) {
  const words = useWords();
  return orders.map((order) => <Order key={order.orderId} order={order} words={words} />);
}

function Order({ order, words }: { order: OrderShape; words: Words }) {
  return (
    <article className={css.order}>
      <div className={css.orderHead}>
        <b>{order.stateLabel}</b>
        <Plus words={words} plus={order.plus} />
        <span className={css.grow} />
        <strong>{yuan(order.paidFen)}</strong>
      </div>
      <button
        type="button"
        className={`bare ${css.orderNumber}`}
        title={words("side.copy")}
        onClick={() => void copyText(order.orderId)}
      >
        {order.orderId} <CopyIcon size={13} />
      </button>
      <ul className={css.lines}>
        {order.lines.map((line) => (
          <li key={line.skuId}>
            <span className={css.lineName} title={line.name}>
              {line.name}
            </span>
            <span className={css.faint}>×{line.count}</span>
            <span>{yuan(line.priceFen)}</span>
          </li>
        ))}
      </ul>
      <dl className={css.pairs}>
        {order.totalFen === order.paidFen ? null : (
          <Pair name={words("side.order.total")} value={yuan(order.totalFen)} />
        )}
        <Pair name={words("side.order.created")} value={dayTime(words, order.createdAt)} />
        <Pair
          name={words("side.order.paidat")}
          value={order.paidAt ? dayTime(words, order.paidAt) : words("side.order.unpaid")}
        />
        {order.waybill ? <Pair name={words("side.waybill")} value={order.waybill} /> : null}
      </dl>
      <AsOf words={words} at={order.asOf} />
    </article>
  );
}

function Plus({ words, plus }: { words: Words; plus: boolean | null }) {
  if (plus === null) return <Chip tone="line">{words("side.plus.unknown")}</Chip>;
  return <Chip tone={plus ? "accent" : "line"}>{words(plus ? "side.plus.yes" : "side.plus.no")}</Chip>;
}

export function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Which of several orders the parcel or the price protection is shown for. */
export function OrderPick({ orders, picked }: { orders: readonly OrderShape[]; picked: string }) {
  const words = useWords();
  const side = useSide();
  if (orders.length < 2) return <p className={css.pickOne}>{picked}</p>;
  return (
    <Select
      className={css.pick ?? ""}
      size="small"
      aria-label={words("side.orders")}
      value={picked}
      onChange={side.pick}
      options={orders.map((order) => ({ value: order.orderId, label: `${order.orderId} · ${order.stateLabel}` }))}
    />
  );
}
