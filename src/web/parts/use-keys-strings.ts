import { keysEn } from "../strings/keys-en.ts";
import { keysRu } from "../strings/keys-ru.ts";
import type { Language, Translated } from "../strings/strings.ts";
import { useLanguage } from "./strings-context.tsx";

const dictionaries: Record<Language, Translated<typeof keysEn>> = { en: keysEn, ru: keysRu };

/** What the keys do, which is loaded only where it is shown. */
export function useKeysStrings(): Translated<typeof keysEn> {
  return dictionaries[useLanguage().language];
}
