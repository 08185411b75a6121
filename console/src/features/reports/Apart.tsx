/** Sessions that one side alone may count: why, how many, and the newest of them to open. */

import { Button, Drawer } from "antd";
import { useState } from "react";
import type { ApartShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { ReadOnlyChat } from "../wall/ReadOnlyChat";
import page from "../../pieces/page.module.css";
import css from "./reports.module.css";

const SHOWN = 10;

export function Apart({ apart }: { apart: readonly ApartShape[] }) {
  const words = useWords();
  const [opened, setOpened] = useState("");
  return (
    <details className={css.apart}>
      <summary>{words("apart.title", { n: apart.reduce((sum, one) => sum + one.number, 0) })}</summary>
      <ul>
        {apart.map((one) => (
          <li key={one.reason}>
            {codeWord(words, "apart", one.reason)} <b>{one.number}</b>
            <span className={page.chips}>
              {one.conversations.slice(0, SHOWN).map((id, place) => (
                <Button key={id} size="small" type="link" onClick={() => setOpened(id)}>
                  {words("apart.session", { n: place + 1 })}
                </Button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {opened === "" ? null : (
        <Drawer open size={560} title={words("wall.row.open")} onClose={() => setOpened("")} styles={{ wrapper: { maxWidth: "100vw" } }}>
          <ReadOnlyChat id={opened} />
        </Drawer>
      )}
    </details>
  );
}
