import { storeFindings } from "../db/phone-checks.ts";
import { insertPhone, nextPhoneId, type PhoneRow, phoneOfMetaId, updatePhone } from "../db/phones.ts";
import { toBase64Url } from "../encoding.ts";
import type { ActionContext } from "./context.ts";
import { fieldsAtMeta, numberTaken, requirePassing, sealedToken } from "./phone-values.ts";
import { requirePhoneRow } from "./require-phone.ts";

const VERIFY_TOKEN_BYTES = 24;

export type NewPhone = {
  name?: string | undefined;
  phoneNumber?: string | undefined;
  wabaPhoneNumberId: string;
  wabaId: string;
  wabaApiVersion?: string | null | undefined;
  wabaVerifyToken?: string | undefined;
  wabaAccessToken: string;
};

/**
 * Connects a number: checked first, then stored with its token sealed. One of the organization's own that was disconnected is
 * connected again, with its chats. Without a name or a phone, those of Meta are taken; without a verify token, a random one.
 * Throws `checks_failed`, `number_taken`, `unavailable`.
 */
export async function connectPhone(ctx: ActionContext, given: NewPhone): Promise<PhoneRow> {
  const { agent, db, now } = ctx;
  const { wabaPhoneNumberId, wabaId, wabaApiVersion = null } = given;
  const findings = await requirePassing(ctx, {
    ...{ wabaPhoneNumberId, wabaId, wabaApiVersion, phoneNumber: given.phoneNumber ?? null },
    wabaAccessToken: given.wabaAccessToken,
  });
  const own = await phoneOfMetaId(db, agent.organizationId, wabaPhoneNumberId);
  if (own?.connection === "connected") throw numberTaken();
  const id = own?.id ?? (await nextPhoneId(db));
  const atMeta = await fieldsAtMeta(ctx, given.wabaAccessToken, { wabaPhoneNumberId, wabaApiVersion });
  const phoneNumber = given.phoneNumber ?? atMeta.phoneNumber ?? own?.phoneNumber ?? "";
  const phone = {
    ...atMeta,
    name: given.name ?? own?.name ?? atMeta.verifiedName ?? phoneNumber,
    ...{ phoneNumber, wabaPhoneNumberId, wabaId, wabaApiVersion },
    wabaVerifyToken: given.wabaVerifyToken ?? own?.wabaVerifyToken ?? newVerifyToken(),
    wabaAccessToken: await sealedToken(ctx, id, given.wabaAccessToken),
  };
  const actor = { organizationId: agent.organizationId, agentId: agent.id };
  const reconnected = [{ action: "phone.reconnected" as const, detail: {} }];
  const isSaved = own
    ? await updatePhone(db, actor, id, { change: phone, state: "connect" }, reconnected)
    : await insertPhone(db, actor, { id, ...phone });
  if (!isSaved) throw numberTaken();
  await storeFindings(db, id, findings, now());
  return await requirePhoneRow(ctx, id);
}

/** Meta repeats it in its verification request, and never shows it to anyone else. */
function newVerifyToken(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(VERIFY_TOKEN_BYTES)));
}
