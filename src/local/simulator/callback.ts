import { randomInt } from "node:crypto";
import { GraphRefusal } from "./graph-errors.ts";

const TIMEOUT_MS = 10_000;

/**
 * Asks a callback URL for the challenge, as Meta does before it takes one, and throws the refusal unless the answer is a 200
 * with exactly the challenge. https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
export async function verifyCallback(callbackUrl: unknown, verifyToken: unknown): Promise<string> {
  if (typeof callbackUrl !== "string" || !URL.canParse(callbackUrl) || callbackUrl.length > 200)
    throw new GraphRefusal(100, { message: "Invalid callback URI format" });
  const challenge = String(randomInt(1e8, 2e9));
  const url = new URL(callbackUrl);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", typeof verifyToken === "string" ? verifyToken : "");
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => null,
  );
  const failed = "(#2200) Callback verification failed with the following errors:";
  if (!response) throw new GraphRefusal(2200, { message: `${failed} Connection failed` });
  const received = await response.text();
  if (response.status !== 200)
    throw new GraphRefusal(2200, { message: `${failed} HTTP Status Code = ${response.status}` });
  if (received !== challenge) {
    const message = `(#2201) response does not match challenge, expected value="${challenge}", received="${received.slice(0, 40)}..."`;
    throw new GraphRefusal(2201, { message });
  }
  return callbackUrl;
}
