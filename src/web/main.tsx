import "@fontsource-variable/inter/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { Api, ApiError } from "./models/api.ts";
import { BrowserStore } from "./models/browser-store.ts";
import { isSameAgent, parseToken, tokenInHash } from "./models/session.ts";
import { SessionStore } from "./models/session-store.ts";
import { ServicesContext } from "./parts/services.tsx";
import { StringsProvider } from "./parts/strings-context.tsx";

// Before anything else runs: the token must not stay in the address, nor in the history.
const givenToken = tokenInHash(location.hash);
if (givenToken !== null) history.replaceState(null, "", location.pathname + location.search);

const store = new BrowserStore(storageOrNull());
const sessions = new SessionStore(store, Date.now);
const given = givenToken === null ? null : parseToken(givenToken);
if (given) sessions.signIn(given);
addEventListener("storage", () => sessions.reread());

const services = { store, sessions, api: new Api(sessions) };
const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the server refused once, it refuses again.
      retry: (count, error) => count < 3 && !(error instanceof ApiError && error.problem?.retryable !== true),
    },
  },
});
// Nothing of one agent is shown to the next.
let holder = sessions.state.session;
sessions.subscribe(() => {
  const { session } = sessions.state;
  if (!session || !holder || !isSameAgent(session, holder)) queryClient.clear();
  holder = session;
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <ServicesContext value={services}>
        <QueryClientProvider client={queryClient}>
          <StringsProvider store={store}>
            <App />
          </StringsProvider>
        </QueryClientProvider>
      </ServicesContext>
    </CSPProvider>
  </StrictMode>,
);

function storageOrNull(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
