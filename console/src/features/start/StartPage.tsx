/** The first steps of a new organisation: a second factor, a shop, somebody who answers, a first message. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useContext, useEffect, useState, type ReactNode } from "react";
import { calls } from "../../api/calls";
import type { ConnectionShape, FirstSteps, Me } from "../../api/types";
import { useWords } from "../../i18n";
import page from "../../pieces/page.module.css";
import { AccountDoor } from "../../pieces/proof";
import { may } from "../../pieces/rights";
import { Chip } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import { InviteDialog } from "../people/InviteDialog";
import { PEOPLE } from "../people/PeoplePage";
import { ConnectDialog } from "../shops/ConnectDialog";
import { Snippet } from "../shops/Snippet";
import { SHOPS } from "../shops/standing";
import css from "./start.module.css";
import { doneSteps, FIRST_STEPS, type Step } from "./steps";

const EVERY_MS = 3_000;
const AGENT = { roles: ["agent"], skills: [], capacity: 5 };

interface StartProps {
  me: Me;
  go: (path: string) => void;
}

export default function StartPage({ me, go }: StartProps) {
  const words = useWords();
  const found = useQuery({ queryKey: FIRST_STEPS, queryFn: calls.firstSteps, staleTime: 0, refetchInterval: EVERY_MS });
  useEffect(() => {
    document.title = `${words("nav.start")} · ${words("brand")}`;
  }, [words]);
  const done = found.data ? doneSteps(me, found.data) : null;
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.start")}</h1>
        <span className={page.faint}>{me.organisation}</span>
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {found.isPending ? <Bones lines={8} /> : null}
        {found.data && done ? <Steps me={me} found={found.data} done={done} go={go} /> : null}
      </div>
    </div>
  );
}

function Steps({ me, found, done, go }: StartProps & { found: FirstSteps; done: Record<Step, boolean> }) {
  const words = useWords();
  const openAccount = useContext(AccountDoor);
  const all = Object.values(done).every(Boolean);
  return (
    <ol className={css.steps}>
      <OneStep step="factor" done={done.factor} open>
        <Button type="primary" onClick={openAccount}>
          {words("start.factor.do")}
        </Button>
      </OneStep>
      <OneStep step="shop" done={done.shop} open={done.factor}>
        <FirstShop go={go} />
      </OneStep>
      <OneStep step="people" done={done.people} open={done.factor && may(me, "person:write")}>
        {found.invited > 0 ? <p>{words("start.people.invited", { n: found.invited })}</p> : null}
        <FirstAgent />
      </OneStep>
      <OneStep step="message" done={done.message} open={done.shop}>
        <FirstMessage done={done} go={go} />
      </OneStep>
      {all ? (
        <li className={css.over}>
          <strong>{words("start.over")}</strong>
          <Button onClick={() => go("/wall")}>{words("start.over.wall")}</Button>
        </li>
      ) : null}
    </ol>
  );
}

interface StepProps {
  step: Step;
  done: boolean;
  /** Whether what stands before it is done. */
  open: boolean;
  children: ReactNode;
}

function OneStep({ step, done, open, children }: StepProps) {
  const words = useWords();
  return (
    <li className={css.step} data-done={done || undefined} data-waits={(!done && !open) || undefined}>
      <div>
        <h2>
          {words(`start.${step}`)} {done ? <Chip tone="good">{words("start.done")}</Chip> : null}
        </h2>
        <p className={page.faint}>{words(`start.${step}.why`)}</p>
        {!done && open ? <div className={css.acts}>{children}</div> : null}
      </div>
    </li>
  );
}

function FirstShop({ go }: { go: (path: string) => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [first, setFirst] = useState<{ platform: string; later: boolean } | null>(null);
  const opened = () => {
    void client.invalidateQueries({ queryKey: FIRST_STEPS });
    if (first?.later) go("/imports");
  };
  return (
    <>
      <Button type="primary" onClick={() => setFirst({ platform: "jd", later: false })}>
        {words("start.shop.jd")}
      </Button>
      <Button onClick={() => setFirst({ platform: "widget", later: false })}>{words("start.shop.widget")}</Button>
      <Button onClick={() => setFirst({ platform: "jd", later: true })}>{words("start.shop.file")}</Button>
      {first ? <ConnectDialog first={first} close={() => setFirst(null)} open={opened} /> : null}
    </>
  );
}

function FirstAgent() {
  const words = useWords();
  const client = useQueryClient();
  const [inviting, setInviting] = useState(false);
  const roll = useQuery({ queryKey: PEOPLE, queryFn: calls.people, staleTime: 0 });
  const close = () => {
    setInviting(false);
    void client.invalidateQueries({ queryKey: FIRST_STEPS });
  };
  return (
    <>
      <Button type="primary" disabled={!roll.data} onClick={() => setInviting(true)}>
        {words("start.people.do")}
      </Button>
      {roll.error ? <TroubleNote trouble={asTrouble(roll.error)} retry={() => void roll.refetch()} /> : null}
      {inviting && roll.data ? <InviteDialog roll={roll.data} first={AGENT} close={close} /> : null}
    </>
  );
}

/** How a first customer comes, by what is connected: a page of one's own, or a platform. */
function FirstMessage({ done, go }: { done: Record<Step, boolean>; go: (path: string) => void }) {
  const words = useWords();
  const shops = useQuery({ queryKey: SHOPS, queryFn: calls.connections, staleTime: 0, refetchInterval: EVERY_MS * 3 });
  const own = (shops.data ?? []).filter((one) => one.own);
  const site = own.find((one) => one.settings.site)?.settings.site;
  return (
    <div className={css.message}>
      {done.people ? null : <p>{words("start.message.nobody")}</p>}
      {site ? <Snippet site={site} /> : null}
      {own.some(isPlatform) ? <p>{words("start.message.platform")}</p> : null}
      {own.some((one) => one.state === "closed") ? (
        <p>
          {words("start.message.file")} <Button onClick={() => go("/imports")}>{words("nav.imports")}</Button>
        </p>
      ) : null}
      <p role="status" className={page.faint}>
        {words("start.message.waits")}
      </p>
    </div>
  );
}

function isPlatform(shop: ConnectionShape): boolean {
  return shop.state === "open" && !shop.settings.site;
}
