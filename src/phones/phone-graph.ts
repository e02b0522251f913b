import { readConfig } from "../config.ts";
import type { Db } from "../db/client.ts";
import {
  credentialsOf,
  DISCONNECTED,
  type PhoneCredentials,
  replaceToken,
} from "../db/organization-phones.ts";
import { log } from "../log.ts";
import { type AccessToken, openAccessToken } from "../whatsapp/access-token.ts";
import { type GraphClient, graphClient } from "../whatsapp/graph.ts";
import { type AccountClient, accountClient } from "../whatsapp/graph-account.ts";
import {
  AccessTokenError,
  parseSealingKeys,
  type SealingKeys,
  sealAccessToken,
} from "../whatsapp/sealed-token.ts";

export const GRAPH_LIMIT_MS = 30_000;

export type PhoneGraph = {
  client: GraphClient;
  account: AccountClient;
  phoneNumberId: string;
  token: string;
};

/** Asks the database, within whatever limit the caller has. */
type Ask = <Answer>(call: (db: Db) => Promise<Answer>) => Promise<Answer>;

/** A number's way to Graph, with its token as it stands now. Throws `AccessTokenError` when there is none that could be used. */
export async function openPhoneGraph(env: Env, db: Db, organizationPhoneId: number): Promise<PhoneGraph> {
  const phone = await credentialsOf(db, organizationPhoneId);
  if (!phone) throw new AccessTokenError("not_a_token", "There is no such number.");
  return await openGraphWith(env, phone, (call) => call(db));
}

/** A number's way to its account at Graph. */
export type AccountGraph = { client: AccountClient; phoneNumberId: string };

/** Called in the request itself: nothing here has to wait its turn. Throws `AccessTokenError`. */
export async function openAccountGraph(env: Env, db: Db, organizationPhoneId: number): Promise<AccountGraph> {
  const { account: client, phoneNumberId } = await openPhoneGraph(env, db, organizationPhoneId);
  return { client, phoneNumberId };
}

/** The same with credentials that were just read. A raw token is sealed in place: only for that the database is asked. */
export async function openGraphWith(env: Env, phone: PhoneCredentials, ask: Ask): Promise<PhoneGraph> {
  if (phone.connectionType === DISCONNECTED)
    throw new AccessTokenError("disconnected", "The phone is disconnected: connect it again in Settings.");
  const phoneNumberId = phone.wabaPhoneNumberId;
  if (!phoneNumberId) throw new AccessTokenError("not_a_token", "The number has no phone number ID.");
  const { graph, sealingKeys } = readConfig(env);
  const keys = await parseSealingKeys(sealingKeys);
  const context = { table: "OrganizationPhone", column: "wabaAccessToken", rowId: phone.id };
  const secrets = { ...env };
  const opened = await openAccessToken(phone.wabaAccessToken, { phoneNumberId, context, secrets, keys });
  if (opened.kind === "raw") await ask((db) => seal(db, phone, opened, keys));
  const version = phone.wabaApiVersion?.trim() || graph.version;
  const options = { baseUrl: graph.baseUrl, version, token: opened.token, timeoutMs: GRAPH_LIMIT_MS };
  return {
    client: graphClient(options),
    account: accountClient(options),
    phoneNumberId,
    token: opened.token,
  };
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
  // Compares with the value that was read: an operator's newer one is never overwritten.
  if (await replaceToken(db, phone.id, phone.wabaAccessToken, sealed))
    log("token_sealed", { organizationPhoneId });
}
