import type { Got } from "../../domain/address-checks.ts";
import { checkHandshake, probeAddress } from "../../domain/address-checks.ts";
import { finding } from "../../domain/check.ts";
import { inWords, type Language } from "../../domain/check-text.ts";
import { addressTexts } from "../../domain/check-texts-address.ts";
import type { Check } from "../../http/contract.ts";
import { verificationQuery } from "../../whatsapp/verification-query.ts";

/**
 * C09 and C10 from this browser, as Meta asks: the Worker itself may bypass the public edge that they are about. A null verify token
 * is the Worker's own, which nobody here knows.
 */
export async function checkFromOutside(verifyToken: string | null, language: Language): Promise<Check[]> {
  const { origin } = location;
  const challenge = String(1_000_000_000 + Math.floor(Math.random() * 1e9));
  const ask = (token: string) => get(`${origin}/api/waba/webhook?${verificationQuery(token, challenge)}`);
  const found = await Promise.all([
    probeAddress(origin, get),
    // No wrong token is tried: the browser would report its refusal as an error.
    verifyToken === null
      ? finding("C10", "skip", "handshake_token_unknown")
      : ask(verifyToken).then((right) => checkHandshake({ challenge, right, wrong: null })),
  ]);
  // The two find nothing but what these texts are for.
  return found.map((one) => inWords(one, addressTexts[one.code as keyof typeof addressTexts], language));
}

/** A redirect is no answer of ours: the browser hides where it leads. */
async function get(url: string): Promise<Got | null> {
  try {
    const answer = await fetch(url, { redirect: "manual", cache: "no-store" });
    const contentType = answer.headers.get("content-type") ?? "";
    return { status: answer.status || 302, contentType, body: await answer.text() };
  } catch {
    return null;
  }
}
