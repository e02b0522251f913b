import { readConfig } from "../config.ts";
import type { Db } from "../db/client.ts";
import { credentialsOf, type PhoneCredentials, replaceToken } from "../db/organization-phones.ts";
import { log } from "../log.ts";
import { type AccessToken, openAccessToken } from "../whatsapp/access-token.ts";
import { type GraphClient, graphClient } from "../whatsapp/graph.ts";
import { type AccountClient, accountClient } from "../whatsapp/graph-account.ts";
import {
  AccessTokenError,
  readSealingKeys,
  type SealingKeys,
  sealAccessToken,
} from "../whatsapp/sealed-token.ts";

export const GRAPH_LIMIT_MS = 30_000;

/** `fingerprint` tells one token from another, and nothing of either. */
export type PhoneGraph = {
  client: GraphClient;
  account: AccountClient;
  phoneNumberId: string;
  fingerprint: string;
};

/**
 * A number's way to Graph, with its token as it stands now: an operator may have changed it a moment ago. A raw token is
 * sealed in place. Throws `AccessTokenError` when there is none that could be used.
 */
export async function graphOf(env: Env, db: Db, organizationPhoneId: number): Promise<PhoneGraph> {
  const phone = await credentialsOf(db, organizationPhoneId);
  if (!phone?.wabaPhoneNumberId)
    throw new AccessTokenError("not_a_token", "The number has no phone number ID.");
  const { graph, sealingKeys } = readConfig(env);
  const keys = await readSealingKeys(sealingKeys);
  const context = { table: "OrganizationPhone", column: "wabaAccessToken", rowId: phone.id };
  const phoneNumberId = phone.wabaPhoneNumberId;
  const opened = await openAccessToken(phone.wabaAccessToken, {
    phoneNumberId,
    context,
    secrets: { ...env },
    keys,
  });
  if (opened.kind === "raw") await seal(db, phone, opened, keys);
  const version = phone.wabaApiVersion?.trim() || graph.version;
  const options = { baseUrl: graph.baseUrl, version, token: opened.token, timeoutMs: GRAPH_LIMIT_MS };
  return {
    client: graphClient(options),
    account: accountClient(options),
    phoneNumberId,
    fingerprint: await fingerprintOf(opened.token),
  };
}

/** SHA-256 in hex. */
export async function fingerprintOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function seal(
  db: Db,
  phone: PhoneCredentials,
  { token }: AccessToken,
  keys: SealingKeys,
): Promise<void> {
  const organizationPhoneId = phone.id;
  if (keys.size === 0 || phone.wabaAccessToken === null)
    return log("token_not_sealed", { organizationPhoneId });
  const context = { table: "OrganizationPhone", column: "wabaAccessToken", rowId: phone.id };
  const sealed = await sealAccessToken(token, context, keys);
  // Against the value as it stands: an operator's newer one is never overwritten.
  if (await replaceToken(db, phone.id, phone.wabaAccessToken, sealed))
    log("token_sealed", { organizationPhoneId });
}
