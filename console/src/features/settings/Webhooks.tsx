/** Endpoints of programs outside: how each stands, what can be done with it, and a way to add one. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Me, WebhookSecret, WebhookShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Chip, type Tone } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { Deliveries } from "./Deliveries";
import css from "./settings.module.css";
import { WebhookForm } from "./WebhookForm";

const KEY = ["webhooks"];
const TONES: Record<string, Tone> = { on: "good", failing: "warn", off: "bad" };
/** How often the list is read again: what is being sent changes by itself. */
const EVERY_MS = 10_000;

export function Webhooks({ me }: { me: Me }) {
  const words = useWords();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<WebhookSecret | null>(null);
  const [logOf, setLogOf] = useState<WebhookShape | null>(null);
  const found = useQuery({ queryKey: KEY, queryFn: calls.webhooks, staleTime: 0, refetchInterval: EVERY_MS });
  const again = () => void client.invalidateQueries({ queryKey: KEY });
  const writes = may(me, "webhook:write");
  const kept = (secret: WebhookSecret) => {
    setMade(secret);
    setAdding(false);
    again();
  };
  return (
    <section className={page.section} aria-labelledby="webhooks">
      <h3 id="webhooks">{words("hooks.title")}</h3>
      <p className={page.faint}>{words("hooks.what")}</p>
      {found.isPending ? <Bones lines={2} /> : null}
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      {found.data?.length === 0 && !adding ? <p>{words("hooks.none")}</p> : null}
      {(found.data ?? []).map((one) => (
        <Endpoint key={one.id} one={one} writes={writes} again={again} kept={kept} log={() => setLogOf(one)} />
      ))}
      {made ? <Secret secret={made.secret} close={() => setMade(null)} /> : null}
      {adding ? <WebhookForm close={() => setAdding(false)} made={kept} /> : null}
      {writes && !adding && !made ? (
        <p>
          <Button size="small" onClick={() => setAdding(true)}>
            {words("hooks.add")}
          </Button>
        </p>
      ) : null}
      {logOf ? <Deliveries webhook={logOf} writes={writes} close={() => setLogOf(null)} /> : null}
    </section>
  );
}

interface EndpointProps {
  one: WebhookShape;
  writes: boolean;
  again: () => void;
  kept: (secret: WebhookSecret) => void;
  log: () => void;
}

function Endpoint({ one, writes, again, kept, log }: EndpointProps) {
  const words = useWords();
  const [changing, setChanging] = useState(false);
  const facts = [
    words("hooks.n", { n: one.kinds.length }),
    one.shops.length > 0 ? one.shops.map((shop) => shop.name).join("、") : words("hooks.shops.all"),
    one.waiting > 0 ? words("hooks.waiting", { n: one.waiting }) : "",
    one.lastAt ? words("hooks.last", { time: stamp(one.lastAt) }) : "",
  ];
  return (
    <div className={css.kind} role="group" aria-label={one.description}>
      <h4>{one.description}</h4>
      <span className={css.now}>
        <Chip tone={TONES[one.state] ?? "plain"}>{codeWord(words, "hookstate", one.state)}</Chip>
      </span>
      <p className={`${css.whole} ${page.mono}`}>{one.url}</p>
      <p className={`${css.whole} ${page.faint}`}>{facts.filter(Boolean).join(" · ")}</p>
      {one.failingSince && one.state === "failing" ? (
        <p className={`${css.whole} ${css.comes}`}>{words("hooks.failing", { time: stamp(one.failingSince) })}</p>
      ) : null}
      {one.state === "off" ? (
        <p className={`${css.whole} ${css.comes}`} role={one.offWhy === "by_hand" ? undefined : "alert"}>
          {codeWord(words, "hookwhy", one.offWhy)}
        </p>
      ) : null}
      {one.formerUntil ? (
        <p className={`${css.whole} ${page.faint}`}>{words("hooks.both", { time: stamp(one.formerUntil) })}</p>
      ) : null}
      <Acts one={one} writes={writes} again={again} kept={kept} log={log} change={() => setChanging(true)} />
      {changing ? (
        <div className={css.whole}>
          <WebhookForm
            webhook={one}
            close={() => setChanging(false)}
            changed={() => {
              setChanging(false);
              again();
            }}
          />
        </div>
      ) : null}
    </div>
  );
}

function Acts({ one, writes, again, kept, log, change }: EndpointProps & { change: () => void }) {
  const words = useWords();
  const { modal, message: toast } = App.useApp();
  const off = one.state === "off";
  const test = useDeed(
    () => calls.testWebhook(one.id),
    () => {
      void toast.success(words("hooks.tested"));
      again();
    },
  );
  const renew = useDeed(() => calls.renewWebhookSecret(one.id), kept);
  const turn = useDeed(() => calls.switchWebhook(one.id, off ? "on" : "off"), again);
  const remove = useDeed(() => calls.removeWebhook(one.id), again);
  const trouble = test.trouble ?? renew.trouble ?? turn.trouble ?? remove.trouble;
  function asked(title: string, content: string, run: () => Promise<boolean>) {
    modal.confirm({ title, content, okText: title, cancelText: words("ui.cancel"), onOk: () => void run() });
  }
  return (
    <div className={css.whole}>
      <div className={page.acts}>
        <Button size="small" onClick={log}>
          {words("hooks.log")}
        </Button>
        {writes ? (
          <>
            <Button size="small" loading={test.busy} disabled={off} onClick={() => void test.run()}>
              {words("hooks.test")}
            </Button>
            <Button size="small" onClick={change}>
              {words("hooks.change")}
            </Button>
            <Button
              size="small"
              loading={renew.busy}
              onClick={() => asked(words("hooks.renew"), words("hooks.renew.why"), renew.run)}
            >
              {words("hooks.renew")}
            </Button>
            <Button size="small" loading={turn.busy} onClick={() => void turn.run()}>
              {words(off ? "hooks.on" : "hooks.off")}
            </Button>
            <Button
              size="small"
              loading={remove.busy}
              onClick={() => asked(words("hooks.remove"), words("hooks.remove.why"), remove.run)}
            >
              {words("hooks.remove")}
            </Button>
          </>
        ) : null}
      </div>
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      {test.dialog}
      {renew.dialog}
      {turn.dialog}
      {remove.dialog}
    </div>
  );
}

function Secret({ secret, close }: { secret: string; close: () => void }) {
  const words = useWords();
  return (
    <div className={css.secret} role="group" aria-label={words("hooks.secret")}>
      <p>{words("hooks.secret")}</p>
      <code className={page.mono}>{secret}</code>
      <div className={page.acts}>
        <Button size="small" onClick={() => void copyText(secret)}>
          {words("hooks.copy")}
        </Button>
        <Button size="small" type="primary" onClick={close}>
          {words("hooks.kept")}
        </Button>
      </div>
    </div>
  );
}
