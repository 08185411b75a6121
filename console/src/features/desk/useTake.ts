/** Taking a conversation over; a refusal (taken, no capacity) is said in the server's words. */

import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { calls } from "../../api/calls";
import { useLive } from "../../app/live";
import { useWords } from "../../i18n";
import { troubleWords } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";

export interface Take {
  run: () => void;
  busy: boolean;
}

export function useTake(id: string, taken: () => void): Take {
  const words = useWords();
  const { runtime } = useLive();
  const { message } = App.useApp();
  const take = useMutation({
    mutationFn: () => calls.takeOver(id),
    onSuccess: (line) => {
      runtime.answered(line);
      taken();
    },
    onError: (error) => {
      const { title, detail } = troubleWords(words, asTrouble(error));
      void message.error([title, detail].filter(Boolean).join(" · "));
      void runtime.openChat(id);
    },
  });
  return { run: () => take.isPending || take.mutate(), busy: take.isPending };
}
