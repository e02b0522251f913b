import { AccessTokenError, openSealed, type SealContext, type SealingKeys } from "./sealed-token.ts";

export type AccessToken = { token: string; kind: "secret" | "sealed" | "raw" };

export type TokenSources = {
  phoneNumberId: string;
  /** Where the value stands: a sealed one opens nowhere else. */
  context: SealContext;
  /** The Worker's environment: only names that begin with `WABA_ACCESS_TOKEN` are looked at. */
  secrets: Record<string, unknown>;
  keys: SealingKeys;
};

const SECRET_NAME = /^WABA_ACCESS_TOKEN\w*$/;

/**
 * The Graph token that `OrganizationPhone.wabaAccessToken` stands for: `secret:NAME`, a sealed value, a raw `EAA…` as
 * pasted by SQL (to be sealed in place), or null, which means the secret of this number, else the common one.
 * Throws `AccessTokenError`, which names what is missing and never the value.
 */
export async function openAccessToken(stored: string | null, sources: TokenSources): Promise<AccessToken> {
  const value = stored?.trim() ?? "";
  if (value === "") return { token: secretFor(sources), kind: "secret" };
  if (value.startsWith("secret:"))
    return { token: namedSecret(value.slice(7), sources.secrets), kind: "secret" };
  if (value.startsWith("sealed:"))
    return { token: await openSealed(value, sources.context, sources.keys), kind: "sealed" };
  if (!isToken(value)) throw new AccessTokenError("not_a_token", "wabaAccessToken holds no access token.");
  return { token: value, kind: "raw" };
}

function namedSecret(name: string, secrets: Record<string, unknown>): string {
  if (!SECRET_NAME.test(name)) {
    throw new AccessTokenError(
      "secret_name_refused",
      "The name after secret: must begin with WABA_ACCESS_TOKEN.",
    );
  }
  const token = secretOf(name, secrets);
  if (!token) throw new AccessTokenError("secret_missing", `There is no secret ${name}.`);
  return token;
}

function secretFor({ phoneNumberId, secrets }: TokenSources): string {
  const own = `WABA_ACCESS_TOKEN_${phoneNumberId}`;
  const token =
    (/^\d+$/.test(phoneNumberId) && secretOf(own, secrets)) || secretOf("WABA_ACCESS_TOKEN", secrets);
  if (token) return token;
  throw new AccessTokenError("secret_missing", `There is neither a secret ${own} nor WABA_ACCESS_TOKEN.`);
}

function secretOf(name: string, secrets: Record<string, unknown>): string | null {
  const value = secrets[name];
  const token = typeof value === "string" ? value.trim() : "";
  return isToken(token) ? token : null;
}

/** Visible ASCII without a space: anything else could not even be a header. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
