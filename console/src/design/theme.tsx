/** Light or dark: the system's wish until a person chooses, then remembered. */

import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { createContext, useCallback, useContext, useLayoutEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { useLanguage } from "../i18n";
import { keep, recall } from "../pieces/keep";
import { NONCE } from "./nonce";
import { antdTheme, cssVariables, type Mode } from "./tokens";

const KEY = "huiyin.theme";
const CSP = { nonce: NONCE };

const ThemeContext = createContext<{ mode: Mode; toggle: () => void }>({ mode: "light", toggle: () => undefined });

export function useTheme(): { mode: Mode; toggle: () => void } {
  return useContext(ThemeContext);
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [mode, setMode] = useState<Mode>(firstMode);
  const { language } = useLanguage();
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset["theme"] = mode;
    root.style.colorScheme = mode;
    for (const [name, value] of Object.entries(cssVariables(mode))) root.style.setProperty(name, value);
  }, [mode]);
  const toggle = useCallback(() => {
    setMode((now) => {
      const next = now === "dark" ? "light" : "dark";
      keep(KEY, next);
      return next;
    });
  }, []);
  const value = useMemo(() => ({ mode, toggle }), [mode, toggle]);
  const still = useStillness();
  const config = useMemo(() => antdTheme(mode, still), [mode, still]);
  return (
    <ThemeContext.Provider value={value}>
      <ConfigProvider csp={CSP} theme={config} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
        {children}
      </ConfigProvider>
    </ThemeContext.Provider>
  );
}

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

function useStillness(): boolean {
  return useSyncExternalStore(
    (heard) => {
      STILL.addEventListener("change", heard);
      return () => STILL.removeEventListener("change", heard);
    },
    () => STILL.matches,
  );
}

function firstMode(): Mode {
  const kept = recall(KEY);
  if (kept === "light" || kept === "dark") return kept;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
