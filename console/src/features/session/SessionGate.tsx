/** Lets the console through once somebody is signed in; shows the sign-in otherwise. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { calls } from "../../api/calls";
import { believe, Trouble, whenSignedOut } from "../../api/http";
import type { Me } from "../../api/types";
import { Bones, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import { forgetDrafts } from "../desk/drafts";
import { SignInPage } from "./SignInPage";
import { WelcomePage } from "./WelcomePage";

export const ME = ["me"];

export function SessionGate({ children }: { children: (me: Me) => ReactNode }) {
  const client = useQueryClient();
  const [ended, setEnded] = useState<string | null>(null);
  const [invited, setInvited] = useState(() => location.pathname === "/welcome");
  const me = useQuery({ queryKey: ME, queryFn: readMe, staleTime: Infinity });
  useEffect(() => {
    whenSignedOut((why) => {
      if (client.getQueryData(ME)) setEnded(why);
      client.setQueryData(ME, null);
    });
  }, [client]);
  const enter = (who: Me) => {
    setEnded(null);
    setInvited(false);
    // The address may hold a link's token or a refusal: neither is to stay in the history.
    if (invited || location.pathname === "/sign-in") history.replaceState(null, "", "/");
    believe(who.id);
    client.setQueryData(ME, who);
  };
  if (invited) return <WelcomePage entered={enter} />;
  if (me.isPending) return <Bones lines={4} />;
  if (me.error) return <TroubleNote trouble={asTrouble(me.error)} retry={() => void me.refetch()} />;
  if (me.data === null) {
    believe("");
    return <SignInPage ended={ended} entered={enter} />;
  }
  return children(me.data);
}

/** Forget what this browser holds for whoever was signed in: the server has ended the session. */
export function useLeave(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const who = client.getQueryData<Me | null>(ME);
    if (who) forgetDrafts(who.id);
    client.setQueryData(ME, null);
    // All but the answer that the gate is looking at: removed, it would look at nothing from then on.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
  }, [client]);
}

export function useSignOut(): () => void {
  const client = useQueryClient();
  const leave = useLeave();
  return useCallback(() => {
    void calls.signOut().then(leave, () => client.invalidateQueries({ queryKey: ME }));
  }, [client, leave]);
}

async function readMe(): Promise<Me | null> {
  try {
    const who = await calls.me();
    believe(who.id);
    return who;
  } catch (error) {
    if (error instanceof Trouble && error.status === 401) return null;
    throw error;
  }
}
