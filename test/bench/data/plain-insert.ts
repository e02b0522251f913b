import type pg from "pg";
import type { InboundEvent } from "../../../src/domain/inbound-event.ts";
import type { Seeded } from "./seed-shape.ts";

const COLUMNS = [
  ...["organizationPhoneId", "chatId", "seq", "wamid", "fromMe", "messageType"],
  ...["body", "payload", "content", "createdAt", "receivedAt"],
];

const LOG = `insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.created', id from made`;

const INDEX = `insert into "MessageSearch" ("messageId", "organizationId", "createdAt", lexemes)
  select made.id, $1, made."createdAt", l.lexemes
  from made join unnest($2::int[], $3::int[], $4::tsvector[]) l("chatId", seq, lexemes) using ("chatId", seq)`;

/**
 * The minimal cost of storing texts: their rows of "Message" and "ChatEvent", and with `isSearchable` those of "MessageSearch", whose
 * words are known before, as one multi-row INSERT, with all indexes and foreign keys of these tables, but without look-ups, locks or
 * changes of the chat's row.
 */
export async function plainInsert(
  client: pg.Client,
  seeded: Seeded,
  chats: number[],
  events: InboundEvent[],
  isSearchable: boolean,
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
  const search = isSearchable ? await searchRows(client, seeded.organizationId, values) : [];
  const placeholders = values.map(
    (row, n) => `(${row.map((_, i) => `$${search.length + n * row.length + i + 1}`).join(",")})`,
  );
  const made = `insert into "Message" (${COLUMNS.map((name) => `"${name}"`).join(",")}) values ${placeholders.join(",")}
    returning id, "chatId", seq, "createdAt"`;
  const text = isSearchable
    ? `with made as (${made}), logged as (${LOG}) ${INDEX}`
    : `with made as (${made}) ${LOG}`;
  const parameters = [...search, ...values.flat()];
  return {
    run: async () => await client.query(text, parameters),
    /** Advances the chats' heads to the inserted events, outside the measured time. */
    advanceHeads: async () => {
      await client.query(
        `update "Chat" c set head = h.head from unnest($1::int[], $2::int[]) h(id, head) where c.id = h.id`,
        [[...heads.keys()], [...heads.values()]],
      );
    },
  };
}

/** The parameters of `INDEX`: the organization, and of each row its chat, its number and its words. */
async function searchRows(
  client: pg.Client,
  organizationId: number,
  values: unknown[][],
): Promise<unknown[]> {
  const column = (name: string) => values.map((row) => row[COLUMNS.indexOf(name)]);
  const { rows } = await client.query<{ lexemes: string[] }>(
    `select array_agg(search_lexemes($1, t.at, t.body)::text order by n) as lexemes
     from unnest($2::timestamptz[], $3::text[]) with ordinality t(at, body, n)`,
    [organizationId, column("createdAt"), column("body")],
  );
  return [organizationId, column("chatId"), column("seq"), rows[0]?.lexemes ?? []];
}
