/** Binds the sync modules to React: one runtime, one socket, one outbox for the person signed in. */

import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { calls } from "../api/calls";
import { believed } from "../api/http";
import type { Out } from "../sync/outbox";
import { Runtime, type Snapshot } from "../sync/runtime";
import { Sending } from "../sync/sending";
import { Wire, type SocketLike } from "../sync/wire";

interface Live {
  runtime: Runtime;
  sending: Sending;
  wire: Wire;
}

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({ me, children }: { me: string; children: ReactNode }) {
  const live = useMemo(() => buildLive(me), [me]);
  useEffect(() => {
    const { wire } = live;
    const back = () => wire.retryNow();
    const cut = () => wire.cut();
    const seen = () => document.visibilityState === "visible" && wire.retryNow();
    wire.open();
    window.addEventListener("online", back);
    window.addEventListener("offline", cut);
    document.addEventListener("visibilitychange", seen);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("offline", cut);
      document.removeEventListener("visibilitychange", seen);
      wire.close();
    };
  }, [live]);
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive outside of LiveProvider");
  return live;
}

/** A part of the snapshot. The part must be an unchanged object while nothing in it changed. */
export function useSnapshot<T>(pick: (snapshot: Snapshot) => T): T {
  const { runtime } = useLive();
  return useSyncExternalStore(runtime.listen, () => pick(runtime.read()));
}

export function useOuts(): readonly Out[] {
  const { sending } = useLive();
  return useSyncExternalStore(sending.listen, sending.read);
}

function buildLive(me: string): Live {
  const runtime = new Runtime(me, () => wire);
  const wire: Wire = new Wire({
    connect: openSocket,
    random: Math.random,
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (id) => window.clearTimeout(id),
    onFrame: (frame) => runtime.heard(frame),
    onState: (state) => runtime.wireSays(state),
    // A signed-out session shows as a socket that never opens: asking tells, and leads to sign-in.
    onDoubt: () => void calls.list("mine", "", null).catch(() => undefined),
  });
  return { runtime, wire, sending: new Sending(runtime, me) };
}

function openSocket(): SocketLike {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws?as=${encodeURIComponent(believed())}`);
  const like: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
  socket.onopen = () => like.onopen?.();
  socket.onmessage = (event: MessageEvent<unknown>) => like.onmessage?.({ data: event.data });
  socket.onclose = (event) => like.onclose?.(event.code);
  socket.onerror = () => like.onerror?.();
  return like;
}
