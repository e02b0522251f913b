import { useLanguage } from "../parts/strings-context.tsx";
import { type NumbersStrings, numbersStringsOf } from "../strings/numbers-strings.ts";

/** The texts of the page and of our numbers, in the language of the page. */
export function useNumbersStrings(): NumbersStrings {
  return numbersStringsOf(useLanguage().language);
}
