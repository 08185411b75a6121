/** What a one-time link opens: set a password, be signed in. The link's token stands behind the # and is sent to nobody. */

import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState, type FormEvent } from "react";
import { calls } from "../../api/calls";
import type { Trouble } from "../../api/http";
import type { LinkShape, Me } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { Bones, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./session.module.css";
import { Threshold } from "./SignInPage";

export function WelcomePage({ entered }: { entered: (me: Me) => void }) {
  const words = useWords();
  const [token] = useState(() => location.hash.slice(1));
  const link = useQuery({ queryKey: ["link", token], queryFn: () => calls.lookAtLink(token), retry: false });
  if (link.isPending) return <Bones lines={4} />;
  if (link.error) {
    return (
      <Threshold sub={words("brand.line")}>
        <TroubleNote trouble={asTrouble(link.error)} />
        <Button block href="/sign-in" className={css.provider ?? ""}>
          {words("welcome.signin")}
        </Button>
      </Threshold>
    );
  }
  return (
    <Threshold sub={words("welcome.for", { organisation: link.data.organisation, login: link.data.login })}>
      <h2 className={css.title}>
        {codeWord(words, "welcome.title", link.data.purpose).replace("{name}", link.data.name)}
      </h2>
      <PasswordForm token={token} link={link.data} entered={entered} />
    </Threshold>
  );
}

interface PasswordFormProps {
  token: string;
  link: LinkShape;
  entered: (me: Me) => void;
}

function PasswordForm({ token, link, entered }: PasswordFormProps) {
  const words = useWords();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [differ, setDiffer] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setDiffer(password !== again);
    setTrouble(null);
    if (password !== again || password === "" || busy) return;
    setBusy(true);
    try {
      entered(await calls.acceptLink(token, password));
    } catch (error) {
      setTrouble(asTrouble(error));
      setBusy(false);
    }
  }

  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
      <input type="text" autoComplete="username" value={link.login} readOnly hidden />
      <label>
        {words("welcome.password")}
        <Input.Password
          size="large"
          autoFocus
          autoComplete="new-password"
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <small>{words("welcome.hint")}</small>
      </label>
      <label>
        {words("welcome.again")}
        <Input.Password
          size="large"
          autoComplete="new-password"
          maxLength={256}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </label>
      {differ ? <p className={css.missing}>{words("welcome.differ")}</p> : null}
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      <Button type="primary" size="large" htmlType="submit" loading={busy} block>
        {words("welcome.submit")}
      </Button>
    </form>
  );
}
