/** One session by its address, as files that left the house name it: read, not answered. */

import { useEffect } from "react";
import { useWords } from "../../i18n";
import page from "../../pieces/page.module.css";
import { Chip } from "../../pieces/small";
import { ReadOnlyChat } from "../wall/ReadOnlyChat";

export default function SessionPage({ id }: { id: string }) {
  const words = useWords();
  useEffect(() => {
    document.title = `${words("session.one")} · ${words("brand")}`;
  }, [words]);
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("session.one")}</h1>
        <Chip>{words("chat.readonly")}</Chip>
      </header>
      <div className={page.body}>
        <ReadOnlyChat id={id} played />
      </div>
    </div>
  );
}
