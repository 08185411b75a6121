/** What an endpoint was told in the last 30 days, and what it answered; each can be sent again. */

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { calls } from "../../api/calls";
import type { DeliveryShape, WebhookShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { Chip, type Tone } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";

const TONES: Record<string, Tone> = { delivered: "good", waiting: "warn", given_up: "bad" };
const EVERY_MS = 3_000;

interface DeliveriesProps {
  webhook: WebhookShape;
  writes: boolean;
  close: () => void;
}

export function Deliveries({ webhook, writes, close }: DeliveriesProps) {
  const words = useWords();
  return (
    <Drawer
      open
      size={720}
      title={`${words("hooks.log")} · ${webhook.description}`}
      onClose={close}
      styles={{ body: { padding: 0 }, wrapper: { maxWidth: "100vw" } }}
    >
      <Rows webhook={webhook.id} writes={writes} />
    </Drawer>
  );
}

function Rows({ webhook, writes }: { webhook: string; writes: boolean }) {
  const words = useWords();
  const client = useQueryClient();
  const key = ["webhooks", webhook, "deliveries"];
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => calls.deliveries(webhook, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (one) => one.nextCursor,
    staleTime: 0,
    refetchInterval: EVERY_MS,
  });
  if (pages.isPending) return <Bones lines={6} />;
  if (!pages.data) return <TroubleNote trouble={asTrouble(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((one) => one.deliveries);
  if (rows.length === 0) return <Nothing title={words("sent.none")} />;
  return (
    <>
      <table className={page.table}>
        <thead>
          <tr>
            <th scope="col">{words("sent.kind")}</th>
            <th scope="col">{words("sent.at")}</th>
            <th scope="col">{words("sent.state")}</th>
            <th scope="col">{words("sent.attempts")}</th>
            <th scope="col">{words("sent.answer")}</th>
            {writes ? <th scope="col" aria-label={words("sent.again")} /> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{codeWord(words, "hookkind", row.kind)}</td>
              <td className={page.nowrap}>{stamp(row.createdAt)}</td>
              <td>
                <Chip tone={TONES[row.state] ?? "plain"}>{codeWord(words, "sentstate", row.state)}</Chip>
                {row.dueAt && row.attempts > 0 ? <small>{words("sent.next", { time: stamp(row.dueAt) })}</small> : null}
              </td>
              <td>{row.attempts}</td>
              <td>{answered(words, row)}</td>
              {writes ? (
                <td>
                  <Again webhook={webhook} row={row} done={() => void client.invalidateQueries({ queryKey: key })} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {pages.hasNextPage ? (
        <Button type="text" block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {words("ui.more")}
        </Button>
      ) : null}
    </>
  );
}

function Again({ webhook, row, done }: { webhook: string; row: DeliveryShape; done: () => void }) {
  const words = useWords();
  const deed = useDeed(() => calls.resend(webhook, row.id), done);
  return (
    <>
      <Button size="small" loading={deed.busy} onClick={() => void deed.run()}>
        {words("sent.again")}
      </Button>
      {deed.trouble ? <TroubleNote trouble={deed.trouble} /> : null}
      {deed.dialog}
    </>
  );
}

function answered(words: Words, row: DeliveryShape): string {
  const parts = [row.status === null ? "" : String(row.status), row.error ? codeWord(words, "senterror", row.error) : ""];
  return parts.filter(Boolean).join(" · ") || "–";
}
