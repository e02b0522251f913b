import { cleanText } from "../clean-text.ts";

const TITLE_LENGTH = 500;

/** Meta's `ACCOUNT_RESTRICTION` as a person writes it; "unknown" when there is none. */
export function plainWords(name: string | null): string {
  return name?.toLowerCase().replaceAll("_", " ") ?? "unknown";
}

/** A title that may contain Meta's text: of bounded length, on one line, with one full stop. */
export function sentenceOf(title: string): string {
  const line = title.replaceAll(/\s+/g, " ").trim();
  return `${cleanText(line, TITLE_LENGTH).replace(/[.\s]+$/, "")}.`;
}
