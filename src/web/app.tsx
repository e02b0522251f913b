import { lazy, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { InboxProvider } from "./inbox/inbox-provider.tsx";
import { Button } from "./parts/button.tsx";
import { EmptyState } from "./parts/empty-state.tsx";
import { FailureBoundary } from "./parts/failure-boundary.tsx";
import { useSignIn } from "./parts/services.tsx";
import { useStrings } from "./parts/strings-context.tsx";
import { useTitle } from "./parts/use-title.ts";
import { SignInCover } from "./sign-in/sign-in-cover.tsx";
import { SignInPage } from "./sign-in/sign-in-page.tsx";

const InboxPage = lazy(() => import("./inbox/inbox-page.tsx"));
const NumbersPage = lazy(() => import("./settings/numbers-page.tsx"));
const ConnectPage = lazy(() => import("./settings/connect-page.tsx"));
const SettingsPage = lazy(() => import("./settings/settings-page.tsx"));

export function App() {
  const { session, isExpired } = useSignIn();
  const [location] = useLocation();
  if (!session) return <SignInPage />;
  return (
    <>
      <InboxProvider>
        <FailureBoundary key={location.split("/")[1]}>
          <Suspense>
            <Switch>
              <Route path="/inbox/:chatId?">
                <InboxPage />
              </Route>
              <Route path="/settings/numbers">
                <NumbersPage />
              </Route>
              <Route path="/settings/numbers/new">
                <ConnectPage />
              </Route>
              <Route path="/settings">
                <SettingsPage />
              </Route>
              <Route path="/">
                <Redirect to="/inbox" replace />
              </Route>
              <Route path="/sign-in">
                <Redirect to="/inbox" replace />
              </Route>
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Suspense>
        </FailureBoundary>
      </InboxProvider>
      {isExpired && <SignInCover />}
    </>
  );
}

function NotFound() {
  const { app } = useStrings();
  const [, navigate] = useLocation();
  useTitle(`${app.notFound} · ${app.name}`);
  return (
    <EmptyState isPage icon="search" title={app.notFound}>
      <Button onClick={() => navigate("/inbox")}>{app.toInbox}</Button>
    </EmptyState>
  );
}
