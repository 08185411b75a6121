/** The code that puts the widget on a shop's own page, and a button that copies it. */

import { App, Button } from "antd";
import { useWords } from "../../i18n";
import { copyText } from "../../pieces/copy";
import page from "../../pieces/page.module.css";
import css from "./shops.module.css";

export function Snippet({ site }: { site: string }) {
  const words = useWords();
  const { message: toast } = App.useApp();
  const code = `<script src="${window.location.origin}/widget.js" data-site="${site}" async></script>`;
  const copy = async () => {
    if (await copyText(code)) void toast.success(words("shops.snippet.copied"));
    else void toast.warning(words("shops.snippet.by.hand"));
  };
  return (
    <>
      <pre className={css.snippet} tabIndex={0} aria-label={words("shops.snippet")}>
        {code}
      </pre>
      <p className={page.faint}>{words("shops.snippet.why")}</p>
      <Button size="small" onClick={() => void copy()}>
        {words("shops.snippet.copy")}
      </Button>
    </>
  );
}
