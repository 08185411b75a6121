import { Button } from "antd";
import { useWords } from "../../i18n";
import { Key } from "../../pieces/small";
import css from "./desk.module.css";
import { useDeskKeys } from "./useDeskKeys";
import type { Take } from "./useTake";

/** Take the conversation over. Key T. */
export function TakeButton({ take }: { take: Take }) {
  const words = useWords();
  useDeskKeys({ t: take.run });
  return (
    <Button type="primary" loading={take.busy} onClick={take.run}>
      <span className={css.withKey}>
        {words("act.take")} <Key>T</Key>
      </span>
    </Button>
  );
}
