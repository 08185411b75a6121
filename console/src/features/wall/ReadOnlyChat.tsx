/** A conversation as it was, to be read and not answered. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import type { Trouble } from "../../api/http";
import { calls } from "../../api/calls";
import { useWords } from "../../i18n";
import { Attribution } from "../../pieces/chat/Attribution";
import { Transcript } from "../../pieces/chat/Transcript";
import { Bones, TroubleNote } from "../../pieces/states";
import { oldestVersion, takeDetail, takeEarlier, type Chat as Held } from "../../sync/chat";
import { asTrouble } from "../../sync/runtime";
import { Replay } from "../sessions/Replay";
import css from "./drawer.module.css";

/** The words, or the time line that plays them; `played` says with which it begins. */
export function ReadOnlyChat({ id, played = false }: { id: string; played?: boolean }) {
  const words = useWords();
  const [way, setWay] = useState(played ? "line" : "chat");
  return (
    <div className={css.readOnly}>
      <div className={css.ways}>
        <Segmented
          size="small"
          value={way}
          options={[
            { value: "chat", label: words("replay.chat") },
            { value: "line", label: words("replay.title") },
          ]}
          onChange={setWay}
        />
      </div>
      {way === "line" ? <Replay id={id} /> : <Chat id={id} />}
    </div>
  );
}

function Chat({ id }: { id: string }) {
  const client = useQueryClient();
  const [earlier, setEarlier] = useState<Trouble | "loading" | undefined>(undefined);
  const key = ["read-only", id];
  const chat = useQuery({ queryKey: key, queryFn: async () => takeDetail(undefined, await calls.open(id)) });
  if (chat.isPending) return <Bones lines={8} />;
  if (!chat.data) return <TroubleNote trouble={asTrouble(chat.error)} retry={() => void chat.refetch()} />;
  const held = chat.data;
  const loadEarlier = () => {
    if (earlier === "loading") return;
    setEarlier("loading");
    calls.earlier(id, oldestVersion(held)).then(
      (page) => {
        client.setQueryData<Held>(key, (now) => takeEarlier(now ?? held, page));
        setEarlier(undefined);
      },
      (error: unknown) => setEarlier(asTrouble(error)),
    );
  };
  return (
    <>
      <Attribution id={id} moved="" />
      <Transcript
        messages={held.messages}
        earlier={held.earlier}
        loadingEarlier={earlier}
        loadEarlier={loadEarlier}
      />
    </>
  );
}
