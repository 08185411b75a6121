/** A parcel's way, newest step first. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import { useWords } from "../../i18n";
import { dayTime } from "../../pieces/time";
import { AsOf, Loaded } from "./Facts";
import css from "./side.module.css";

export function LogisticsView({ id, order }: { id: string; order: string }) {
  const words = useWords();
  const parcel = useQuery({
    queryKey: ["logistics", id, order],
    queryFn: ({ signal }) => calls.logistics(id, order, signal),
  });
  const data = parcel.data;
  return (
    <Loaded pending={parcel.isPending} error={parcel.error} retry={() => void parcel.refetch()}>
      {data?.waybill ? (
        <p className={css.carrier}>
          <b>{data.carrier}</b> {data.waybill}
        </p>
      ) : null}
      {data && data.steps.length > 0 ? (
        <ol className={css.steps}>
          {data.steps.toReversed().map((step) => (
            <li key={`${step.at} ${step.text}`}>
              <time dateTime={step.at}>{dayTime(words, step.at)}</time>
              {step.text}
            </li>
          ))}
        </ol>
      ) : (
        <p className={css.empty}>{words("side.logistics.empty")}</p>
      )}
      {data ? <AsOf words={words} at={data.asOf} /> : null}
    </Loaded>
  );
}
