/** The bar over both screens: where you are, the line's state, your own state. TV mode hides it. */

import { Button, Tooltip } from "antd";
import { lazy, Suspense, useCallback, useState, type ReactNode } from "react";
import type { Me } from "../api/types";
import { useTheme } from "../design/theme";
import { PresenceSwitch } from "../features/session/PresenceSwitch";
import { useSignOut } from "../features/session/SessionGate";
import { useLanguage, useWords } from "../i18n";
import { AccountDoor } from "../pieces/proof";
import { may, placesOf } from "../pieces/rights";
import { useSettled } from "../features/start/steps";
import { MarkIcon, MoonIcon, OutIcon, PersonIcon, SunIcon } from "../pieces/icons";
import { useLive, useSnapshot } from "./live";
import type { Route } from "./route";
import css from "./shell.module.css";

const AccountDrawer = lazy(() =>
  import("../features/session/AccountDrawer").then((file) => ({ default: file.AccountDrawer })),
);

const PAGES = [
  { page: "start", path: "/start", word: "nav.start" },
  { page: "desk", path: "/desk", word: "nav.desk" },
  { page: "wall", path: "/wall", word: "nav.wall" },
  { page: "reports", path: "/reports", word: "nav.reports" },
  { page: "search", path: "/search", word: "nav.search" },
  { page: "exports", path: "/exports", word: "nav.exports" },
  { page: "care", path: "/care", word: "nav.care" },
  { page: "shops", path: "/shops", word: "nav.shops" },
  { page: "imports", path: "/imports", word: "nav.imports" },
  { page: "settings", path: "/settings", word: "nav.settings" },
  { page: "people", path: "/people", word: "nav.people" },
  { page: "audit", path: "/audit", word: "nav.audit" },
  { page: "keys", path: "/keys", word: "nav.keys" },
] as const;

/** On a phone the bar is wider than the screen: the page one is on is brought into it. */
function intoView(link: HTMLAnchorElement | null) {
  link?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

interface ShellProps {
  me: Me;
  page: Route["page"];
  go: (path: string) => void;
  children: ReactNode;
}

export function Shell({ me, page, go, children }: ShellProps) {
  const words = useWords();
  const settled = useSettled(me);
  const mine = placesOf(me).filter((place) => place !== "start" || page === "start" || !settled);
  const [account, setAccount] = useState(false);
  const openAccount = useCallback(() => setAccount(true), [setAccount]);
  return (
    <div className={css.shell}>
      <header className={css.bar}>
        <span className={css.brand}>
          <MarkIcon size={18} />
          <b>{words("brand")}</b>
        </span>
        <nav className={css.nav} aria-label={words("nav.main")}>
          {PAGES.filter((one) => mine.includes(one.page)).map((one) => (
            <a
              key={one.page}
              href={one.path}
              aria-current={page === one.page ? "page" : undefined}
              ref={page === one.page ? intoView : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                go(one.path);
              }}
            >
              {words(one.word)}
            </a>
          ))}
        </nav>
        <LineState />
        <span className={css.grow} />
        {me.presence === null || !may(me, "seat:write") ? null : <PresenceSwitch me={me} />}
        <Choices me={me} openAccount={openAccount} />
      </header>
      <main className={css.main}>
        <AccountDoor.Provider value={openAccount}>{children}</AccountDoor.Provider>
      </main>
      {account ? (
        <Suspense fallback={null}>
          <AccountDrawer me={me} close={() => setAccount(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

function LineState() {
  const words = useWords();
  const state = useSnapshot((snapshot) => snapshot.wire);
  const { wire } = useLive();
  const shown = state === "closed" ? "connecting" : state;
  const calm = shown === "online" || shown === "connecting";
  return (
    <Tooltip title={calm ? undefined : words("wire.offline.why")}>
      <span className={css.line} data-state={shown} role="status">
        <i />
        <span>{words(`wire.${shown}`)}</span>
        {calm ? null : (
          <Button type="link" size="small" onClick={() => wire.retryNow()}>
            {words("wire.now")}
          </Button>
        )}
      </span>
    </Tooltip>
  );
}

function Choices({ me, openAccount }: { me: Me; openAccount: () => void }) {
  const words = useWords();
  const language = useLanguage();
  const theme = useTheme();
  const signOut = useSignOut();
  const lacking = me.secondFactor.needed && !me.secondFactor.setUp;
  const other = words(theme.mode === "dark" ? "session.light" : "session.dark");
  return (
    <span className={css.choices}>
      <Button
        type="text"
        size="small"
        className={css.who ?? ""}
        title={`${words("mine.mine")} · ${me.organisation}`}
        onClick={openAccount}
      >
        {lacking ? <i className={css.lacking} aria-label={words("mine.factor.needed")} /> : null}
        <span className={css.face}>
          <PersonIcon />
        </span>
        <span className={css.name}>{me.name}</span>
      </Button>
      <Button type="text" size="small" className={css.language ?? ""} onClick={language.toggle}>
        {words("session.language")}
      </Button>
      <Tooltip title={other}>
        <Button
          type="text"
          size="small"
          aria-label={other}
          icon={theme.mode === "dark" ? <SunIcon /> : <MoonIcon />}
          onClick={theme.toggle}
        />
      </Tooltip>
      <Tooltip title={words("session.out")}>
        <Button type="text" size="small" aria-label={words("session.out")} icon={<OutIcon />} onClick={signOut} />
      </Tooltip>
    </span>
  );
}
