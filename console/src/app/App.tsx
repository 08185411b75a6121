/** Providers, and who is signed in. What follows a sign-in is loaded with it, not before. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Trouble } from "../api/http";
import { ThemeProvider } from "../design/theme";
import { SessionGate } from "../features/session/SessionGate";
import { LanguageProvider } from "../i18n";
import { Bones } from "../pieces/states";
import { Fence } from "./Fence";

const Screens = lazy(() => import("./Screens"));

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
        <Fence>
          <QueryClientProvider client={client}>
            <SessionGate>
              {(me) => (
                <Suspense fallback={<Bones lines={4} />}>
                  <Screens me={me} />
                </Suspense>
              )}
            </SessionGate>
          </QueryClientProvider>
        </Fence>
      </ThemeProvider>
    </LanguageProvider>
  );
}
