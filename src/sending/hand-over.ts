import { databaseUrlOf, readConfig } from "../config.ts";
import { connect, type Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
import { queuedBefore } from "../db/metrics.ts";
import { addNotices, type OwnNotice } from "../db/notices.ts";
import { allPhones } from "../db/organization-phones.ts";
import { type Settlement, unsettledPhones } from "../db/outgoing.ts";
import { failpoint } from "../failpoint.ts";
import type { AccountClient } from "../whatsapp/graph-account.ts";
import { withTimeout } from "../with-timeout.ts";
import { graphOf } from "./phone-graph.ts";

/** So long a reader waits until Meta knows. */
const READ_LIMIT_MS = 2_000;

/** A message that is stored and queued. */
export type StoredMessage = { organizationPhoneId: number; chatId: number; id: number };

/**
 * Submits a stored message to the Sender of its number, and waits for how it ends: null when that takes longer than `waitMs`, or
 * cannot be learnt. It is sent all the same, for the row is there and the Sender looks for such.
 */
export async function handOver(
  env: Env,
  { organizationPhoneId, chatId, id }: StoredMessage,
  waitMs: number,
): Promise<Settlement | null> {
  FAILPOINTS && (await failpoint("sender.handOver"));
  const sent = senderOf(env, organizationPhoneId).send(chatId, id);
  return await withTimeout(
    waitMs,
    sent.catch(() => null),
  );
}

/** Has Meta told that a customer's message was read. Never fails, and soon stops waiting: the agents see it as read either way. */
export async function tellRead(env: Env, organizationPhoneId: number, wamid: string): Promise<void> {
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

/** A number's way to its account at Graph. */
export type AccountGraph = { client: AccountClient; phoneNumberId: string };

/** Called in the request itself: nothing here has to wait its turn. Throws `AccessTokenError`. */
export async function accountGraphOf(env: Env, db: Db, organizationPhoneId: number): Promise<AccountGraph> {
  const { account: client, phoneNumberId } = await graphOf(env, db, organizationPhoneId);
  return { client, phoneNumberId };
}

/** With which version of Graph a number is called. */
export type NumberVersion = {
  id: number;
  organizationId: number;
  wabaId: string | null;
  name: string;
  version: string;
};

/** Keeps what there is to be noticed of the numbers, each thing once; gives what is new. */
export async function keepNumberNotices(
  env: Env,
  noticeOf: (number: NumberVersion) => OwnNotice | null,
): Promise<CommittedNotice[]> {
  const db = connect(databaseUrlOf(env));
  const { version } = readConfig(env).graph;
  const numbers = await allPhones(db);
  const notices = numbers.flatMap(
    ({ wabaApiVersion, ...number }) =>
      noticeOf({ ...number, version: wabaApiVersion?.trim() || version }) ?? [],
  );
  return notices.length === 0 ? [] : await addNotices(db, notices);
}

/** Has every number looked after that has messages which have not come to rest. */
export async function lookAfterAll(env: Env): Promise<void> {
  const phones = await unsettledPhones(connect(databaseUrlOf(env)));
  await Promise.allSettled(phones.map((id) => senderOf(env, id).lookAfter()));
}

/** How many messages have been waiting since before a moment to be sent at all. */
export async function waitingBefore(env: Env, moment: Date): Promise<number> {
  return await queuedBefore(connect(databaseUrlOf(env)), moment);
}

function senderOf(env: Env, organizationPhoneId: number) {
  return env.SENDER.getByName(String(organizationPhoneId));
}
