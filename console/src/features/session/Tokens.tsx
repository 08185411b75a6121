/** API tokens: keys for programs, shown once. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Me } from "../../api/types";
import { codeWord, hasWord, useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { useNow } from "../../pieces/now";
import { Bones, TroubleNote } from "../../pieces/states";
import { dayOf, dayTime } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./account.module.css";
import { useStepUp } from "./useStepUp";

const TOKENS = ["account", "tokens"];

/** High enough for every scope: nobody scrolls for what they may give. */
const SCOPES_PX = 480;

export function Tokens({ me }: { me: Me }) {
  const words = useWords();
  const client = useQueryClient();
  const now = useNow();
  const [making, setMaking] = useState(false);
  const tokens = useQuery({ queryKey: TOKENS, queryFn: calls.tokens, staleTime: 0 });
  const revoke = useMutation({
    mutationFn: calls.revokeToken,
    onSettled: () => client.invalidateQueries({ queryKey: TOKENS }),
  });
  if (tokens.isPending) return <Bones lines={2} />;
  if (tokens.error) return <TroubleNote trouble={asTrouble(tokens.error)} retry={() => void tokens.refetch()} />;
  return (
    <>
      <p className={css.line}>{tokens.data.length ? words("mine.tokens.why") : words("mine.tokens.none")}</p>
      <ul className={css.list}>
        {tokens.data.map((one) => (
          <li key={one.id}>
            <span className={css.what}>
              <b>{one.name}</b>
              <small>
                {one.scopes.map((scope) => codeWord(words, "scope", scope)).join("、")} ·{" "}
                {words("mine.token.until", { day: dayOf(one.expiresAt) })} ·{" "}
                {one.usedAt ? words("mine.token.used", { time: dayTime(words, one.usedAt, now) }) : words("mine.token.unused")}
              </small>
            </span>
            <Button
              size="small"
              loading={revoke.isPending && revoke.variables === one.id}
              onClick={() => revoke.mutate(one.id)}
            >
              {words("mine.token.revoke")}
            </Button>
          </li>
        ))}
      </ul>
      {making ? (
        <Make me={me} close={() => setMaking(false)} />
      ) : (
        <Button size="small" onClick={() => setMaking(true)}>
          {words("mine.token.make")}
        </Button>
      )}
    </>
  );
}

function Make({ me, close }: { me: Me; close: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState(90);
  const [withStepUp, dialog] = useStepUp();
  const make = useMutation({
    mutationFn: () => withStepUp(() => calls.makeToken({ name: name.trim(), scopes, days })),
    onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }),
  });
  if (make.data) return <Made token={make.data.token} close={close} />;
  const ready = name.trim() !== "" && scopes.length > 0;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) make.mutate();
      }}
    >
      <label>
        {words("mine.token.name")}
        <Input autoFocus maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        {words("mine.token.scopes")}
        <Select
          mode="multiple"
          optionFilterProp="label"
          listHeight={SCOPES_PX}
          value={scopes}
          onChange={setScopes}
          options={me.may
            .filter((right) => hasWord("scope", right))
            .map((right) => ({ value: right, label: codeWord(words, "scope", right) }))}
        />
      </label>
      <label>
        {words("mine.token.days")}
        <InputNumber min={1} max={365} value={days} onChange={(value) => setDays(value ?? 90)} />
      </label>
      {make.error ? <TroubleNote trouble={asTrouble(make.error)} /> : null}
      <div className={css.row}>
        <Button size="small" onClick={close}>
          {words("ui.cancel")}
        </Button>
        <Button size="small" type="primary" htmlType="submit" disabled={!ready} loading={make.isPending}>
          {words("mine.token.make")}
        </Button>
      </div>
      {dialog}
    </form>
  );
}

function Made({ token, close }: { token: string; close: () => void }) {
  const words = useWords();
  return (
    <>
      <p className={css.note}>{words("mine.token.shown")}</p>
      <code className={css.secret}>{token}</code>
      <div className={css.row}>
        <Button size="small" onClick={() => void copyText(token)}>
          {words("mine.codes.copy")}
        </Button>
        <Button size="small" type="primary" onClick={close}>
          {words("mine.codes.kept")}
        </Button>
      </div>
    </>
  );
}
