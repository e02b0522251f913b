import { numbersEn } from "./numbers-en.ts";
import { numbersRu } from "./numbers-ru.ts";
import { type Language, type Strings, stringsOf, type Translated } from "./strings.ts";

/** The texts of the page, with those of our numbers, which no other page loads. */
export type NumbersStrings = Strings & { numbers: Translated<typeof numbersEn> };

const dictionaries: Record<Language, NumbersStrings> = {
  en: { ...stringsOf("en"), numbers: numbersEn },
  ru: { ...stringsOf("ru"), numbers: numbersRu },
};

export function numbersStringsOf(language: Language): NumbersStrings {
  return dictionaries[language];
}
