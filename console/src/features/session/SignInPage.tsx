/** Sign-in: two fields, errors in words. */

import { Button, Input, type InputRef } from "antd";
import { useRef, useState, type FormEvent } from "react";
import { calls } from "../../api/calls";
import type { Trouble } from "../../api/http";
import type { Me } from "../../api/types";
import { useTheme } from "../../design/theme";
import { useLanguage, useWords } from "../../i18n";
import { MarkIcon, MoonIcon, SunIcon } from "../../pieces/icons";
import { TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./session.module.css";

export function SignInPage({ ended, entered }: { ended: boolean; entered: (me: Me) => void }) {
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
        <p className={css.sub}>{words("brand.line")}</p>
        {ended ? <p className={css.ended}>{words("session.ended")}</p> : null}
        <SignInForm entered={entered} />
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

function SignInForm({ entered }: { entered: (me: Me) => void }) {
  const words = useWords();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const passwordField = useRef<InputRef>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(!login.trim() || !password);
    if (!login.trim() || !password || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      entered(await calls.signIn({ code: "", login: login.trim(), password }));
    } catch (error) {
      setTrouble(asTrouble(error));
      setBusy(false);
      passwordField.current?.focus({ cursor: "all" });
    }
  }

  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
      <label>
        {words("session.login")}
        <Input
          size="large"
          autoFocus
          autoComplete="username"
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </label>
      <label>
        {words("session.password")}
        <Input.Password
          ref={passwordField}
          size="large"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {missing ? (
        <p className={css.missing} role="alert">
          {words("session.missing")}
        </p>
      ) : null}
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      <Button type="primary" size="large" htmlType="submit" block loading={busy}>
        {words("session.submit")}
      </Button>
    </form>
  );
}
