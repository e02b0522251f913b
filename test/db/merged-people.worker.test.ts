import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { contacts } from "../../src/db/contact-tables.ts";
import { findContact } from "../../src/db/contacts.ts";
import { createMessage } from "../../src/db/new-messages.ts";
import { agents } from "../../src/db/organization-tables.ts";
import { claimMessage, settleMessage } from "../../src/db/outgoing.ts";
import { anOrganization, db, type Ground } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import { aStatus, aWamid } from "../support/meta.ts";
import { aNewText } from "../support/new-message.ts";
import {
  aReaction,
  aTextOf,
  chatOf,
  chatsOf,
  ingestItems,
  messageOf,
  messagesWhere,
} from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const at = (second: number) => new Date(NOON + second * 1000);

/** A number as people dial it, and what Meta knows the person by: another number, a user id, or both. */
type Person = { dialled: string; phone: string | null; userId: string | null };
const people: [string, Person][] = [
  [
    "in Brazil, dialled with the ninth digit",
    { dialled: "5511987651001", phone: "551187651001", userId: null },
  ],
  ["in Brazil, dialled without it", { dialled: "551187651001", phone: "5511987651001", userId: "BR.1" }],
  ["in Mexico", { dialled: "525512345678", phone: "5215512345678", userId: null }],
  ["in Argentina", { dialled: "541123456789", phone: "5491123456789", userId: "AR.1" }],
  ["known by a user id alone", { dialled: "79161112233", phone: null, userId: "RU.300001" }],
];

type World = { ground: Ground; agentId: number; sent: string; reply: string; person: Person };

async function aWorld(person: Person): Promise<World> {
  const ground = await anOrganization();
  const { organizationId } = ground;
  const [agent] = await db
    .insert(agents)
    .values({ organizationId, sub: "anna", name: "Anna", role: "agent" })
    .returning();
  return { ground, agentId: agent?.id ?? 0, sent: aWamid(), reply: aWamid(), person };
}

async function write({ ground, agentId }: World, to: string) {
  const { organizationId, organizationPhoneId } = ground;
  const created = await createMessage(db, {
    ...aNewText("Ours", { organizationId, organizationPhoneId, agentId, createdAt: at(0).toISOString() }),
    phone: to,
    freeText: false,
  });
  if (created.kind !== "created") throw new Error(`it was not created: ${created.kind}`);
  return created.message;
}

/** Has Meta accept the message: its wamid is known, and with `recipient` whom it went to. */
async function accept(
  { sent }: World,
  id: number,
  recipient?: { phone: string | null; userId: string | null },
) {
  const lease = { claimId: crypto.randomUUID(), leaseUntil: new Date(Date.now() + 60_000) };
  const claim = await claimMessage(db, id, lease, new Date());
  if (claim.kind !== "claimed") throw new Error(`it was not claimed: ${claim.kind}`);
  await settleMessage(db, id, lease.claimId, {
    status: "accepted",
    wamid: sent,
    ...(recipient && { recipient }),
  });
}

const status = ({ ground, sent, person }: World) =>
  ingestItems(
    ground,
    aStatus(sent, "delivered", {
      at: at(5),
      ...(person.phone && { recipient_id: person.phone }),
      ...(person.userId && { recipient_user_id: person.userId }),
    }),
  );
const ids = ({ person }: World) => ({
  ...(person.phone && { from: person.phone }),
  ...(person.userId && { fromUserId: person.userId }),
});
const answer = (world: World) =>
  ingestItems(
    world.ground,
    aTextOf("Yes please", { ...ids(world), wamid: world.reply, at: at(9), replyTo: world.sent }),
  );
const hello = (world: World) =>
  ingestItems(world.ground, aTextOf("Hello", { ...ids(world), wamid: `${world.sent}.hello`, at: at(9) }));
const react = (world: World) =>
  ingestItems(world.ground, aReaction(world.sent, "👍", { ...ids(world), at: at(9) }));

type Step = (world: World, id: number) => Promise<unknown>;
const accepted: Step = (world, id) => accept(world, id, world.person);
const acceptedWithoutRecipient: Step = (world, id) => accept(world, id);

/** What happens after our message is stored, in turn. */
const orders: [string, Step[]][] = [
  ["Graph's answer, then a message", [accepted, hello]],
  ["a message, then Graph's answer", [hello, accepted]],
  ["a status, then a message", [acceptedWithoutRecipient, status, hello]],
  ["a message, then a status", [acceptedWithoutRecipient, hello, status]],
  ["a status before our send's result", [status, acceptedWithoutRecipient, hello]],
  ["a message and a status before our send's result", [hello, status, acceptedWithoutRecipient]],
  ["the quoting reply alone", [acceptedWithoutRecipient, answer]],
  ["the quoting reply before our send's result", [answer, acceptedWithoutRecipient]],
  ["a reaction and a message", [acceptedWithoutRecipient, react, hello]],
  ["a reaction before our send's result", [hello, react, acceptedWithoutRecipient]],
  ["all of them, each twice", [status, answer, accepted, status, answer, hello, hello]],
];

describe("a customer whom an agent wrote to first", () => {
  it.for(people.flatMap(([who, person]) => orders.map(([how, steps]) => [who, how, person, steps] as const)))(
    "%s, is one contact with one chat: %s",
    async ([, , person, steps], { expect }) => {
      const world = await aWorld(person);
      const { ground } = world;
      const { id } = await write(world, person.dialled);
      for (const step of steps) await step(world, id);

      const chat = await chatOf(ground);
      expect(chat.contact).toMatchObject({ phone: person.phone ?? person.dialled, userId: person.userId });
      const { faults } = await finalState(db, ground.organizationPhoneId);
      expect(faults).toEqual([]);
      const stored = await messagesWhere(ground);
      expect(new Set(stored.map(({ chatId }) => chatId))).toEqual(new Set([chat.id]));
      expect(chat.unreadCount).toBe(stored.filter(({ fromMe, amends }) => !fromMe && amends === null).length);
      expect(chat.lastInboundAt).not.toBe(null);
      if (steps.includes(answer)) expect((await messageOf(ground, world.reply)).replyToMessageId).toBe(id);
      // Later sends go there too, whichever form is typed.
      for (const to of [person.dialled, person.phone ?? person.dialled]) {
        expect((await write(world, to)).chatId).toBe(chat.id);
      }
    },
  );

  it("is the one who wrote first under another number than the agent typed, with all that waits to be sent", async ({
    expect,
  }) => {
    const person = { dialled: "5511987651001", phone: "551187651001", userId: null };
    const world = await aWorld(person);
    await hello(world);
    const { id, chatId } = await write(world, person.dialled);
    const queued = await write(world, person.dialled);
    expect(await chatsOf(world.ground)).toHaveLength(2);
    await accepted(world, id);
    const chat = await chatOf(world.ground);
    expect(chat).toMatchObject({ unreadCount: 1, contact: { phone: person.phone } });
    expect(chat.id).not.toBe(chatId);
    const waiting = (await messagesWhere(world.ground)).find((message) => message.id === queued.id);
    expect(waiting).toMatchObject({ status: "queued", chatId: chat.id });
    const lease = { claimId: crypto.randomUUID(), leaseUntil: new Date(Date.now() + 60_000) };
    expect(await claimMessage(db, queued.id, lease, new Date())).toMatchObject({
      outgoing: { phone: person.phone },
    });
    const contact = await findContact(db, world.ground.organizationId, chat.contactId);
    expect(contact?.identities.map(({ kind, value }) => [kind, value]).sort()).toEqual([
      ["dialled", person.dialled],
      ["phone", person.phone],
    ]);
  });

  it("stays another's contact in another organization, and where only a country's rules would merge them", async ({
    expect,
  }) => {
    const [, person] = people[0] ?? ["", { dialled: "", phone: null, userId: null }];
    const [ours, theirs] = [await aWorld(person), await aWorld(person)];
    const { id } = await write(ours, person.dialled);
    await write(theirs, person.dialled);
    await hello(theirs);
    await accepted(ours, id);
    await ingestItems(theirs.ground, aTextOf("Quoted", { ...ids(theirs), replyTo: ours.sent }));
    expect(await chatsOf(ours.ground)).toHaveLength(1);
    expect((await chatsOf(theirs.ground)).map(({ contact }) => contact.phone)).toEqual([
      person.dialled,
      person.phone,
    ]);
  });

  it("keeps the phone they wrote under, whatever a status says", async ({ expect }) => {
    const world = await aWorld({ dialled: "79161110001", phone: "79161110001", userId: null });
    const { id } = await write(world, "79161110001");
    await accepted(world, id);
    await hello(world);
    await ingestItems(world.ground, aStatus(world.sent, "read", { recipient_id: "79160000000", at: at(9) }));
    expect((await chatOf(world.ground)).contact.phone).toBe("79161110001");
    const { organizationId } = world.ground;
    const people = await db.select().from(contacts).where(eq(contacts.organizationId, organizationId));
    expect(people).toHaveLength(1);
  });

  it("has Meta's message_status on the message", async ({ expect }) => {
    const world = await aWorld({ dialled: "79161110001", phone: "79161110001", userId: null });
    const { id } = await write(world, "79161110001");
    const lease = { claimId: crypto.randomUUID(), leaseUntil: new Date(Date.now() + 60_000) };
    await claimMessage(db, id, lease, new Date());
    await settleMessage(db, id, lease.claimId, {
      status: "accepted",
      wamid: world.sent,
      messageStatus: "held_for_quality_assessment",
    });
    expect(await messageOf(world.ground, world.sent)).toMatchObject({
      messageStatus: "held_for_quality_assessment",
    });
  });
});
