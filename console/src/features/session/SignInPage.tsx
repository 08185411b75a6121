/** Sign-in: login and password, then a code where one is set up; or somebody else's word. Errors in words. */

import { useQuery } from "@tanstack/react-query";
import { Button, Input, type InputRef } from "antd";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { calls } from "../../api/calls";
import { Trouble } from "../../api/http";
import type { Me } from "../../api/types";
import { useTheme } from "../../design/theme";
import { codeWord, useLanguage, useWords } from "../../i18n";
import { MarkIcon, MoonIcon, SunIcon } from "../../pieces/icons";
import { TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./session.module.css";

export function SignInPage({ ended, entered }: { ended: string | null; entered: (me: Me) => void }) {
  const words = useWords();
  const refused = new URLSearchParams(location.search).get("refused");
  return (
    <Threshold sub={words("brand.line")}>
      {ended === null ? null : <p className={css.ended}>{codeWord(words, "ended", ended)}</p>}
      {refused === null ? null : <p className={css.ended}>{codeWord(words, "trouble", refused)}</p>}
      <SignInForm entered={entered} />
      <ProviderButton />
    </Threshold>
  );
}

/** The frame of every page before the door: name, a line below it, language and theme. */
export function Threshold({ sub, children }: { sub: string; children: ReactNode }) {
  const words = useWords();
  const language = useLanguage();
  const theme = useTheme();
  return (
    <main className={css.page}>
      <div className={css.box}>
        <h1>
          <MarkIcon size={26} />
          {words("brand")}
        </h1>
        <p className={css.sub}>{sub}</p>
        {children}
        <div className={css.choices}>
          <Button type="text" size="small" onClick={language.toggle}>
            {words("session.language")}
          </Button>
          <Button
            type="text"
            size="small"
            icon={theme.mode === "dark" ? <SunIcon /> : <MoonIcon />}
            onClick={theme.toggle}
          >
            {words(theme.mode === "dark" ? "session.light" : "session.dark")}
          </Button>
        </div>
      </div>
    </main>
  );
}

function ProviderButton() {
  const words = useWords();
  const door = useQuery({ queryKey: ["door"], queryFn: calls.provider, staleTime: Infinity });
  if (!door.data?.provider) return null;
  return (
    <Button block size="large" className={css.provider ?? ""} href="/api/oidc/start">
      {words("session.provider", { name: door.data.provider })}
    </Button>
  );
}

function SignInForm({ entered }: { entered: (me: Me) => void }) {
  const words = useWords();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const field = useRef<InputRef>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(!login.trim() || !password);
    if (!login.trim() || !password || busy || code === "") return;
    setBusy(true);
    setTrouble(null);
    try {
      entered(await calls.signIn({ login: login.trim(), password, code: code ?? "" }));
    } catch (error) {
      setBusy(false);
      if (error instanceof Trouble && error.code === "code_needed") return setCode("");
      setTrouble(asTrouble(error));
      field.current?.focus({ cursor: "all" });
    }
  }

  function startOver() {
    setCode(null);
    setPassword("");
    setTrouble(null);
  }

  const loginAndPassword = (
    <>
      <label>
        {words("session.login")}
        <Input
          size="large"
          autoFocus
          autoComplete="username"
          maxLength={120}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </label>
      <label>
        {words("session.password")}
        <Input.Password
          ref={field}
          size="large"
          autoComplete="current-password"
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
    </>
  );
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
      {code === null ? loginAndPassword : <CodeField ref={field} code={code} setCode={setCode} />}
      {missing ? <p className={css.missing}>{words("session.missing")}</p> : null}
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      <Button type="primary" size="large" htmlType="submit" loading={busy} block>
        {words(code === null ? "session.submit" : "session.code.submit")}
      </Button>
      {code === null ? null : (
        <Button type="text" size="small" onClick={startOver}>
          {words("session.again")}
        </Button>
      )}
    </form>
  );
}

interface CodeFieldProps {
  code: string;
  setCode: (code: string) => void;
  ref?: React.Ref<InputRef>;
  /** While the first one is being set up there are no recovery codes yet. */
  first?: boolean;
}

/** Where a code of the second factor goes: the telephone's, or a recovery code. */
export function CodeField({ code, setCode, ref, first = false }: CodeFieldProps) {
  const words = useWords();
  return (
    <label>
      {words("session.code")}
      <Input
        ref={ref ?? null}
        size="large"
        autoFocus
        inputMode="text"
        autoComplete="one-time-code"
        maxLength={40}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <small>{words(first ? "session.code.first" : "session.code.hint")}</small>
    </label>
  );
}
