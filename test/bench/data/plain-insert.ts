import type pg from "pg";
import type { InboundEvent } from "../../../src/domain/inbound-event.ts";
import type { Seeded } from "./seed-shape.ts";

const COLUMNS = [
  ...["organizationPhoneId", "chatId", "seq", "wamid", "fromMe", "messageType"],
  ...["body", "payload", "content", "createdAt", "receivedAt"],
];

/**
 * The minimal cost of storing texts: their rows of "Message" and "ChatEvent" as one multi-row INSERT, with all indexes and
 * foreign keys of these tables, but without look-ups, locks or changes of the chat's row.
 */
export async function plainInsert(
  client: pg.Client,
  seeded: Seeded,
  chats: number[],
  events: InboundEvent[],
) {
  const { rows } = await client.query<{ id: number; head: number }>(
    `select id, head from "Chat" where id = any($1)`,
    [chats],
  );
  const heads = new Map(rows.map(({ id, head }) => [id, head]));
  const values = events.flatMap((event, n) => {
    const chat = chats[n];
    if (event.kind !== "message" || chat === undefined) throw new Error("only texts can be inserted");
    const seq = (heads.get(chat) ?? 0) + 1;
    heads.set(chat, seq);
    const { wamid, fromMe, messageType, body, payload, content, at } = event;
    return [[seeded.phoneOf(chat).id, chat, seq, wamid, fromMe, messageType, body, payload, content, at, at]];
  });
  const placeholders = values.map(
    (row, n) => `(${row.map((_, i) => `$${n * row.length + i + 1}`).join(",")})`,
  );
  const text = `with made as (
      insert into "Message" (${COLUMNS.map((name) => `"${name}"`).join(",")}) values ${placeholders.join(",")} returning id, "chatId", seq)
    insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.created', id from made`;
  return {
    run: async () => await client.query(text, values.flat()),
    /** Advances the chats' heads to the inserted events, outside the measured time. */
    advanceHeads: async () => {
      await client.query(
        `update "Chat" c set head = h.head from unnest($1::int[], $2::int[]) h(id, head) where c.id = h.id`,
        [[...heads.keys()], [...heads.values()]],
      );
    },
  };
}
