/** Lets the console through once somebody is signed in; shows the sign-in otherwise. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { calls } from "../../api/calls";
import { Trouble, whenSignedOut } from "../../api/http";
import type { Me } from "../../api/types";
import { Bones, TroubleNote } from "../../pieces/states";
import { asTrouble } from "../../sync/runtime";
import { forgetDrafts } from "../desk/drafts";
import { SignInPage } from "./SignInPage";

export const ME = ["me"];

export function SessionGate({ children }: { children: (me: Me) => ReactNode }) {
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  const me = useQuery({ queryKey: ME, queryFn: readMe, staleTime: Infinity });
  useEffect(() => {
    whenSignedOut(() => {
      if (client.getQueryData(ME)) setEnded(true);
      client.setQueryData(ME, null);
    });
  }, [client]);
  if (me.isPending) return <Bones lines={4} />;
  if (me.error) return <TroubleNote trouble={asTrouble(me.error)} retry={() => void me.refetch()} />;
  if (me.data === null) {
    return (
      <SignInPage
        ended={ended}
        entered={(who) => {
          setEnded(false);
          client.setQueryData(ME, who);
        }}
      />
    );
  }
  return children(me.data);
}

export function useSignOut(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const who = client.getQueryData<Me | null>(ME);
    void calls.signOut().then(
      () => {
        if (who) forgetDrafts(who.id);
        client.clear();
        client.setQueryData(ME, null);
      },
      () => client.invalidateQueries({ queryKey: ME }),
    );
  }, [client]);
}

async function readMe(): Promise<Me | null> {
  try {
    return await calls.me();
  } catch (error) {
    if (error instanceof Trouble && error.status === 401) return null;
    throw error;
  }
}
