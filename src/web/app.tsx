import { Redirect, Route, Switch } from "wouter";
import { useSignIn } from "./parts/services.tsx";
import { useStrings } from "./parts/strings-context.tsx";
import { SettingsPage } from "./settings/settings-page.tsx";
import { Shell } from "./shell.tsx";
import { SignInCover } from "./sign-in/sign-in-cover.tsx";
import { SignInPage } from "./sign-in/sign-in-page.tsx";

export function App() {
  const { session, isExpired } = useSignIn();
  if (!session) return <SignInPage />;
  return (
    <>
      <Shell>
        <Switch>
          <Route path="/settings">
            <SettingsPage />
          </Route>
          <Route path="/">
            <Redirect to="/settings" replace />
          </Route>
          <Route path="/sign-in">
            <Redirect to="/settings" replace />
          </Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Shell>
      {isExpired && <SignInCover />}
    </>
  );
}

function NotFound() {
  const strings = useStrings();
  return <p>{strings.app.notFound}</p>;
}
