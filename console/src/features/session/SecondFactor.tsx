/** Set an authenticator up, see its recovery codes once, take it away. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { EnrolmentShape, Me } from "../../api/types";
import { useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { useShownOnce } from "../../pieces/once";
import { TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./account.module.css";
import { ME } from "./SessionGate";
import { CodeField } from "./SignInPage";
import { useStepUp } from "./useStepUp";

type Step = "rest" | "password" | "remove";

export function SecondFactor({ me }: { me: Me }) {
  const words = useWords();
  const [step, setStep] = useState<Step>("rest");
  const [codes, setCodes] = useState<string[] | null>(null);
  const { setUp, needed, recoveryCodes } = me.secondFactor;
  if (codes) return <Codes codes={codes} done={() => setCodes(null)} />;
  if (step === "password") return <SetUp done={setCodes} close={() => setStep("rest")} />;
  if (step === "remove") return <Remove close={() => setStep("rest")} />;
  return (
    <>
      <p className={css.line}>{setUp ? words("mine.factor.on", { n: recoveryCodes }) : words("mine.factor.off")}</p>
      {needed && !setUp ? <p className={css.note}>{words("mine.factor.needed")}</p> : null}
      {setUp ? (
        <div className={css.row}>
          <Renew done={setCodes} />
          <Button size="small" onClick={() => setStep("remove")}>
            {words("mine.factor.remove")}
          </Button>
        </div>
      ) : (
        <Button type="primary" size="small" onClick={() => setStep("password")}>
          {words("mine.factor.setup")}
        </Button>
      )}
    </>
  );
}

function SetUp({ done, close }: { done: (codes: string[]) => void; close: () => void }) {
  const words = useWords();
  const [password, setPassword] = useState("");
  const begin = useMutation({ mutationFn: calls.beginTotp });
  if (begin.data) return <Confirm enrolment={begin.data} done={done} close={close} />;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (password) begin.mutate(password);
      }}
    >
      <label>
        {words("mine.factor.password")}
        <Input.Password
          autoFocus
          autoComplete="current-password"
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {begin.error ? <TroubleNote trouble={asTrouble(begin.error)} /> : null}
      <Buttons word={words("mine.factor.next")} busy={begin.isPending} close={close} />
    </form>
  );
}

interface ConfirmProps {
  enrolment: EnrolmentShape;
  done: (codes: string[]) => void;
  close: () => void;
}

function Confirm({ enrolment, done, close }: ConfirmProps) {
  const words = useWords();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: calls.confirmTotp,
    onSuccess: (shown) => {
      done(shown.codes);
      close();
      void client.invalidateQueries({ queryKey: ME });
      void client.invalidateQueries({ queryKey: ["account", "changes"] });
    },
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) confirm.mutate(code);
      }}
    >
      <p className={css.line}>{words("mine.factor.scan")}</p>
      <img className={css.qr} alt={words("mine.factor.qr")} src={enrolment.qr} />
      <p className={css.line}>
        {words("mine.factor.type")} <code className={css.secret}>{spaced(enrolment.secret)}</code>
      </p>
      <CodeField first code={code} setCode={setCode} />
      {confirm.error ? <TroubleNote trouble={asTrouble(confirm.error)} /> : null}
      <Buttons word={words("mine.factor.confirm")} busy={confirm.isPending} close={close} />
    </form>
  );
}

function Remove({ close }: { close: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const remove = useMutation({
    mutationFn: calls.removeTotp,
    onSuccess: (me) => {
      client.setQueryData(ME, me);
      close();
    },
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) remove.mutate(code);
      }}
    >
      <p className={css.line}>{words("mine.factor.remove.why")}</p>
      <CodeField code={code} setCode={setCode} />
      {remove.error ? <TroubleNote trouble={asTrouble(remove.error)} /> : null}
      <Buttons word={words("mine.factor.remove")} busy={remove.isPending} close={close} />
    </form>
  );
}

function Renew({ done }: { done: (codes: string[]) => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [withStepUp, dialog] = useStepUp();
  const renew = useMutation({
    mutationFn: () => withStepUp(calls.renewCodes),
    onSuccess: (shown) => {
      done(shown.codes);
      void client.invalidateQueries({ queryKey: ME });
      void client.invalidateQueries({ queryKey: ["account", "changes"] });
    },
  });
  return (
    <>
      <Button size="small" loading={renew.isPending} onClick={() => renew.mutate()}>
        {words("mine.codes.renew")}
      </Button>
      {dialog}
    </>
  );
}

function Codes({ codes, done }: { codes: string[]; done: () => void }) {
  const words = useWords();
  useShownOnce();
  const { message } = App.useApp();
  const copy = () =>
    void copyText(codes.join("\n")).then((copied) => (copied ? message.success(words("mine.codes.copied")) : undefined));
  return (
    <>
      <p className={css.note}>{words("mine.codes.why")}</p>
      <ol className={css.codes} aria-label={words("mine.codes")}>
        {codes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ol>
      <div className={css.row}>
        <Button size="small" onClick={copy}>
          {words("mine.codes.copy")}
        </Button>
        <Button size="small" type="primary" onClick={done}>
          {words("mine.codes.kept")}
        </Button>
      </div>
    </>
  );
}

function Buttons({ word, busy, close }: { word: string; busy: boolean; close: () => void }) {
  const words = useWords();
  return (
    <div className={css.row}>
      <Button size="small" onClick={close}>
        {words("ui.cancel")}
      </Button>
      <Button size="small" type="primary" htmlType="submit" loading={busy}>
        {word}
      </Button>
    </div>
  );
}

function spaced(secret: string): string {
  return secret.replace(/(.{4})/g, "$1 ").trim();
}
