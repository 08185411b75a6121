/** What a signed-in person sees: the bar, and the screen the address names. */

import { App as AntApp } from "antd";
import { lazy, Suspense, useEffect } from "react";
import type { Me } from "../api/types";
import { useWords } from "../i18n";
import { isKeeper } from "../pieces/roles";
import { Bones, Nothing } from "../pieces/states";
import { LiveProvider } from "./live";
import { deskPath, readRoute, usePath, type Route } from "./route";
import { Shell } from "./Shell";

const DeskPage = lazy(() => import("../features/desk/DeskPage"));
const CarePage = lazy(() => import("../features/care/CarePage"));
const WallPage = lazy(() => import("../features/wall/WallPage"));

export default function Screens({ me }: { me: Me }) {
  const [path, go] = usePath();
  const route = readRoute(path);
  const home = me.presence === null ? "/wall" : deskPath(null);
  useEffect(() => {
    if (route.page === "home") go(home, true);
  }, [route.page, home, go]);
  return (
    <AntApp component={false}>
      <LiveProvider key={me.id} me={me.id}>
        <Shell me={me} page={route.page} go={go}>
          <Suspense fallback={<Bones lines={6} />}>
            <Screen me={me} route={route} go={go} />
          </Suspense>
        </Shell>
      </LiveProvider>
    </AntApp>
  );
}

function Screen({ me, route, go }: { me: Me; route: Route; go: (path: string) => void }) {
  const words = useWords();
  if (route.page === "desk") return <DeskPage me={me} chosen={route.id} choose={(id) => go(deskPath(id))} />;
  if (route.page === "wall") return <WallPage me={me} go={go} />;
  if (route.page === "care" && isKeeper(me.roles)) return <CarePage me={me} part={route.part} go={go} />;
  if (route.page === "home") return null;
  return <Nothing title={words("ui.missing")} detail={words("ui.missing.detail")} />;
}
