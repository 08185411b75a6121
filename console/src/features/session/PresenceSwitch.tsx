/** One's own state, with how much is at hand and how much fits. Key S opens it. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { Me } from "../../api/types";
import { useSnapshot } from "../../app/live";
import { codeWord, useWords } from "../../i18n";
import { onKeys } from "../../pieces/keyboard";
import { Key } from "../../pieces/small";
import { troubleWords } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import css from "./session.module.css";
import { ME } from "./SessionGate";

const STATES = ["online", "busy", "rest", "training", "offline"];

export function PresenceSwitch({ me }: { me: Me }) {
  const words = useWords();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const mine = useSnapshot((snapshot) => snapshot.desk.lines.counts.mine);
  const load = mine ?? me.load ?? 0;
  const change = useMutation({
    mutationFn: calls.setPresence,
    onSuccess: (who) => client.setQueryData(ME, who),
    onError: (error) => {
      const { title, detail } = troubleWords(words, asTrouble(error));
      void message.error([title, detail].filter(Boolean).join(" · "));
    },
  });
  useEffect(() => onKeys({ s: () => setOpen(true) }), []);
  const presence = me.presence ?? "";
  return (
    <Dropdown
      open={open}
      onOpenChange={setOpen}
      trigger={["click"]}
      autoFocus
      menu={{
        selectedKeys: [presence],
        items: STATES.map((state) => ({
          key: state,
          icon: (
            <span>
              <i className={css.dot} data-presence={state} style={{ display: "inline-block" }} />
            </span>
          ),
          label: codeWord(words, "presence", state),
        })),
        onClick: ({ key }) => change.mutate(key),
      }}
    >
      <Button
        size="small"
        loading={change.isPending}
        aria-label={`${words("presence.label")}: ${codeWord(words, "presence", presence)}`}
      >
        <span className={css.presence}>
          <i className={css.dot} data-presence={presence} />
          {codeWord(words, "presence", presence)}
          {me.capacity === null ? null : (
            <span
              className={css.load}
              title={words("presence.load.why", { load, capacity: me.capacity })}
            >
              {words("presence.load", { load, capacity: me.capacity })}
            </span>
          )}
          <Key>S</Key>
        </span>
      </Button>
    </Dropdown>
  );
}
