import { env } from "cloudflare:workers";
import { and, eq, sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { auditEntries } from "../../src/db/audit-tables.ts";
import { contacts } from "../../src/db/contact-tables.ts";
import { ingest } from "../../src/db/ingest.ts";
import { messages } from "../../src/db/message-tables.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { allStored } from "../support/all-stored.ts";
import { as } from "../support/as.ts";
import { aChat, aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { findEverywhere } from "../support/everywhere.ts";
import { aBody, aStatus, aText, aWamid, deliverAndStore, type Item, post } from "../support/meta.ts";
import { deliverNotice } from "../support/notices.ts";

type Admin = Awaited<ReturnType<typeof anAdmin>>;
type Row = { id: number; chatId: number; wamid: string };

/** Somebody whose traces cannot be mistaken: the words that a search for them looks for. */
function aPersonToErase() {
  const mark = crypto.randomUUID().slice(0, 8);
  const phone = aCustomer();
  const userId = `RU.${phone}${Math.floor(Math.random() * 1e6)}`;
  return { mark, phone, userId, name: `Zina ${mark}`, traces: [phone, userId, mark] };
}

type Zina = ReturnType<typeof aPersonToErase>;

function textOf({ phone, userId, name, mark }: Zina, body: string, more: object = {}): Item {
  const text = aText({ from: phone, body: `${body} ${mark}` });
  const contact = { profile: { name }, wa_id: phone, user_id: userId };
  return { ...text, contact, item: { ...text.item, from_user_id: userId, ...more } };
}

async function contactIdOf({ organizationId }: Ground, phone: string): Promise<number> {
  const where = and(eq(contacts.organizationId, organizationId), eq(contacts.phone, phone));
  const [row] = await db.select({ id: contacts.id }).from(contacts).where(where);
  if (!row) throw new Error("no such contact");
  return row.id;
}

async function messageWith(text: string): Promise<Row> {
  const { id, chatId, wamid } = messages;
  const [row] = await db
    .select({ id, chatId, wamid })
    .from(messages)
    .where(sql`body like ${`%${text}%`}`)
    .limit(1);
  if (!row) throw new Error(`no such message: ${text}`);
  return { ...row, wamid: row.wamid ?? "" };
}

/** Everything that this system stores of a person; returns what Meta delivered, to be delivered again. */
async function liveThrough(ground: Ground, zina: Zina, boris: Admin): Promise<Item[]> {
  const { phone, userId, mark } = zina;
  const { organizationPhoneId } = ground;
  const first = textOf(zina, "Hello");
  const edited = textOf(zina, "Before");
  const edit: Item = {
    ...textOf(zina, ""),
    item: {
      from: phone,
      from_user_id: userId,
      id: aWamid(),
      timestamp: first.item.timestamp,
      type: "edit",
      edit: {
        original_message_id: edited.item.id,
        message: { type: "text", text: { body: `After ${mark}` } },
      },
    },
  };
  const image = textOf(zina, "", {
    type: "image",
    text: undefined,
    image: { id: `meta-${mark}`, mime_type: "image/png", caption: `Caption ${mark}` },
  });
  const delivered = [first, edited, edit, image];
  await deliverAndStore(ground.phoneNumberId, ...delivered);
  const upload = await boris.upload(`file of ${mark}`, `${mark}.png`);
  const { chatId } = await messageWith(`Hello ${mark}`);
  await boris.post("/send", {
    organizationPhoneId,
    chatId,
    type: "image",
    image: { mediaId: upload, caption: `Reply ${mark}` },
  });
  const sent = await messageWith(`Reply ${mark}`);
  const statuses = [
    aStatus(sent.wamid, "delivered", { recipient_id: phone }),
    aStatus(aWamid(), "sent", { recipient_id: phone }),
  ];
  await deliverAndStore(ground.phoneNumberId, ...statuses);
  await boris.patch(`/contacts/${await contactIdOf(ground, phone)}`, { name: `Zinaida ${mark}` });
  const preference = {
    wa_id: phone,
    user_id: userId,
    detail: mark,
    category: "marketing_messages",
    value: "stop",
    timestamp: Number(first.item.timestamp),
  };
  await deliverNotice(ground, {
    field: "user_preferences",
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "79001234567", phone_number_id: ground.phoneNumberId },
      contacts: [{ profile: { name: zina.name }, wa_id: phone }],
      user_preferences: [preference],
    },
  });
  await post(
    JSON.stringify(
      aBody(ground.phoneNumberId, { list: "messages", item: { from: phone, id: 7, odd: mark } }),
    ),
  );
  await db.execute(sql`insert into "ChatNote" ("organizationId", "chatId", "agentId", seq, body, "createdAt")
    select ${ground.organizationId}, ${chatId}, a.id, 1, ${`Note ${mark}`}, now() from "Agent" a where a."organizationId" = ${ground.organizationId} limit 1`);
  return [...delivered, ...statuses];
}

async function anAdmin(ground: Ground) {
  const person = await as({ ...ground, sub: "boris", role: "admin" });
  const upload = async (content: string, fileName: string) => {
    const path = `/media?organizationPhoneId=${ground.organizationPhoneId}&fileName=${fileName}`;
    const answer = await person.postFile(path, content, "image/png");
    return (await answer.json<{ id: number }>()).id;
  };
  return { ...person, upload };
}

/** Events whose chat or message is gone: no foreign key keeps them from being left behind. */
async function strayEvents() {
  const { rows } = await db.execute(sql`select e."chatId", e.seq from "ChatEvent" e
    where not exists (select from "Chat" c where c.id = e."chatId")
      or e."messageId" is not null and not exists (select from "Message" m where m.id = e."messageId") limit 5`);
  return rows;
}

describe("a person who is erased", () => {
  it("is found nowhere, stays away when Meta repeats itself, and may come back as somebody new", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const boris = await anAdmin(ground);
    const zina = aPersonToErase();
    const delivered = await liveThrough(ground, zina, boris);
    const other = await aChat(ground);
    const before = await findEverywhere(zina.traces);
    expect(before).toEqual(
      expect.arrayContaining([
        "Message.payload",
        "MessageStatus.payload",
        "WebhookEvent.payload",
        "Contact.name",
        "ContactIdentity.value",
        "IdentityReport.report",
        "ContactName.name",
        "MarketingChoice.value",
        "ChatNote.body",
        "Media.fileName",
        expect.stringMatching(new RegExp(`^${ground.organizationId}/[0-9a-f]{64}$`)),
      ]),
    );

    const contactId = await contactIdOf(ground, zina.phone);
    const { chatId } = await messageWith(`Hello ${zina.mark}`);
    const inbox = await boris.openInbox();
    const tab = await boris.openTab(chatId);
    await inbox.nextFrame();
    const answer = await boris.remove(`/contacts/${contactId}`);
    expect([answer.status, await answer.json()]).toEqual([200, { messages: 5 }]);
    expect(await findEverywhere(zina.traces)).toEqual([]);
    expect(await strayEvents()).toEqual([]);
    expect(await inbox.nextFrame()).toEqual({ type: "erased", chatIds: [chatId] });
    expect(await tab.closed).toBe(4410);
    for (const path of [`/contacts/${contactId}`, `/chats/${chatId}`])
      expect((await boris.get(path)).status).toBe(404);
    expect((await boris.remove(`/contacts/${contactId}`)).status).toBe(404);
    const where = and(
      eq(auditEntries.organizationId, ground.organizationId),
      eq(auditEntries.action, "contact.erased"),
    );
    expect(await db.select().from(auditEntries).where(where)).toMatchObject([{ detail: { count: 5 } }]);
    expect((await boris.get(`/chats/${other.id}`)).status).toBe(200);

    await deliverAndStore(ground.phoneNumberId, ...delivered, aStatus(String(delivered[0]?.item.id), "read"));
    expect(await findEverywhere(zina.traces)).toEqual([]);

    const later = textOf(zina, "It is me again");
    // After the erasure, by a clock of whole seconds.
    later.item.timestamp = String(Math.ceil(Date.now() / 1000) + 1);
    await deliverAndStore(ground.phoneNumberId, later);
    const again = await messageWith(`It is me again ${zina.mark}`);
    expect(again.chatId).not.toBe(chatId);
    const { data } = await (await boris.get(`/chats/${again.chatId}/messages`)).json<{ data: unknown[] }>();
    expect(data).toHaveLength(1);
    await deliverAndStore(ground.phoneNumberId, ...delivered);
    expect((await (await boris.get(`/chats/${again.chatId}`)).json<{ head: number }>()).head).toBe(1);
  });

  it("takes along who was merged into them, whichever of the two is named", async ({ expect }) => {
    const ground = await anOrganization();
    const boris = await anAdmin(ground);
    const [one, two] = [aPersonToErase(), aPersonToErase()];
    for (const zina of [one, two]) await deliverAndStore(ground.phoneNumberId, textOf(zina, "Hi"));
    const [kept, merged] = [await contactIdOf(ground, one.phone), await contactIdOf(ground, two.phone)];
    expect((await boris.post(`/contacts/${kept}/merge`, { contactId: merged })).status).toBe(200);
    expect((await boris.remove(`/contacts/${merged}`)).status).toBe(200);
    expect(await findEverywhere([...one.traces, ...two.traces])).toEqual([]);
  });

  it("leaves a group as somebody who deleted what they wrote", async ({ expect }) => {
    const ground = await anOrganization();
    const boris = await anAdmin(ground);
    const zina = aPersonToErase();
    const group_id = `group-${zina.mark.slice(0, 4)}`;
    const [olga, asked] = [aCustomer(), aWamid()];
    const question = aText({ from: olga, body: "Who comes?", wamid: asked });
    const quote = aText({ from: olga, body: "Fine" });
    const text = textOf(zina, "I do", { group_id });
    const reaction = textOf(zina, "", {
      type: "reaction",
      text: undefined,
      reaction: { message_id: asked, emoji: "👍" },
      group_id,
    });
    await deliverAndStore(
      ground.phoneNumberId,
      { ...question, item: { ...question.item, group_id } },
      textOf(zina, "Hi"),
      text,
      reaction,
      { ...quote, item: { ...quote.item, group_id, context: { from: zina.phone, id: text.item.id } } },
    );
    const { chatId } = await messageWith(`I do ${zina.mark}`);
    const tab = await boris.openTab(chatId);
    await tab.nextFrame();

    expect((await boris.remove(`/contacts/${await contactIdOf(ground, zina.phone)}`)).status).toBe(200);
    expect(await findEverywhere(zina.traces)).toEqual([]);
    const { data } = await (await boris.get(`/chats/${chatId}/messages`)).json<{
      data: { body: string; reactions: [] }[];
    }>();
    expect(data.map(({ body, reactions }) => [body, reactions.length])).toEqual([
      ["Who comes?", 0],
      ["[deleted]", 0],
      ["Fine", 0],
    ]);
    expect(await tab.nextFrame()).toMatchObject({ type: "event", event: "message.updated" });
    const group = (await (await boris.get(`/chats/${chatId}`)).json<{ contact: { id: number } }>()).contact
      .id;
    expect((await boris.remove(`/contacts/${group}`)).status).toBe(400);
  });

  it("does not take a file that another chat shows, nor the number that a longer one contains", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const boris = await anAdmin(ground);
    const [zina, other] = [aPersonToErase(), await aChat(ground)];
    await deliverAndStore(ground.phoneNumberId, textOf(zina, "Hi"));
    const { chatId } = await messageWith(`Hi ${zina.mark}`);
    const files = [
      await boris.upload("shared content", "a.png"),
      await boris.upload("shared content", "b.png"),
    ];
    for (const [i, chat] of [chatId, other.id].entries())
      await boris.post("/send", {
        organizationPhoneId: ground.organizationPhoneId,
        chatId: chat,
        type: "image",
        image: { mediaId: files[i] },
      });
    const odd = { list: "messages", item: { from: `${zina.phone}9`, id: 7 } } as const;
    await post(JSON.stringify(aBody(ground.phoneNumberId, odd)));
    await boris.remove(`/contacts/${await contactIdOf(ground, zina.phone)}`);
    expect((await boris.get(`/media/${files[0]}`)).status).toBe(404);
    expect(await (await boris.get(`/media/${files[1]}`)).text()).toBe("shared content");
    expect(await findEverywhere([zina.phone])).toEqual(["WebhookEvent.payload"]);
    expect(await env.MEDIA.list({ prefix: "uploads/" })).toMatchObject({ objects: [] });
  });

  it("stays away when Meta reports late, in any field, what happened before", async ({ expect }) => {
    const ground = await anOrganization();
    const boris = await anAdmin(ground);
    const [zina, olga] = [aPersonToErase(), aPersonToErase()];
    await deliverAndStore(ground.phoneNumberId, textOf(zina, "Hi"), textOf(olga, "Hi"));
    await boris.remove(`/contacts/${await contactIdOf(ground, zina.phone)}`);

    const timestamp = String(Math.floor(Date.now() / 1000) - 60);
    const metadata = { display_phone_number: "79001234567", phone_number_id: ground.phoneNumberId };
    const stop = { category: "marketing_messages", value: "stop", timestamp };
    const contact = { full_name: zina.name, phone_number: `+${zina.phone}` };
    const newId = { previous: `${zina.userId}0`, current: zina.userId };
    const late: [field: string, value: Record<string, unknown>][] = [
      [
        "user_preferences",
        {
          user_preferences: [
            { ...stop, wa_id: zina.phone },
            { ...stop, wa_id: olga.phone },
          ],
        },
      ],
      [
        "smb_app_state_sync",
        { state_sync: [{ type: "contact", contact, action: "add", metadata: { timestamp } }] },
      ],
      [
        "messaging_handovers",
        {
          sender: { phone_number: zina.phone },
          recipient: metadata,
          timestamp,
          type: "control_passed",
          control_passed: { metadata: zina.mark },
        },
      ],
      [
        "group_participants_update",
        {
          groups: [
            {
              timestamp,
              group_id: "g",
              type: "group_participants_add",
              added_participants: [{ wa_id: zina.phone }],
            },
          ],
        },
      ],
      ["user_id_update", { user_id_update: [{ wa_id: zina.phone, user_id: newId, timestamp }] }],
    ];
    for (const [field, value] of late) await deliverNotice(ground, { field, value: { metadata, ...value } });
    await allStored();
    expect(await findEverywhere(zina.traces)).toEqual([]);
    const answer = await boris.get(`/contacts/${await contactIdOf(ground, olga.phone)}`);
    expect(await answer.json()).toMatchObject({ marketingStoppedAt: expect.any(String) });

    // What happens after that is of somebody new.
    const later = { ...stop, wa_id: zina.phone, timestamp: String(Math.ceil(Date.now() / 1000) + 5) };
    await deliverNotice(ground, {
      field: "user_preferences",
      value: { metadata, user_preferences: [later] },
    });
    await allStored();
    expect(await findEverywhere([zina.phone])).toContain("WebhookEvent.payload");
  });

  it("is dropped from what a spool still holds, and others of the batch are not", async ({ expect }) => {
    const ground = await anOrganization();
    const boris = await anAdmin(ground);
    const [zina, olga] = [aPersonToErase(), aPersonToErase()];
    await deliverAndStore(ground.phoneNumberId, textOf(zina, "Hi"));
    const spooled = [textOf(zina, "Spooled"), textOf(olga, "Spooled")];
    const elsewhere = textOf(olga, "To a number of nobody");
    const bodies = [aBody(ground.phoneNumberId, ...spooled), aBody("299999999999999", elsewhere)];
    const events = bodies.flatMap((body) => flatten(new TextEncoder().encode(JSON.stringify(body))));
    await boris.remove(`/contacts/${await contactIdOf(ground, zina.phone)}`);
    expect(await ingest(db, events)).toMatchObject({ unknownPhones: 1, events: [{ isNew: true }] });
    expect(await findEverywhere(zina.traces)).toEqual([]);
    expect((await messageWith(`Spooled ${olga.mark}`)).id).toBeGreaterThan(0);
  });
});
