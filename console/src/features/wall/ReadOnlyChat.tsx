/** A conversation as it was, to be read and not answered. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Trouble } from "../../api/http";
import { calls } from "../../api/calls";
import { Attribution } from "../../pieces/chat/Attribution";
import { Transcript } from "../../pieces/chat/Transcript";
import { Bones, TroubleNote } from "../../pieces/states";
import { oldestVersion, takeDetail, takeEarlier, type Chat } from "../../sync/chat";
import { asTrouble } from "../../sync/runtime";
import css from "./drawer.module.css";

export function ReadOnlyChat({ id }: { id: string }) {
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
        client.setQueryData<Chat>(key, (now) => takeEarlier(now ?? held, page));
        setEarlier(undefined);
      },
      (error: unknown) => setEarlier(asTrouble(error)),
    );
  };
  return (
    <div className={css.readOnly}>
      <Attribution id={id} moved="" />
      <Transcript
        messages={held.messages}
        earlier={held.earlier}
        loadingEarlier={earlier}
        loadEarlier={loadEarlier}
      />
    </div>
  );
}
