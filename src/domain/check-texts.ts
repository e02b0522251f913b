import type { CheckCode, Evidence, Finding } from "./check.ts";
import { type BilingualText, type CheckText, type Language, languages } from "./check-text.ts";
import { accessTexts } from "./check-texts-access.ts";
import { accountTexts } from "./check-texts-account.ts";
import { liveTexts } from "./check-texts-live.ts";
import { systemTexts } from "./check-texts-system.ts";
import { webhookTexts } from "./check-texts-webhook.ts";

/**
 * What every code of a check says, in every language.
 * @internal
 */
export const checkTexts: Record<CheckCode, BilingualText> = {
  ...accessTexts,
  ...accountTexts,
  ...webhookTexts,
  ...liveTexts,
  ...systemTexts,
};

/** What a check found, in words. */
export type DescribedCheck = Finding & {
  title: string;
  why: string | null;
  fix: string | null;
  docs: string;
};

export function describe<Found extends Finding>(found: Found, language: Language): Found & DescribedCheck {
  const { title, why, fix }: CheckText = checkTexts[found.code][language];
  return {
    ...found,
    title: fill(title, found.evidence),
    why: why === undefined ? null : fill(why, found.evidence),
    fix: fix === undefined ? null : fill(fix, found.evidence),
    docs: `docs/${language === "ru" ? "ru/" : ""}connect.md#${found.id.toLowerCase()}`,
  };
}

/** In the first language of an `Accept-Language` header that we have. */
export function describeAll<Found extends Finding>(
  findings: readonly Found[],
  acceptLanguage: string | undefined,
) {
  const language = languageOf(acceptLanguage);
  return findings.map((found) => describe(found, language));
}

/** English when the header names none. */
function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return (
    wanted.map((one) => languages.find((known) => known === one)).find((one) => one !== undefined) ?? "en"
  );
}

function fill(text: string, evidence: Evidence): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => evidence[name] ?? "–");
}
