import { databaseUrlOf } from "../config.ts";
import { CRON_LIMIT_MS, connect } from "../db/client.ts";
import type { Created, NewMessage } from "../db/new-messages.ts";
import { type Settlement, unsettledPhones } from "../db/outgoing.ts";
import { failpoint } from "../failpoint.ts";
import { objectBesideDatabase } from "../region.ts";
import { withTimeout } from "../with-timeout.ts";

/** How long a caller waits for a read receipt to reach Meta. */
const READ_LIMIT_MS = 2_000;

/** A new message that the Sender was given: what was stored, and how its attempts ended, null when there were none. */
export type SentNew = { created: Created; settlement: Settlement | null };

/** A message that is stored and queued. */
export type StoredMessage = { organizationPhoneId: number; chatId: number; id: number };

/**
 * Submits a stored message to the Sender of its number, and waits for how it ends: null when that takes longer than `waitMs`, or
 * cannot be determined. The message is sent either way: the row is stored, and the Sender sweeps for such rows.
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

/**
 * Has the Sender store a new message and send it in one go. Null when it has to wait for others, when that takes longer than
 * `waitMs`, or when nothing is known: then the message is still to be stored, under the same idempotency key.
 */
export async function sendAtOnce(env: Env, message: NewMessage, waitMs: number): Promise<SentNew | null> {
  FAILPOINTS && (await failpoint("sender.beforeStore"));
  const sent: Promise<SentNew | null> = senderOf(env, message.organizationPhoneId).sendNew(message);
  return await withTimeout(
    waitMs,
    sent.catch(() => null),
  );
}

/** Sends Meta a read receipt for a customer's message. Never fails and waits briefly: agents see the message as read either way. */
export async function sendReadReceipt(env: Env, organizationPhoneId: number, wamid: string): Promise<void> {
  const receipt = senderOf(env, organizationPhoneId).markRead(wamid);
  await withTimeout(
    READ_LIMIT_MS,
    receipt.catch(() => undefined),
  );
}

/** Shows the customer that an answer is being written. Never fails and waits briefly. */
export async function showTyping(env: Env, organizationPhoneId: number, wamid: string): Promise<void> {
  const receipt = senderOf(env, organizationPhoneId).markRead(wamid, true);
  await withTimeout(
    READ_LIMIT_MS,
    receipt.catch(() => undefined),
  );
}

/** Sweeps every phone that has unsettled messages. */
export async function sweepSends(env: Env): Promise<void> {
  const phones = await unsettledPhones(connect(databaseUrlOf(env), CRON_LIMIT_MS));
  await Promise.allSettled(phones.map((id) => senderOf(env, id).sweep()));
}

function senderOf(env: Env, organizationPhoneId: number) {
  return objectBesideDatabase(env, env.SENDER, String(organizationPhoneId));
}
