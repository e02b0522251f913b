import { fromBase64Url, toBase64Url, toHex } from "../encoding.ts";

/** Why there is no token. */
export type AccessTokenFault =
  | "disconnected"
  | "secret_missing"
  | "secret_name_refused"
  | "sealing_key_missing"
  | "sealing_key_malformed"
  | "cannot_open"
  | "not_a_token";

/** Names what is missing, never the value. */
export class AccessTokenError extends Error {
  override readonly name = "AccessTokenError";
  readonly fault: AccessTokenFault;

  constructor(fault: AccessTokenFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Where a sealed value stands. It is authenticated along: copied to another row, a value does not open. */
export type SealContext = { table: string; column: string; rowId: number };

/** By key id; the first seals, all open. Empty without `TOKEN_SEALING_KEY`. */
export type SealingKeys = ReadonlyMap<string, CryptoKey>;

const KEY_BYTES = 32;
/** What AES-GCM is specified for (NIST SP 800-38D §5.2.1.1); random, and a number is sealed a few times a year. */
const IV_BYTES = 12;
const SEALED = /^sealed:v1:([0-9a-f]{8}):([\w-]+):([\w-]+)$/;

// The keys themselves and no promise: one that a request has begun ends with that request.
const keysByText = new Map<string, SealingKeys>();

/**
 * Reads `TOKEN_SEALING_KEY`: 32 bytes as base64, several with commas between; the same text is imported once. Throws when one is
 * anything else.
 */
export async function parseSealingKeys(text = ""): Promise<SealingKeys> {
  const imported = keysByText.get(text) ?? (await importKeys(text));
  keysByText.set(text, imported);
  return imported;
}

/** `sealed:v1:<key id>:<iv>:<ciphertext>`, by AES-256-GCM. Throws `sealing_key_missing` without a key. */
export async function sealAccessToken(
  token: string,
  context: SealContext,
  keys: SealingKeys,
): Promise<string> {
  const [newest] = keys;
  if (!newest) throw new AccessTokenError("sealing_key_missing", "TOKEN_SEALING_KEY is not set.");
  const [id, key] = newest;
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(parameters(iv, context), key, new TextEncoder().encode(token));
  return `sealed:v1:${id}:${toBase64Url(iv)}:${toBase64Url(new Uint8Array(sealed))}`;
}

/** Opens what `sealAccessToken` made, in the place that it was made for. */
export async function openSealed(value: string, context: SealContext, keys: SealingKeys): Promise<string> {
  const [, id = "", ivText = "", sealedText = ""] = value.match(SEALED) ?? [];
  const [iv, sealed] = [fromBase64Url(ivText), fromBase64Url(sealedText)];
  if (!id || !iv || !sealed)
    throw new AccessTokenError("cannot_open", "The sealed value of wabaAccessToken is damaged.");
  const key = keys.get(id);
  if (!key) throw new AccessTokenError("sealing_key_missing", `TOKEN_SEALING_KEY lacks the key ${id}.`);
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(parameters(iv, context), key, sealed));
  } catch {
    throw new AccessTokenError("cannot_open", "wabaAccessToken was sealed for another row, or is damaged.");
  }
}

async function importKeys(text: string): Promise<SealingKeys> {
  const parts = text.split(",").map((part) => part.trim());
  const keys = new Map<string, CryptoKey>();
  for (const part of parts.filter((part) => part !== "")) {
    const bytes = fromBase64Url(part);
    if (bytes?.length !== KEY_BYTES) {
      throw new AccessTokenError(
        "sealing_key_malformed",
        "TOKEN_SEALING_KEY must be 32 bytes in base64 (several: commas).",
      );
    }
    const id = await keyIdOf(bytes);
    keys.set(id, await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
  }
  return keys;
}

function parameters(iv: Uint8Array<ArrayBuffer>, { table, column, rowId }: SealContext) {
  const additionalData = new TextEncoder().encode(JSON.stringify([table, column, rowId]));
  return { name: "AES-GCM", iv, additionalData };
}

/** Eight hex digits of the key's SHA-256: enough to distinguish a few keys, and reveals nothing of the key. */
async function keyIdOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return toHex(digest.subarray(0, 4));
}
