/** Providers, who is signed in, and which screen. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp } from "antd";
import { lazy, Suspense, useEffect } from "react";
import { Trouble } from "../api/http";
import { ThemeProvider } from "../design/theme";
import { SessionGate } from "../features/session/SessionGate";
import { LanguageProvider, useWords } from "../i18n";
import { Bones, Nothing } from "../pieces/states";
import { Fence } from "./Fence";
import { LiveProvider } from "./live";
import { deskPath, readRoute, usePath, type Route } from "./route";
import { Shell } from "./Shell";
import type { Me } from "../api/types";

const DeskPage = lazy(() => import("../features/desk/DeskPage"));
const WallPage = lazy(() => import("../features/wall/WallPage"));

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => error instanceof Trouble && error.passing && count < 2,
    },
  },
});

export function App() {
  return (
    <LanguageProvider>
      <ThemeProvider>
        <AntApp component={false}>
          <Fence>
            <QueryClientProvider client={client}>
              <SessionGate>{(me) => <Screens me={me} />}</SessionGate>
            </QueryClientProvider>
          </Fence>
        </AntApp>
      </ThemeProvider>
    </LanguageProvider>
  );
}

function Screens({ me }: { me: Me }) {
  const [path, go] = usePath();
  const route = readRoute(path);
  const home = me.presence === null ? "/wall" : deskPath(null);
  useEffect(() => {
    if (route.page === "home") go(home, true);
  }, [route.page, home, go]);
  return (
    <LiveProvider key={me.id} me={me.id}>
      <Shell me={me} page={route.page} go={go}>
        <Suspense fallback={<Bones lines={6} />}>
          <Screen me={me} route={route} go={go} />
        </Suspense>
      </Shell>
    </LiveProvider>
  );
}

function Screen({ me, route, go }: { me: Me; route: Route; go: (path: string) => void }) {
  const words = useWords();
  if (route.page === "desk") return <DeskPage me={me} chosen={route.id} choose={(id) => go(deskPath(id))} />;
  if (route.page === "wall") return <WallPage me={me} />;
  if (route.page === "home") return null;
  return <Nothing title={words("ui.missing")} detail={words("ui.missing.detail")} />;
}
