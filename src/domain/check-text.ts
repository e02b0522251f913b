import type { Evidence, Finding } from "./check.ts";

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/** `{name}` is replaced by the evidence of that name. A good finding has a title alone. */
export type CheckText = { title: string; why?: string; fix?: string };
export type BilingualText = Record<Language, CheckText>;

/** What a check found, in words. */
export type DescribedCheck = Finding & {
  title: string;
  why: string | null;
  fix: string | null;
  docs: string;
};

/** A finding with the words of its code, `facts` filled in (the evidence, unless it has to be said in other words), and where to read more. */
export function inWords<Found extends Finding>(
  found: Found,
  text: BilingualText,
  language: Language,
  facts: Evidence = found.evidence,
): Found & DescribedCheck {
  const { title, why, fix }: CheckText = text[language];
  return {
    ...found,
    title: fill(title, facts),
    why: why === undefined ? null : fill(why, facts),
    fix: fix === undefined ? null : fill(fix, facts),
    docs: `docs/${language === "ru" ? "ru/" : ""}connect.md#${found.id.toLowerCase()}`,
  };
}

function fill(text: string, evidence: Evidence): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => evidence[name] ?? "–");
}
