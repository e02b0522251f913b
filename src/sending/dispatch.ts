import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { type Settlement, unsettledPhones } from "../db/outgoing.ts";
import { failpoint } from "../failpoint.ts";
import { withTimeout } from "../with-timeout.ts";

/** So long a reader waits until Meta knows. */
const READ_LIMIT_MS = 2_000;

/** A message that is stored and queued. */
export type StoredMessage = { organizationPhoneId: number; chatId: number; id: number };

/**
 * Submits a stored message to the Sender of its number, and waits for how it ends: null when that takes longer than `waitMs`, or
 * cannot be learnt. It is sent all the same, for the row is there and the Sender looks for such.
 */
export async function dispatch(
  env: Env,
  { organizationPhoneId, chatId, id }: StoredMessage,
  waitMs: number,
): Promise<Settlement | null> {
  FAILPOINTS && (await failpoint("sender.dispatch"));
  const sent = senderOf(env, organizationPhoneId).send(chatId, id);
  return await withTimeout(
    waitMs,
    sent.catch(() => null),
  );
}

/** Has Meta told that a customer's message was read. Never fails, and soon stops waiting: the agents see it as read either way. */
export async function sendReadReceipt(env: Env, organizationPhoneId: number, wamid: string): Promise<void> {
  const told = senderOf(env, organizationPhoneId).markRead(wamid);
  await withTimeout(
    READ_LIMIT_MS,
    told.catch(() => undefined),
  );
}

/** Has the customer shown that an answer is being written. Never fails, and soon stops waiting. */
export async function showTyping(env: Env, organizationPhoneId: number, wamid: string): Promise<void> {
  const told = senderOf(env, organizationPhoneId).markRead(wamid, true);
  await withTimeout(
    READ_LIMIT_MS,
    told.catch(() => undefined),
  );
}

/** Has every number looked after that has messages which have not come to rest. */
export async function sweepSends(env: Env): Promise<void> {
  const phones = await unsettledPhones(connect(databaseUrlOf(env)));
  await Promise.allSettled(phones.map((id) => senderOf(env, id).sweep()));
}

function senderOf(env: Env, organizationPhoneId: number) {
  return env.SENDER.getByName(String(organizationPhoneId));
}
