/** An id as people meet it: its end, which marks and other screens show too; the whole of it at the press of a button. */

import { Button } from "antd";
import { useState } from "react";
import { useWords } from "../i18n";
import { copyText } from "./copy";
import page from "./page.module.css";

const TAIL = 6;

export function tailOf(id: string): string {
  return `…${id.slice(-TAIL)}`;
}

export function Id({ id }: { id: string }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  if (!id) return null;
  return (
    <span className={page.id}>
      <span className={page.mono} title={id}>
        {tailOf(id)}
      </span>
      <Button
        size="small"
        type="text"
        aria-label={words("ui.copy.id", { tail: id.slice(-TAIL) })}
        onClick={() => void copyText(id).then(setCopied)}
      >
        {words(copied ? "ui.copied" : "ui.copy")}
      </Button>
    </span>
  );
}
