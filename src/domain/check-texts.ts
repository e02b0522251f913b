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

/** What an address at Meta is set for, as evidence says it in English. */
const LEVELS_RU: Readonly<Record<string, string>> = { number: "номера", account: "аккаунта" };

/** Evidence is in English: the failure of a message, beside the name of its reason, and what an address is set for. */
function factsIn(language: Language, evidence: Evidence): Evidence {
  if (language === "en") return evidence;
  const { failure, level } = evidence;
  const reason = findFailureReason(failure ?? "");
  const texts = reason && failuresRu[reason.name];
  return {
    ...evidence,
    ...(texts && { meta: `${texts.title}. ${texts.advice}` }),
    ...(level !== undefined && { level: LEVELS_RU[level] ?? level }),
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

/** The language of texts for an `Accept-Language` header; English when it names none that we have. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return (
    wanted.map((one) => languages.find((known) => known === one)).find((one) => one !== undefined) ?? "en"
  );
}
