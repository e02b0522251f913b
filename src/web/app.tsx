import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useSignIn } from "./parts/services.tsx";
import { useStrings } from "./parts/strings-context.tsx";
import { Shell } from "./shell.tsx";
import { SignInCover } from "./sign-in/sign-in-cover.tsx";
import { SignInPage } from "./sign-in/sign-in-page.tsx";

const InboxPage = lazy(() => import("./inbox/inbox-page.tsx"));
const NumbersPage = lazy(() => import("./settings/numbers-page.tsx"));
const ConnectPage = lazy(() => import("./settings/connect-page.tsx"));
const SettingsPage = lazy(() => import("./settings/settings-page.tsx"));

export function App() {
  const { session, isExpired } = useSignIn();
  if (!session) return <SignInPage />;
  return (
    <>
      <Shell>
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
      </Shell>
      {isExpired && <SignInCover />}
    </>
  );
}

function NotFound() {
  const strings = useStrings();
  return <p>{strings.app.notFound}</p>;
}
