import { nothingCommitted } from "../db/committed.ts";
import { storeFindings } from "../db/phone-checks.ts";
import { type Audited, type PhoneRow, updatePhone } from "../db/phones.ts";
import { invalidField } from "../errors.ts";
import { reconcileCheckAlarms } from "../phones/check-alarms.ts";
import type { NewPhone } from "./connect-phone.ts";
import type { ActionContext } from "./context.ts";
import { fieldsAtMeta, numberTaken, requirePassing, sealedToken } from "./phone-values.ts";
import { requirePhoneRow } from "./require-phone.ts";

/** Fields of a number to change; a missing one stays. A null version is the default one. */
export type PhoneEdit = { [Field in keyof NewPhone]?: NewPhone[Field] | undefined };

const PLAIN_FIELDS = [
  ...(["name", "phoneNumber", "wabaPhoneNumberId", "wabaId", "wabaApiVersion", "wabaVerifyToken"] as const),
];
type PlainField = (typeof PLAIN_FIELDS)[number];

/**
 * Changes a number. A new token or id is checked, with all other values, before the old one goes; a new token also connects a
 * disconnected number again. With another phone number ID the phone is Meta's, unless one is given. Throws `not_found`, `invalid_request`, `checks_failed`, `number_taken`, `unavailable`.
 */
export async function changePhone(ctx: ActionContext, id: number, edit: PhoneEdit): Promise<PhoneRow> {
  const { agent, db, now } = ctx;
  const phone = await requirePhoneRow(ctx, id);
  const asked = changesIn(edit, phone);
  const token = edit.wabaAccessToken;
  const isChecked =
    token !== undefined || asked.wabaPhoneNumberId !== undefined || asked.wabaId !== undefined;
  const accessToken = isChecked ? (token ?? (await ownToken(ctx, phone, asked))) : null;
  const findings =
    accessToken === null
      ? []
      : await requirePassing(ctx, { ...phone, ...asked, wabaAccessToken: accessToken });
  const atMeta = accessToken === null ? {} : await otherNumberAtMeta(ctx, phone, edit, accessToken);
  const change = { ...changesIn(atMeta, phone), ...asked };
  const changed = PLAIN_FIELDS.filter((field) => field in change);
  const isReconnected = phone.connection === "disconnected" && token !== undefined;
  const entries: Audited[] = [];
  if (changed.length > 0)
    entries.push({ action: "phone.changed", detail: { changes: changesOf(phone, change, changed) } });
  if (token !== undefined)
    entries.push({ action: isReconnected ? "phone.reconnected" : "phone.token_rotated", detail: {} });
  if (entries.length === 0) return phone;
  const sealed = token === undefined ? {} : { wabaAccessToken: await sealedToken(ctx, id, token) };
  const actor = { organizationId: agent.organizationId, agentId: agent.id };
  const state = isReconnected ? { state: "connect" as const } : {};
  if (!(await updatePhone(db, actor, id, { change: { ...atMeta, ...change, ...sealed }, ...state }, entries)))
    throw numberTaken();
  await storeFindings(db, id, findings, now());
  const changedPhone = await requirePhoneRow(ctx, id);
  const found = findings.map((finding) => ({ ...finding, since: now().toISOString() }));
  const notices = await reconcileCheckAlarms(db, agent.organizationId, changedPhone, found, now());
  await ctx.publish({ ...nothingCommitted, notices });
  return changedPhone;
}

/** The fields that differ from the row's. */
function changesIn(
  edit: { [Field in PlainField]?: string | null | undefined },
  phone: PhoneRow,
): Partial<Record<PlainField, string>> {
  const changed = PLAIN_FIELDS.filter((field) => edit[field] !== undefined && edit[field] !== phone[field]);
  return Object.fromEntries(changed.map((field) => [field, edit[field]]));
}

/** What Meta shows of the number that takes the row's place: another phone number ID is another phone. */
async function otherNumberAtMeta(ctx: ActionContext, row: PhoneRow, edit: PhoneEdit, token: string) {
  const { wabaPhoneNumberId } = edit;
  if (wabaPhoneNumberId === undefined || wabaPhoneNumberId === row.wabaPhoneNumberId) return {};
  const wabaApiVersion = edit.wabaApiVersion === undefined ? row.wabaApiVersion : edit.wabaApiVersion;
  const shown = await fieldsAtMeta(ctx, token, { wabaPhoneNumberId, wabaApiVersion });
  return { ...shown, phoneNumber: edit.phoneNumber ?? shown.phoneNumber ?? row.phoneNumber };
}

/**
 * Disconnects a number: its token is erased and its sends are refused. Chats stay, and what Meta still delivers is stored.
 * Disconnecting again changes nothing. Throws `not_found`.
 */
export async function disconnectPhone(ctx: ActionContext, id: number): Promise<PhoneRow> {
  const { agent, db, now } = ctx;
  const phone = await requirePhoneRow(ctx, id);
  if (phone.connection === "disconnected") return phone;
  const actor = { organizationId: agent.organizationId, agentId: agent.id };
  const state = { disconnect: "admin" as const, at: now() };
  await updatePhone(db, actor, id, { change: { wabaAccessToken: null }, state }, [
    { action: "phone.disconnected", detail: { reason: "admin" } },
  ]);
  return await requirePhoneRow(ctx, id);
}

/**
 * The stored token, to read other ids with. A secret of the Worker is the operator's and may read other organizations' numbers: with
 * it, the two ids of the row can be swapped, and any other is for SQL.
 */
async function ownToken(
  { numbers }: ActionContext,
  phone: PhoneRow,
  { wabaId, wabaPhoneNumberId }: Partial<Record<PlainField, string>>,
): Promise<string> {
  const isSwap = wabaId === phone.wabaPhoneNumberId && wabaPhoneNumberId === phone.wabaId;
  const isOwn = phone.accessToken === "sealed" || phone.accessToken === "raw" || isSwap;
  const opened = isOwn ? await numbers.open(phone) : null;
  if (opened && "token" in opened) return opened.token;
  throw invalidField("/wabaAccessToken", "Give an access token that can read the number.", "required");
}

/** The verify token is a secret between Meta and us: that it changed is enough. */
function changesOf(
  phone: PhoneRow,
  change: Partial<Record<PlainField, string>>,
  fields: readonly PlainField[],
) {
  const shown = (field: PlainField, value: string | null) =>
    field === "wabaVerifyToken" && value !== null ? "(changed)" : value;
  return Object.fromEntries(
    fields.map((field) => [
      field,
      { from: shown(field, phone[field]), to: shown(field, change[field] ?? null) },
    ]),
  );
}
