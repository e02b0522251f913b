import fc from "fast-check";
import { describe, it } from "vitest";
import { aCustomer, anOrganization } from "../support/build.ts";
import { aWamid } from "../support/meta.ts";
import { aTextOf, chatOf, chatsOf, ingestItems, messageOf } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const PHONE = { from: "79161110001" };
const OTHER_PHONE = { from: "79161110002" };
const USER = { fromUserId: "RU.1001" };
const OTHER_USER = { fromUserId: "RU.1002" };
const BOTH = { ...PHONE, ...USER };

type Who = { from?: string; fromUserId?: string };

/** Who is seen, in turn; and the contacts there are then: phone, user id, and which of the sightings are theirs. */
const sightings: [name: string, seen: Who[], contacts: [string | null, string | null, number[]][]][] = [
  ["a phone", [PHONE, PHONE], [[PHONE.from, null, [0, 1]]]],
  ["a user id", [USER, USER], [[null, USER.fromUserId, [0, 1]]]],
  ["both", [BOTH, BOTH], [[PHONE.from, USER.fromUserId, [0, 1]]]],
  ["a phone, then both", [PHONE, BOTH, PHONE], [[PHONE.from, USER.fromUserId, [0, 1, 2]]]],
  ["a user id, then both", [USER, BOTH, PHONE], [[PHONE.from, USER.fromUserId, [0, 1, 2]]]],
  ["both, then each", [BOTH, PHONE, USER], [[PHONE.from, USER.fromUserId, [0, 1, 2]]]],
  [
    "a phone and a user id that nothing has linked",
    [PHONE, USER],
    [
      [PHONE.from, null, [0]],
      [null, USER.fromUserId, [1]],
    ],
  ],
  [
    "a phone and a user id that are linked when both have a chat: they are merged",
    [PHONE, USER, BOTH, PHONE],
    [[PHONE.from, USER.fromUserId, [0, 1, 2, 3]]],
  ],
  [
    "one phone under two user ids, for numbers are recycled",
    [BOTH, { ...PHONE, ...OTHER_USER }, PHONE, OTHER_USER],
    [
      [PHONE.from, USER.fromUserId, [0, 2]],
      [null, OTHER_USER.fromUserId, [1, 3]],
    ],
  ],
  [
    "one user id with two phones",
    [BOTH, { ...OTHER_PHONE, ...USER }, USER],
    [[PHONE.from, USER.fromUserId, [0, 1, 2]]],
  ],
  [
    "a user id whose phone is another's: the user id has it",
    [BOTH, { ...OTHER_PHONE, ...OTHER_USER }, { ...OTHER_PHONE, ...USER }],
    [
      [PHONE.from, USER.fromUserId, [0, 2]],
      [OTHER_PHONE.from, OTHER_USER.fromUserId, [1]],
    ],
  ],
];

describe("the author of a message", () => {
  it.for(sightings)("is found again: %s", async ([, seen, contacts], { expect }) => {
    const ground = await anOrganization();
    const wamids = seen.map(() => aWamid());
    for (const [i, who] of seen.entries()) {
      // In one second, whatever the machine takes: who is seen later would count as newer.
      await ingestItems(
        ground,
        aTextOf("Hello", { ...who, at: NOON, ...(wamids[i] && { wamid: wamids[i] }) }),
      );
    }
    const chatIds = await Promise.all(wamids.map(async (wamid) => (await messageOf(ground, wamid)).chatId));
    const found = (await chatsOf(ground)).map(({ id, contact }) => [
      contact.phone,
      contact.userId,
      chatIds.flatMap((chatId, i) => (chatId === id ? [i] : [])),
    ]);
    expect(found).toEqual(contacts);
  });

  it.for(sightings)(
    "is found in one batch too, with no duplicate contact: %s",
    async ([, seen], { expect }) => {
      const ground = await anOrganization();
      const { events } = await ingestItems(ground, ...seen.map((who) => aTextOf("Hello", who)));
      expect(events).toHaveLength(seen.length);
      const found = await chatsOf(ground);
      const ids = found
        .flatMap(({ contact: { phone, userId } }) => [phone, userId])
        .filter((id) => id !== null);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
      expect(found.reduce((sum, { head }) => sum + head, 0)).toBe(seen.length);
    },
  );

  it("is a separate contact in each organization", async ({ expect }) => {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    for (const ground of [ours, theirs]) await ingestItems(ground, aTextOf("Hello", BOTH));
    expect((await chatOf(ours)).contactId).not.toBe((await chatOf(theirs)).contactId);
  });

  it("is the group for a message in a group", async ({ expect }) => {
    const ground = await anOrganization();
    for (const from of [aCustomer(), aCustomer()]) {
      const { item, ...rest } = aTextOf("Hello all", { from, name: "A participant" });
      await ingestItems(ground, { ...rest, item: { ...item, group_id: "G1" } });
    }
    const contact = { groupId: "G1", phone: null, userId: null, name: null };
    expect(await chatOf(ground)).toMatchObject({ head: 2, contact });
  });
});

describe("a contact's name", () => {
  it("and username are the newest by Meta's time in any order", async ({ expect }) => {
    const seen = fc.record({
      at: fc.nat(5),
      name: fc.option(fc.constantFrom("Olga", "Olga P.", "Ольга")),
      username: fc.option(fc.constantFrom("olga", "olga.p")),
      together: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { minLength: 1, maxLength: 6 }), async (list) => {
        const ground = await anOrganization();
        const batch = [];
        for (const { at, name, username, together } of list) {
          const known = { ...(name && { name }), ...(username && { username }) };
          batch.push(aTextOf("Hello", { ...BOTH, at: later(at), ...known }));
          if (!together) await ingestItems(ground, ...batch.splice(0));
        }
        if (batch.length > 0) await ingestItems(ground, ...batch);
        const newest = (key: "name" | "username") => {
          const given = list.filter((sighting) => sighting[key] !== null);
          const at = Math.max(...given.map((sighting) => sighting.at));
          return given.filter((sighting) => sighting.at === at).map((sighting) => sighting[key]);
        };
        const { name, username } = (await chatOf(ground)).contact;
        // Of two in one second either may stand here; that it is always the same one is a promise of its own.
        if (name === null) expect(newest("name")).toEqual([]);
        else expect(newest("name")).toContain(name);
        if (username === null) expect(newest("username")).toEqual([]);
        else expect(newest("username")).toContain(username);
      }),
      { numRuns: 40 },
    );
  });
});
