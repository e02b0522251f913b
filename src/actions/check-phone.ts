import { nothingCommitted } from "../db/committed.ts";
import { updatePhone } from "../db/phones.ts";
import type { CheckId, Finding } from "../domain/check.ts";
import type { StoredFinding } from "../domain/phone.ts";
import { reconcileCheckAlarms } from "../phones/check-alarms.ts";
import { checkNumber } from "../phones/check-number.ts";
import { type CheckRequest, checkStored } from "../phones/check-stored.ts";
import type { NumberValues } from "../whatsapp/checks/values.ts";
import type { ActionContext } from "./context.ts";
import { requirePhoneRow } from "./require-phone.ts";

/** Checks values that are not saved. Nothing can have come in or gone out yet. */
export async function checkValues(
  { now, numbers, systemFacts }: ActionContext,
  values: NumberValues & { wabaAccessToken: string },
  { only, callbackUrl }: { only?: CheckId[] | undefined; callbackUrl: string | null },
): Promise<Finding[]> {
  const { wabaApiVersion } = values;
  const source = {
    ...{ values, callbackUrl, now, appSecrets: numbers.appSecrets },
    token: { token: values.wabaAccessToken },
    client: (token: string) => numbers.client(token, wabaApiVersion),
    system: () => systemFacts(wabaApiVersion?.trim() || numbers.defaultVersion),
    inbound: async () => ({
      ...{ now: now(), wait: null, lastInboundAt: null },
      ...{ lastOfOtherNumberAt: null, lastTestEventAt: null, lastRefusedAt: null },
    }),
    outbound: async () => ({ now: now(), message: null }),
  };
  return await checkNumber(source, only);
}

/**
 * Checks a stored number, and keeps what was found. One that Meta took from the app comes back once its token reads it again.
 * Throws `not_found`.
 */
export async function checkPhone(
  ctx: ActionContext,
  id: number,
  request: CheckRequest,
): Promise<StoredFinding[]> {
  const { agent, db } = ctx;
  const phone = await requirePhoneRow(ctx, id);
  const findings = await checkStored(ctx, agent.organizationId, phone, request);
  if (phone.disconnectReason === "partner_removed" && isReadable(findings)) {
    const actor = { organizationId: agent.organizationId, agentId: agent.id };
    const reconnected = [{ action: "phone.reconnected" as const, detail: {} }];
    await updatePhone(db, actor, id, { change: {}, state: "connect" }, reconnected);
  }
  const notices = await reconcileCheckAlarms(db, agent.organizationId, phone, findings, ctx.now());
  await ctx.publish({ ...nothingCommitted, notices });
  return findings;
}

function isReadable(findings: readonly Finding[]): boolean {
  return findings.some(({ id, status }) => id === "C05" && status === "pass");
}
