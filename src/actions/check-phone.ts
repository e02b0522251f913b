import { lastFindings, storeFindings } from "../db/phone-checks.ts";
import { activityOf, type PhoneRow } from "../db/phones.ts";
import { testMessage } from "../db/test-messages.ts";
import { lastInboundOfOthers } from "../db/webhook-events.ts";
import type { CheckId, Finding } from "../domain/check.ts";
import type { StoredFinding } from "../domain/phone.ts";
import { checkNumber } from "../phones/check-number.ts";
import type { GivenToken, NumberValues } from "../whatsapp/checks/values.ts";
import type { ActionContext } from "./context.ts";
import { requirePhoneRow } from "./require-phone.ts";

/** Which checks, and what they wait for. */
export type CheckRequest = {
  only?: CheckId[] | undefined;
  /** C13: since when somebody waits for a message from their phone, and for how long. */
  wait?: { since: Date; seconds: number } | undefined;
  /** C14: the test message. */
  messageId?: number | undefined;
};

/** The number as the request reached it. */
type Where = { callbackUrl: string | null };

/** Checks values that are not saved. Nothing can have come in or gone out yet. */
export async function checkValues(
  ctx: ActionContext,
  values: NumberValues & { wabaAccessToken: string },
  { only }: Pick<CheckRequest, "only">,
  { callbackUrl }: Where,
): Promise<Finding[]> {
  const { now } = ctx;
  const source = {
    ...baseSource(ctx, values, { token: values.wabaAccessToken }, callbackUrl),
    inbound: async () => ({
      now: now(),
      wait: null,
      lastInboundAt: null,
      lastRefusedAt: null,
      lastOfOtherNumberAt: null,
    }),
    outbound: async () => ({ now: now(), message: null }),
  };
  return await checkNumber(source, only);
}

/** Checks a stored number, and keeps what was found. Throws `not_found`. */
export async function checkPhone(
  ctx: ActionContext,
  id: number,
  request: CheckRequest,
  where: Where,
): Promise<StoredFinding[]> {
  return await checkStored(ctx, await requirePhoneRow(ctx, id), request, where);
}

/** The same for a row that was just read. */
export async function checkStored(
  ctx: ActionContext,
  phone: PhoneRow,
  { only, wait, messageId }: CheckRequest,
  { callbackUrl }: Where,
): Promise<StoredFinding[]> {
  const { agent, db, now, numbers } = ctx;
  const token = await numbers.open(phone);
  const source = {
    ...baseSource(ctx, phone, token, callbackUrl),
    inbound: async () => ({
      now: now(),
      wait: wait ?? null,
      lastInboundAt: (await activityOf(db, phone.id)).lastInboundAt,
      lastRefusedAt: null,
      lastOfOtherNumberAt: wait && phone.wabaId ? await lastInboundOfOthers(db, phone.wabaId) : null,
    }),
    outbound: async () => ({
      now: now(),
      message: messageId === undefined ? null : await testMessage(db, agent.organizationId, messageId),
    }),
  };
  const findings = await checkNumber(source, only);
  const checkedAt = now();
  await storeFindings(db, phone.id, findings.filter(isWorthKeeping), checkedAt);
  const kept = await lastFindings(db, phone.id);
  return findings.map((found) => {
    const since = kept.find(({ id, code }) => id === found.id && code === found.code)?.since;
    const at = checkedAt.toISOString();
    return { ...found, checkedAt: at, since: since ?? at };
  });
}

function baseSource(
  { now, numbers, systemFacts }: ActionContext,
  values: NumberValues,
  token: GivenToken,
  callbackUrl: string | null,
) {
  const { wabaApiVersion } = values;
  return {
    ...{ values, token, callbackUrl, now, appSecrets: numbers.appSecrets },
    client: (text: string) => numbers.client(text, wabaApiVersion),
    system: () => systemFacts(wabaApiVersion?.trim() || numbers.defaultVersion),
  };
}

/** What was not run, or waits, replaces no earlier result. */
function isWorthKeeping({ status, code }: Finding): boolean {
  return status !== "skip" || code === "needs";
}
