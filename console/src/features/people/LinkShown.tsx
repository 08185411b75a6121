/** A one-time link, shown this once: whoever sees it can set the password. */

import { App, Button } from "antd";
import type { Invited } from "../../api/types";
import { useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import { useShownOnce } from "../../pieces/once";
import page from "../../pieces/page.module.css";
import { stamp } from "../../pieces/time";
import css from "./people.module.css";

export function LinkShown({ name, link, close }: { name: string; link: Invited; close: () => void }) {
  const words = useWords();
  useShownOnce();
  const { message: toast } = App.useApp();
  const address = `${location.origin}${link.path}`;
  const copy = async () => {
    if (await copyText(address)) void toast.success(words("people.link.copied"));
    else void toast.warning(words("people.link.byhand"));
  };
  return (
    <div className={css.link}>
      <p>{words("people.link.why", { name, time: stamp(link.expiresAt) })}</p>
      {link.waits ? <p className={css.alone}>{words("people.link.waits", { name })}</p> : null}
      <code className={`${css.address} ${page.mono}`} tabIndex={0} aria-label={words("people.link")}>
        {address}
      </code>
      <div className={page.acts}>
        <Button type="primary" autoFocus onClick={() => void copy()}>
          {words("people.link.copy")}
        </Button>
        <Button onClick={close}>{words("people.link.done")}</Button>
      </div>
    </div>
  );
}
