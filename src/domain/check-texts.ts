import type { CheckCode, CheckStatus, Evidence, Finding } from "./check.ts";
import { english } from "./check-texts-en.ts";
import { russian } from "./check-texts-ru.ts";

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/** `{name}` is replaced by the evidence of that name. A good finding has a title alone. */
export type CheckText = { title: string; why?: string; fix?: string };
export type CheckTexts = Record<CheckCode, CheckText>;

const texts: Record<Language, CheckTexts> = { en: english, ru: russian };

/** What a check found, in words. */
export type DescribedCheck = Finding & {
  title: string;
  why: string | null;
  fix: string | null;
  docs: string;
};

export function describe(found: Finding, language: Language): DescribedCheck {
  const { title, why, fix } = texts[language][found.code];
  const filled = (text: string) => fill(text, found.evidence);
  return {
    ...found,
    title: filled(title),
    why: why === undefined ? null : filled(why),
    fix: fix === undefined ? null : filled(fix),
    docs: `docs/connect.md#${found.id.toLowerCase()}`,
  };
}

/** In the first language of an `Accept-Language` header that we have. */
export function describeAll<Found extends Finding>(
  findings: readonly Found[],
  acceptLanguage: string | undefined,
) {
  const language = languageOf(acceptLanguage);
  return findings.map((found) => ({ ...found, ...describe(found, language) }));
}

/** The first language of an `Accept-Language` header that we have; English when it names none. */
export function languageOf(acceptLanguage: string | null | undefined): Language {
  const wanted = (acceptLanguage ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return (
    wanted.map((one) => languages.find((known) => known === one)).find((one) => one !== undefined) ?? "en"
  );
}

/** The mark of a status in a terminal. */
export const statusMarks: Record<CheckStatus, string> = { pass: "✔", warn: "!", fail: "✖", skip: "-" };

function fill(text: string, evidence: Evidence): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => evidence[name] ?? "–");
}
