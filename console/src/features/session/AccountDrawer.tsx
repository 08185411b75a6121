/** One's own account: second factor, devices, password, tokens. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Input } from "antd";
import { useState, type ReactNode } from "react";
import { calls } from "../../api/calls";
import type { Me } from "../../api/types";
import { codeWord, useLanguage, useWords } from "../../i18n";
import { tailOf } from "../../pieces/id";
import { useNow } from "../../pieces/now";
import { useAskBefore } from "../../pieces/once";
import { Chip } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { dayTime } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./account.module.css";
import { SecondFactor } from "./SecondFactor";
import { ME, useLeave } from "./SessionGate";
import { Tokens } from "./Tokens";

export function AccountDrawer({ me, close }: { me: Me; close: () => void }) {
  const words = useWords();
  const language = useLanguage();
  const [leave, Asking] = useAskBefore(close);
  return (
    <Drawer
      open
      size={420}
      title={`${words("mine.mine")} · ${me.name}`}
      extra={
        <Button type="text" size="small" className={css.language ?? ""} onClick={language.toggle}>
          {words("session.language")}
        </Button>
      }
      onClose={leave}
      destroyOnHidden
    >
      <Section title={words("mine.factor")}>
        <Asking>
          <SecondFactor me={me} />
        </Asking>
      </Section>
      <Section title={words("mine.sessions")}>
        <Devices />
      </Section>
      <Section title={words("mine.changes")}>
        <Changes />
      </Section>
      <Section title={words("mine.password")}>
        <Password />
      </Section>
      <Section title={words("mine.tokens")}>
        <Tokens me={me} />
      </Section>
    </Drawer>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const SESSIONS = ["account", "sessions"];

function Devices() {
  const words = useWords();
  const client = useQueryClient();
  const leave = useLeave();
  const now = useNow();
  const sessions = useQuery({ queryKey: SESSIONS, queryFn: calls.sessions, staleTime: 0 });
  const end = useMutation({
    mutationFn: calls.endSession,
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
  const everywhere = useMutation({ mutationFn: calls.signOutEverywhere, onSuccess: leave });
  if (sessions.isPending) return <Bones lines={2} />;
  if (sessions.error) return <TroubleNote trouble={asTrouble(sessions.error)} retry={() => void sessions.refetch()} />;
  return (
    <>
      <ul className={css.list}>
        {sessions.data.map((one) => (
          <li key={one.id}>
            <span className={css.what}>
              <b>{one.device || words("mine.session.unknown")}</b>
              <small>
                {words("mine.session.since", { time: dayTime(words, one.createdAt, now), tail: tailOf(one.id) })} ·{" "}
                {words("mine.session.seen", { time: dayTime(words, one.seenAt, now) })}
              </small>
            </span>
            {one.current ? (
              <Chip tone="accent">{words("mine.session.here")}</Chip>
            ) : (
              <Button size="small" loading={end.isPending && end.variables === one.id} onClick={() => end.mutate(one.id)}>
                {words("mine.session.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {everywhere.error ? <TroubleNote trouble={asTrouble(everywhere.error)} /> : null}
      <Button size="small" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
        {words("mine.session.all")}
      </Button>
    </>
  );
}

/** What was done to this account: whoever can look after it cannot do so unseen. */
function Changes() {
  const words = useWords();
  const now = useNow();
  const found = useQuery({ queryKey: ["account", "changes"], queryFn: calls.accountChanges, staleTime: 0 });
  if (found.isPending) return <Bones lines={2} />;
  if (found.error) return <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} />;
  if (found.data.length === 0) return <p className={css.line}>{words("mine.changes.none")}</p>;
  return (
    <ul className={css.list}>
      {found.data.map((one, place) => (
        <li key={place}>
          <span className={css.what}>
            <b>{codeWord(words, "action", one.action)}</b>
            <small>
              {one.by?.name ?? words("mine.changes.system")} · {dayTime(words, one.at, now)}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Password() {
  const words = useWords();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useMutation({
    mutationFn: calls.changePassword,
    onSuccess: (me) => {
      setOld("");
      setFresh("");
      client.setQueryData(ME, me);
      void client.invalidateQueries({ queryKey: SESSIONS });
      void message.success(words("mine.password.done"));
    },
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (old && fresh) change.mutate({ old, new: fresh });
      }}
    >
      <label>
        {words("mine.password.old")}
        <Input.Password
          autoComplete="current-password"
          maxLength={256}
          value={old}
          onChange={(event) => setOld(event.target.value)}
        />
      </label>
      <label>
        {words("mine.password.new")}
        <Input.Password
          autoComplete="new-password"
          maxLength={256}
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
        />
        <small>{words("welcome.hint")}</small>
      </label>
      {change.error ? <TroubleNote trouble={asTrouble(change.error)} /> : null}
      <Button htmlType="submit" size="small" loading={change.isPending} disabled={!old || !fresh}>
        {words("mine.password.save")}
      </Button>
    </form>
  );
}
