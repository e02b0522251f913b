import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { type Settlement, unsettledPhones } from "../db/outgoing.ts";
import { within } from "../time-limit.ts";

/** So long a reader waits until Meta knows. */
const READ_LIMIT_MS = 2_000;

/**
 * Hands a message that is written down to the Sender of its number, and waits for how it ends: null when that takes longer
 * than `waitMs`, or cannot be learnt. It is sent all the same, for the row is there and the Sender looks for such.
 */
export async function handOver(
  env: Env,
  message: { organizationPhoneId: number; chatId: number; id: number },
  waitMs: number,
): Promise<Settlement | null> {
  const sent = senderOf(env, message.organizationPhoneId).send(message.chatId, message.id);
  return await within(
    waitMs,
    sent.catch(() => null),
  );
}

/** Has Meta told that a customer's message was read. Never fails, and soon stops waiting: the agents see it as read either way. */
export async function tellRead(env: Env, organizationPhoneId: number, wamid: string): Promise<void> {
  const told = senderOf(env, organizationPhoneId).markRead(wamid);
  await within(
    READ_LIMIT_MS,
    told.catch(() => undefined),
  );
}

/** Has every number looked after that has messages which have not come to rest. */
export async function lookAfterAll(env: Env): Promise<void> {
  const phones = await unsettledPhones(connect(databaseUrlOf(env)));
  await Promise.allSettled(phones.map((id) => senderOf(env, id).lookAfter()));
}

function senderOf(env: Env, organizationPhoneId: number) {
  return env.SENDER.getByName(String(organizationPhoneId));
}
