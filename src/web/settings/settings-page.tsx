import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../parts/button.tsx";
import { NamedText } from "../parts/named-text.tsx";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useTitle } from "../parts/use-title.ts";
import { languageNames, languages } from "../strings/strings.ts";
import { Choice } from "./choice.tsx";
import { KeySettings } from "./key-settings.tsx";
import { LabelSettings } from "./label-settings.tsx";
import { NotificationSettings } from "./notification-settings.tsx";
import { QuickReplySettings } from "./quick-reply-settings.tsx";
import styles from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";
import { WritingSettings } from "./writing-settings.tsx";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

export default function SettingsPage() {
  const { store, sessions } = useServices();
  const { session } = useSignIn();
  const [, navigate] = useLocation();
  const { language, choose } = useLanguage();
  const strings = useNumbersStrings();
  const [theme, setTheme] = useState<Theme>(
    () => THEMES.find((known) => known === store.get("theme")) ?? "system",
  );
  useTitle(`${strings.settings.title} · ${strings.app.name}`);

  const chooseTheme = (next: Theme) => {
    setTheme(next);
    store.set("theme", next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  const { themeSystem, themeLight, themeDark } = strings.settings;
  const themeNames: Record<Theme, string> = { system: themeSystem, light: themeLight, dark: themeDark };

  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{strings.settings.title}</h1>
      <section className={styles.section}>
        <h2 className={styles.heading}>{strings.settings.appearance}</h2>
        <Choice
          legend={strings.settings.theme}
          options={THEMES.map((value) => ({ value, label: themeNames[value] }))}
          value={theme}
          onChange={chooseTheme}
        />
        <Choice
          legend={strings.settings.language}
          options={languages.map((value) => ({ value, label: languageNames[value], lang: value }))}
          value={language}
          onChange={choose}
        />
      </section>
      <NotificationSettings />
      <WritingSettings />
      <QuickReplySettings />
      <LabelSettings />
      <KeySettings />
      {session?.role !== "agent" && (
        <section className={styles.section}>
          <h2 className={styles.heading}>{strings.numbers.title}</h2>
          <p>{strings.numbers.lead}</p>
          <div>
            <Button icon="phone" onClick={() => navigate("/settings/numbers")}>
              {strings.settings.openNumbers}
            </Button>
          </div>
        </section>
      )}
      <section className={styles.section}>
        <h2 className={styles.heading}>{strings.settings.account}</h2>
        <p>
          <NamedText names={[session?.name ?? ""]}>{strings.settings.signedInAs}</NamedText>
        </p>
        <div>
          <Button look="danger" icon="signOut" onClick={() => sessions.signOut()}>
            {strings.settings.signOut}
          </Button>
        </div>
        <p className={styles.hint}>{strings.settings.signOutHint}</p>
      </section>
    </div>
  );
}
