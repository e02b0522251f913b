import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { db } from "./build.ts";
import { type aLiveChat, graphCalls } from "./graph.ts";

export type Chat = Awaited<ReturnType<typeof aLiveChat>>;
export type Row = {
  id: number;
  status: string;
  wamid: string | null;
  attempts: number;
  claimId: string | null;
};

/** A message of ours as an interrupted send has left it. */
export async function leftBehind(
  chat: Chat,
  columns: Record<string, string | number | null> = {},
): Promise<number> {
  const left = { status: "queued", body: "Left", ...columns };
  const { rows } = await db.execute<{ id: number }>(sql`
    with top as (update "Chat" set head = head + 1 where id = ${chat.id} returning id, head),
    made as (insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status,
        "claimId", "leaseUntil", attempts, "nextAttemptAt", "createdAt")
      select ${chat.organizationPhoneId}, id, head, true, 'text', ${left.body},
        json_build_object('type', 'text', 'text', json_build_object('body', ${left.body}::text)), ${left.status},
        ${columns.claimId ?? null}, ${columns.leaseUntil ?? null}::timestamptz, ${columns.attempts ?? 0},
        ${columns.nextAttemptAt ?? null}::timestamptz, now() from top returning id, "chatId", seq)
    insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.created', id from made
    returning "messageId" id`);
  return rows[0]?.id ?? 0;
}

export async function rowOf(id: number): Promise<Row | undefined> {
  const { rows } = await db.execute<Row>(
    sql`select id, status, wamid, attempts, "claimId" from "Message" where id = ${id}`,
  );
  return rows[0];
}

export const senderOf = ({ organizationPhoneId }: Chat) => env.SENDER.getByName(String(organizationPhoneId));
export const at = (ms: number) => new Date(Date.now() + ms).toISOString();

export async function bodiesAtMeta(chat: Chat): Promise<unknown[]> {
  return (await graphCalls(chat.phoneNumberId)).map(({ body }) => body.text);
}
