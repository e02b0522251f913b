import { en } from "./en.ts";
import { ru } from "./ru.ts";

/** The same keys in another language, with texts of any content. */
export type Translated<Texts> = {
  [Key in keyof Texts]: Texts[Key] extends string | string[]
    ? Texts[Key] extends string
      ? string
      : string[]
    : Texts[Key] extends Record<string, string>
      ? { [Name in keyof Texts[Key]]: string }
      : Texts[Key] extends (...values: infer Values) => string
        ? (...values: Values) => string
        : Translated<Texts[Key]>;
};

export type Strings = Translated<typeof en>;

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/** Each language by its own name. */
export const languageNames: Record<Language, string> = { en: "English", ru: "Русский" };

const dictionaries: Record<Language, Strings> = { en, ru };

export function stringsOf(language: Language): Strings {
  return dictionaries[language];
}

/** The agent's choice, or else the first language of the browser that we have, or else English. */
export function chooseLanguage(chosen: string | null, browserLanguages: readonly string[]): Language {
  const isOurs = (name: string | undefined): name is Language =>
    languages.some((language) => language === name);
  if (chosen !== null && isOurs(chosen)) return chosen;
  return browserLanguages.map((name) => name.toLowerCase().split("-")[0]).find(isOurs) ?? "en";
}
