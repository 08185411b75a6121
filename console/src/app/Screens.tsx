/** What a signed-in person sees: the bar, and the screen the address names. */

import { App as AntApp, Button } from "antd";
import { lazy, Suspense, useEffect } from "react";
import type { Me } from "../api/types";
import { useWords } from "../i18n";
import { homeOf, Mine, placesOf, type Place } from "../pieces/rights";
import { Bones, Nothing } from "../pieces/states";
import { LiveProvider } from "./live";
import { carePath, deskPath, readRoute, usePath, type Route } from "./route";
import { Shell } from "./Shell";

const DeskPage = lazy(() => import("../features/desk/DeskPage"));
const CarePage = lazy(() => import("../features/care/CarePage"));
const PeoplePage = lazy(() => import("../features/people/PeoplePage"));
const ShopsPage = lazy(() => import("../features/shops/ShopsPage"));
const ImportsPage = lazy(() => import("../features/imports/ImportsPage"));
const ExportsPage = lazy(() => import("../features/exports/ExportsPage"));
const SessionPage = lazy(() => import("../features/sessions/SessionPage"));
const SettingsPage = lazy(() => import("../features/settings/SettingsPage"));
const AuditPage = lazy(() => import("../features/audit/AuditPage"));
const KeysPage = lazy(() => import("../features/keys/KeysPage"));
const ReportsPage = lazy(() => import("../features/reports/ReportsPage"));
const SearchPage = lazy(() => import("../features/search/SearchPage"));
const StartPage = lazy(() => import("../features/start/StartPage"));
const WallPage = lazy(() => import("../features/wall/WallPage"));

export default function Screens({ me }: { me: Me }) {
  const [path, go] = usePath();
  const route = readRoute(path);
  const place = homeOf(me);
  const home = place && PATHS[place];
  useEffect(() => {
    if (route.page === "home" && home) go(home, true);
  }, [route.page, home, go]);
  return (
    <AntApp component={false}>
      <LiveProvider key={me.id} me={me.id}>
        <Mine.Provider value={me}>
        <Shell me={me} page={route.page} go={go}>
          <Suspense fallback={<Bones lines={6} />}>
            <Screen me={me} route={route} go={go} />
          </Suspense>
        </Shell>
        </Mine.Provider>
      </LiveProvider>
    </AntApp>
  );
}

const PATHS: Record<Place, string> = {
  start: "/start",
  desk: deskPath(null),
  wall: "/wall",
  reports: "/reports",
  search: "/search",
  care: carePath("stuck"),
  shops: "/shops",
  imports: "/imports",
  exports: "/exports",
  settings: "/settings",
  people: "/people",
  audit: "/audit",
  keys: "/keys",
};

function Screen({ me, route, go }: { me: Me; route: Route; go: (path: string) => void }) {
  const words = useWords();
  const mine = placesOf(me);
  if (mine.length === 0) return <Nothing title={words("ui.no.screen")} detail={words("ui.no.screen.detail")} />;
  if (route.page === "home") return null;
  if (route.page === "session" && mine.includes("desk")) return <SessionPage key={route.id} id={route.id} />;
  if (route.page === "missing" || route.page === "session" || !mine.includes(route.page)) {
    return (
      <Nothing title={words("ui.missing")} detail={words("ui.missing.detail")}>
        <Button onClick={() => go(PATHS[homeOf(me) ?? "desk"])}>{words("ui.home")}</Button>
      </Nothing>
    );
  }
  if (route.page === "desk") return <DeskPage me={me} chosen={route.id} choose={(id) => go(deskPath(id))} />;
  if (route.page === "care") return <CarePage me={me} part={route.part} go={go} />;
  if (route.page === "start") return <StartPage me={me} go={go} />;
  if (route.page === "wall") return <WallPage me={me} go={go} />;
  if (route.page === "search") return <SearchPage me={me} />;
  if (route.page === "shops") return <ShopsPage me={me} />;
  if (route.page === "reports") return <ReportsPage me={me} />;
  if (route.page === "imports") return <ImportsPage me={me} />;
  if (route.page === "exports") return <ExportsPage me={me} />;
  if (route.page === "settings") return <SettingsPage me={me} />;
  if (route.page === "people") return <PeoplePage me={me} />;
  if (route.page === "audit") return <AuditPage me={me} />;
  return <KeysPage me={me} />;
}
