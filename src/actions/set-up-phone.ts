import { addAudit } from "../db/audit.ts";
import type { AuditAction } from "../domain/audit.ts";
import type { CheckId } from "../domain/check.ts";
import type { StoredFinding } from "../domain/phone.ts";
import { AppError } from "../errors.ts";
import { checkStored } from "../phones/check-stored.ts";
import { toRefusal } from "../phones/graph-refusal.ts";
import type { CodeMethod, NumberClient } from "../whatsapp/graph-number.ts";
import type { ActionContext } from "./context.ts";
import { requirePhoneRow } from "./require-phone.ts";

/** The steps at Meta that a number may lack. */
export type SetUpStep =
  /** Has the account's events sent to the app. */
  | { kind: "subscribe" }
  /** Registers the number for the Cloud API; the PIN becomes its two-step PIN, or must be the one that it has. */
  | { kind: "register"; pin: string }
  /** Has Meta send a code to the phone, and enters it. */
  | { kind: "request_code"; method: CodeMethod; language: string }
  | { kind: "verify_code"; code: string };

const ACTIONS: Record<SetUpStep["kind"], AuditAction> = {
  subscribe: "phone.subscribed",
  register: "phone.registered",
  request_code: "phone.code_requested",
  verify_code: "phone.verified",
};

/** The checks that a step is to turn green. */
const CHECKED_AFTER: Record<SetUpStep["kind"], CheckId[]> = {
  subscribe: ["C12"],
  register: ["C06", "C07"],
  request_code: [],
  verify_code: ["C06"],
};

/**
 * Takes a step at Meta and gives the checks that depend on it, run anew. PIN and code are passed on and never stored.
 * Throws `not_found`, `phone_disconnected`, `checks_failed` without a token, `meta_refused`, `rate_limited`, `unavailable`.
 */
export async function setUpPhone(
  ctx: ActionContext,
  id: number,
  step: SetUpStep,
  callbackUrl: string,
): Promise<StoredFinding[]> {
  const { agent, db, numbers } = ctx;
  const phone = await requirePhoneRow(ctx, id);
  if (phone.connection === "disconnected")
    throw new AppError("phone_disconnected", "The phone is disconnected: connect it again first.");
  const opened = await numbers.open(phone);
  const ids = { phoneNumberId: phone.wabaPhoneNumberId ?? "", wabaId: phone.wabaId ?? "" };
  if ("fault" in opened || !ids.phoneNumberId || !ids.wabaId) {
    const findings = await checkStored(ctx, agent.organizationId, phone, { only: ["C01"], callbackUrl });
    throw new AppError("checks_failed", "The phone's values are not complete.", { findings });
  }
  try {
    await take(numbers.client(opened.token, phone.wabaApiVersion), ids, step);
  } catch (error) {
    throw toRefusal(error);
  }
  const actor = { organizationId: agent.organizationId, agentId: agent.id };
  await addAudit(db, actor, id, { action: ACTIONS[step.kind], detail: {} });
  const only = CHECKED_AFTER[step.kind];
  return only.length === 0 ? [] : await checkStored(ctx, agent.organizationId, phone, { only, callbackUrl });
}

async function take(
  client: NumberClient,
  { phoneNumberId, wabaId }: { phoneNumberId: string; wabaId: string },
  step: SetUpStep,
): Promise<void> {
  switch (step.kind) {
    case "subscribe":
      return await client.subscribe(wabaId);
    case "register":
      return await client.register(phoneNumberId, step.pin);
    case "request_code":
      return await client.requestCode(phoneNumberId, step.method, step.language);
    case "verify_code":
      return await client.verifyCode(phoneNumberId, step.code);
    default:
      return step satisfies never;
  }
}
