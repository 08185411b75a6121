/** Over the messages: who, where, since when, and what can be done with the whole conversation. */

import { Button } from "antd";
import { useState } from "react";
import type { ConversationShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { BackIcon, PanelIcon } from "../../pieces/icons";
import { Chip, Key } from "../../pieces/small";
import { dayTime } from "../../pieces/time";
import { CloseDialog } from "./CloseDialog";
import { Marks, Outside, skillWord, Tier, Waiting } from "./ConversationRow";
import css from "./desk.module.css";
import { ReadAge } from "./ReadAge";
import { TransferDialog } from "./TransferDialog";
import { useDeskKeys } from "./useDeskKeys";

interface HeaderProps {
  line: ConversationShape;
  mine: boolean;
  back: () => void;
  left: () => void;
  openSide: () => void;
}

export function ChatHeader({ line, mine, back, left, openSide }: HeaderProps) {
  const words = useWords();
  return (
    <header className={css.header}>
      <Button
        className={css.onlyPhone ?? ""}
        type="text"
        size="small"
        icon={<BackIcon />}
        aria-label={words("ui.back")}
        onClick={back}
      />
      <div className={css.title}>
        <h1>{line.customer}</h1>
        <Tier words={words} tier={line.shop.tier} />
        <Outside line={line} words={words} />
        {line.shop.tier === "read" ? <ReadAge shop={line.shop.id} /> : null}
        <Marks line={line} words={words} />
        {line.state === "human" && mine ? null : <Chip>{codeWord(words, "state", line.state)}</Chip>}
        {line.waitingSince ? <Waiting since={line.waitingSince} /> : null}
        <small>
          {[
            codeWord(words, "platform", line.shop.platform),
            line.shop.name,
            line.skill ? skillWord(words, line.skill) : "",
            words("chat.opened", { time: dayTime(words, line.openedAt) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </div>
      <div className={css.acts}>
        {mine ? <OwnActions line={line} left={left} /> : null}
        <Button
          className={css.onlyNarrow ?? ""}
          size="small"
          icon={<PanelIcon />}
          aria-label={words("act.more")}
          onClick={openSide}
        />
      </div>
    </header>
  );
}

function OwnActions({ line, left }: { line: ConversationShape; left: () => void }) {
  const words = useWords();
  const [dialog, setDialog] = useState<"transfer" | "close" | null>(null);
  const transfer = () => setDialog("transfer");
  const close = () => setDialog("close");
  useDeskKeys({ g: transfer, "alt+t": transfer, e: close, "alt+w": close });
  const done = () => {
    setDialog(null);
    left();
  };
  return (
    <>
      <Button size="small" onClick={transfer} title="Alt+T">
        <span className={css.withKey}>
          {words("act.transfer")} <Key>G</Key>
        </span>
      </Button>
      <Button size="small" onClick={close} title="Alt+W">
        <span className={css.withKey}>
          {words("act.close")} <Key>E</Key>
        </span>
      </Button>
      {dialog === "transfer" ? <TransferDialog line={line} done={done} cancel={() => setDialog(null)} /> : null}
      {dialog === "close" ? <CloseDialog line={line} done={done} cancel={() => setDialog(null)} /> : null}
    </>
  );
}
