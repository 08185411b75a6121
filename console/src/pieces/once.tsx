/** What is shown this once, such as a one-time link: whoever closes what holds it is asked first. */

import { App } from "antd";
import { createContext, useCallback, useContext, useEffect, useRef, type ReactNode } from "react";
import { useWords } from "../i18n";

const Holding = createContext<(more: number) => void>(() => undefined);

/** Say that something is shown that will not be shown again, as long as this is on the screen. */
export function useShownOnce(): void {
  const hold = useContext(Holding);
  useEffect(() => {
    hold(1);
    return () => hold(-1);
  }, [hold]);
}

/** Return what to call instead of `close`, and a wrapper for what may show something once. */
export function useAskBefore(close: () => void): [() => void, (props: { children: ReactNode }) => ReactNode] {
  const words = useWords();
  const { modal } = App.useApp();
  const held = useRef(0);
  const hold = useCallback((more: number) => {
    held.current += more;
  }, []);
  const Wrapper = useCallback(
    ({ children }: { children: ReactNode }) => <Holding.Provider value={hold}>{children}</Holding.Provider>,
    [hold],
  );
  const leave = useCallback(() => {
    if (held.current === 0) {
      close();
      return;
    }
    modal.confirm({
      title: words("once.leave"),
      content: words("once.leave.why"),
      okText: words("once.close"),
      cancelText: words("once.back"),
      autoFocusButton: "cancel",
      onOk: close,
    });
  }, [close, modal, words]);
  return [leave, Wrapper];
}
