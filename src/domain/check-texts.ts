import type { CheckCode, Evidence, Finding } from "./check.ts";
import { type BilingualText, type DescribedCheck, inWords, type Language, languages } from "./check-text.ts";
import { accessTexts } from "./check-texts-access.ts";
import { accountTexts } from "./check-texts-account.ts";
import { addressTexts } from "./check-texts-address.ts";
import { liveTexts } from "./check-texts-live.ts";
import { systemTexts } from "./check-texts-system.ts";
import { webhookTexts } from "./check-texts-webhook.ts";
import { findFailureReason } from "./failure-reason.ts";
import { failuresRu } from "./failure-texts-ru.ts";

/**
 * What every code of a check says, in every language.
 * @internal
 */
export const checkTexts: Record<CheckCode, BilingualText> = {
  ...accessTexts,
  ...accountTexts,
  ...addressTexts,
  ...webhookTexts,
  ...liveTexts,
  ...systemTexts,
};

export function isCheckCode(code: unknown): code is CheckCode {
  return typeof code === "string" && Object.hasOwn(checkTexts, code);
}

export function describe<Found extends Finding>(found: Found, language: Language): Found & DescribedCheck {
  return inWords(found, checkTexts[found.code], language, factsIn(language, found.evidence));
}

/** Why a message failed stands in the evidence in English, beside the name of the reason. */
function factsIn(language: Language, evidence: Evidence): Evidence {
  const reason = language === "ru" ? findFailureReason(evidence.failure ?? "") : null;
  if (!reason) return evidence;
  const { title, advice } = failuresRu[reason.name];
  return { ...evidence, meta: `${title}. ${advice}` };
}

/** In the first language of an `Accept-Language` header that we have. */
export function describeAll<Found extends Finding>(
  findings: readonly Found[],
  acceptLanguage: string | undefined,
) {
  const language = languageOf(acceptLanguage);
  return findings.map((found) => describe(found, language));
}

/** The language of texts for an `Accept-Language` header; English when it names none that we have. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return (
    wanted.map((one) => languages.find((known) => known === one)).find((one) => one !== undefined) ?? "en"
  );
}
