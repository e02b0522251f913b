import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { BrowserStore } from "../models/browser-store.ts";
import { chooseLanguage, type Language, type Strings, stringsOf } from "../strings/strings.ts";

type Choice = { language: Language; strings: Strings; choose(language: Language): void };

const StringsContext = createContext<Choice | null>(null);

/** The language: the agent's choice, which the browser keeps, or else the browser's own. */
export function StringsProvider({ store, children }: { store: BrowserStore; children: ReactNode }) {
  const [language, setLanguage] = useState(() => chooseLanguage(store.get("language"), navigator.languages));
  const choice = useMemo(
    () => ({
      language,
      strings: stringsOf(language),
      choose(next: Language) {
        store.set("language", next);
        setLanguage(next);
      },
    }),
    [language, store],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <StringsContext value={choice}>{children}</StringsContext>;
}

export function useLanguage(): Choice {
  const choice = use(StringsContext);
  if (!choice) throw new Error("There is no StringsProvider around this component.");
  return choice;
}

export function useStrings(): Strings {
  return useLanguage().strings;
}
