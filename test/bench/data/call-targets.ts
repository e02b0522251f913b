import { withClient } from "../../../src/local/with-client.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";

export type CallTargets = Awaited<ReturnType<typeof findCallTargets>>;

/**
 * Finds the rows that the calls use: messages near both ends and in the middle of the longest chat, a position deep in the
 * chat list, and an inbound, an outgoing and a queued message.
 */
export async function findCallTargets(url: string, { organizationId, phones }: Seeded) {
  return await withClient(url, async (client) => {
    const one = async <Row extends Record<string, unknown>>(
      text: string,
      values: unknown[] = [],
    ): Promise<Row> => {
      const { rows } = await client.query<Row>(text, values);
      if (!rows[0]) throw new Error(`no row found: ${text}`);
      return rows[0];
    };
    const anchorAt = async (position: string, share: number) => ({
      position,
      messageId: (
        await one<{ id: number }>(
          `select id from "Message" where "chatId" = $1 and amends is null order by "createdAt", seq
           offset (select (count(*) * $2::float8)::int from "Message" where "chatId" = $1 and amends is null) limit 1`,
          [LONGEST_CHAT, share],
        )
      ).id,
    });
    const anchors = [
      await anchorAt("near the start", 0.005),
      await anchorAt("in the middle", 0.5),
      await anchorAt("near the end", 0.99),
    ];
    const deep = await one<{ id: number; lastMessageAt: string }>(
      `select id, to_char("lastMessageAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastMessageAt"
       from "Chat" where "organizationId" = $1 order by "lastMessageAt" desc, id desc
       offset (select count(*) / 2 from "Chat" where "organizationId" = $1) limit 1`,
      [organizationId],
    );
    const { head } = await one<{ head: number }>(`select head from "Chat" where id = $1`, [LONGEST_CHAT]);
    const message = (condition: string) =>
      one<{ id: number; chatId: number; wamid: string; head: number }>(
        `select m.id, m."chatId", m.wamid, c.head from "Message" m join "Chat" c on c.id = m."chatId"
         where ${condition} and m."chatId" > 3 order by m.id limit 1`,
      );
    return {
      anchors,
      deep,
      head,
      inbound: await message(`not m."fromMe" and m.amends is null`),
      outgoing: await message(`m."fromMe" and m.status = 'read'`),
      // The message with the longest queue before it.
      queued: await one<{ id: number }>(
        `select max(id) as id from "Message" where status = 'queued' and "organizationPhoneId" = $1`,
        [phones[0]?.id],
      ),
    };
  });
}
