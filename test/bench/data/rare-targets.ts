import { withClient } from "../../../src/local/with-client.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";

export type RareTargets = Awaited<ReturnType<typeof findRareTargets>>;

/** A customer who is known by phone alone, in one chat. */
type Person = { contactId: number; chatId: number; phone: string };

/** Finds the rows that rare calls use. Other ones each time: such a call changes its row for good. */
export async function findRareTargets(url: string, { phones }: Seeded) {
  return await withClient(url, async (client) => {
    const rows = async <Row extends object>(
      text: string,
      values: unknown[] = [],
    ): Promise<[Row, ...Row[]]> => {
      const [first, ...others] = (await client.query<Row>(text, values)).rows;
      if (!first) throw new Error(`no row found: ${text}`);
      return [first, ...others];
    };
    const people = (from: number, upTo: number) =>
      rows<Person>(
        `select k.id "contactId", c.id "chatId", k.phone from "Contact" k join "Chat" c on c."contactId" = k.id
         where c."organizationPhoneId" = $1 and k.id between $2 and $3 and k."userId" is null and k."mergedIntoId" is null and k."blockedAt" is null
           and not exists (select from "ContactMerge" m where k.id in (m."contactId", m."mergedContactId"))
           and (select count(*) from "ContactIdentity" o where o."contactId" = k.id) = 1 order by k.id limit 10`,
        [phones[0]?.id, from, upTo],
      );
    const messages = (condition: string) =>
      rows<{ id: number; chatId: number; wamid: string; mediaId: number | null }>(
        `select m.id, m."chatId", m.wamid, m."mediaId" from "Message" m where ${condition} order by m.id limit 4`,
      );
    const two = async (text: string) => {
      const [first, second = first] = await rows<{ id: number }>(text);
      return [first, second] as const;
    };
    return {
      /** With some twenty messages each. */
      people: await people(100, 400),
      /** With a few hundred. */
      talkative: await people(4, 16),
      /** Who also wrote in the group. */
      groupMembers: await people(701, 709),
      unconfirmed: await messages(`m.status = 'unconfirmed' and m.error is null`),
      withFile: await messages(
        `m."mediaId" in (select f.id from "Media" f where f.state = 'pending') and m.amends is null`,
      ),
      inLongest: await messages(
        `m."chatId" = ${LONGEST_CHAT} and not m."fromMe" and m.amends is null and m."messageType" = 'text' and m."revokedAt" is null`,
      ),
      ours: await messages(`m."chatId" = ${LONGEST_CHAT} and m."fromMe" and m.status = 'read'`),
      labels: await two(`select id from "Label" order by id desc limit 2`),
      quickReplies: await rows<{ id: number }>(`select id from "QuickReply" order by id desc limit 2`),
      storedEvents: await rows<{ id: number }>(
        `select id from "WebhookEvent" where "organizationId" is not null and "appliedAt" is null order by id limit 2`,
      ),
    };
  });
}
