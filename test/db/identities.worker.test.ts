import { and, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, it } from "vitest";
import { contacts } from "../../src/db/contact-tables.ts";
import { notices } from "../../src/db/notice-tables.ts";
import type { IdentityChange } from "../../src/domain/identity-change.ts";
import { anOrganization, aPhone, db, type Ground } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import { anItem, aTextOf, chatOf, chatsOf, ingestItems, messagesWhere } from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const at = (second: number) => new Date(NOON + second * 1000);
const [PHONE, NEW_PHONE] = ["79161110001", "79161110002"];
const [USER, NEW_USER] = ["RU.1001", "RU.1002"];
const BOTH = { from: PHONE, fromUserId: USER };
const NEW_BOTH = { from: NEW_PHONE, fromUserId: NEW_USER };
const BOTH_IDS = { phone: PHONE, userId: USER };
const CHANGED_AT = 10;

const text = (second: number, who: { from?: string; fromUserId?: string }) =>
  aTextOf(`at ${second}`, { ...who, wamid: `wamid.${second}`, at: at(second) });

type Ids = { phone?: string; userId?: string };
const change = (previous: Ids, current: Ids, second = CHANGED_AT): IdentityChange => {
  const nobody = { phone: null, userId: null, parentUserId: null };
  return {
    previous: { ...nobody, ...previous },
    current: { ...nobody, ...current },
    at: at(second).toISOString(),
  };
};

/** What Meta may report of one person, in the order of its times. */
const messages = [
  text(1, { from: PHONE }),
  text(2, BOTH),
  text(3, { fromUserId: USER }),
  text(11, NEW_BOTH),
  text(12, { from: NEW_PHONE }),
  text(13, { fromUserId: NEW_USER }),
];
const byPhone = anItem(
  "system",
  { type: "user_changed_number", body: "Anna changed numbers", wa_id: NEW_PHONE },
  { from: PHONE, wamid: "wamid.10", at: at(CHANGED_AT) },
);
const changes: (IdentityChange | Item)[] = [
  change({ userId: USER }, { userId: NEW_USER }),
  change({ phone: PHONE, userId: USER }, { phone: NEW_PHONE, userId: NEW_USER }),
  change({ phone: PHONE }, { phone: NEW_PHONE }),
  byPhone,
];

async function ingestReport(ground: Ground, report: Item | IdentityChange): Promise<void> {
  if ("list" in report) await ingestItems(ground, report);
  else
    await db.execute(
      sql`select change_identity(${ground.organizationId}::int, ${JSON.stringify(report)}::json)`,
    );
}

async function conflictsOf({ organizationId }: Ground) {
  return await db
    .select()
    .from(notices)
    .where(and(eq(notices.organizationId, organizationId), eq(notices.kind, "identity_conflict")));
}

/** Phone, user id and the texts of each chat. */
async function peopleOf(ground: Ground) {
  const stored = await messagesWhere(ground);
  return (await chatsOf(ground)).map(({ id, contact: { phone, userId } }) => [
    phone,
    userId,
    stored.filter(({ chatId }) => chatId === id).map(({ body }) => body),
  ]);
}

describe("one person", () => {
  it("is one contact with one chat and all messages, in any order of reports, once or twice", {
    timeout: 120_000,
  }, async ({ expect }) => {
    const anOrder = fc
      .tuple(
        fc.subarray(changes, { minLength: 1 }),
        fc.array(fc.constantFrom(...messages, ...changes.slice(0, 1)), { maxLength: 3 }),
      )
      .chain(([some, again]) => {
        const all = [...messages, ...some, ...again];
        return fc.shuffledSubarray(all, { minLength: all.length });
      });
    await fc.assert(
      fc.asyncProperty(anOrder, async (order) => {
        const ground = await anOrganization();
        for (const report of order) await ingestReport(ground, report);
        const { state, faults } = await finalState(db, ground.organizationPhoneId);
        expect(faults).toEqual([]);
        const who = JSON.stringify([NEW_PHONE, NEW_USER, null]);
        expect(state.chats).toMatchObject([{ who }]);
        const count = messages.length + (order.includes(byPhone) ? 1 : 0);
        expect(state.messages.map((row) => row.who)).toEqual(Array(count).fill(who));
        // Nobody has to read WhatsApp's own notice of the change.
        expect(state.chats[0]?.unreadCount).toBe(messages.length);
        expect(await conflictsOf(ground)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.for([false, true])(
    "who writes from another phone without a change report is shown by the newer one, backwards: %s",
    async (isBackwards, { expect }) => {
      const ground = await anOrganization();
      const report = [text(1, BOTH), text(2, { from: NEW_PHONE, fromUserId: USER })];
      for (const one of isBackwards ? report.toReversed() : report) await ingestReport(ground, one);
      expect(await peopleOf(ground)).toMatchObject([[NEW_PHONE, USER, expect.anything()]]);
    },
  );

  it("is found by a user id that only a status has reported for the phone", async ({ expect }) => {
    const ground = await anOrganization();
    await ingestItems(ground, text(1, { from: PHONE }));
    await ingestItems(
      ground,
      aStatus(aWamid(), "delivered", { recipient_id: PHONE, recipient_user_id: USER, at: at(2) }),
    );
    await ingestItems(ground, text(3, { fromUserId: USER }));
    expect(await peopleOf(ground)).toEqual([[PHONE, USER, ["at 1", "at 3"]]]);
  });

  it("is not created by a status", async ({ expect }) => {
    const ground = await anOrganization();
    await ingestItems(
      ground,
      aStatus(aWamid(), "delivered", { recipient_id: PHONE, recipient_user_id: USER }),
    );
    const found = await db.select().from(contacts).where(eq(contacts.organizationId, ground.organizationId));
    expect(found).toEqual([]);
  });

  it("is found by the id that all portfolios share", async ({ expect }) => {
    const ground = await anOrganization();
    for (const [second, fromUserId] of [USER, NEW_USER].entries()) {
      const { item, ...rest } = text(second, { fromUserId });
      await ingestItems(ground, { ...rest, item: { ...item, from_parent_user_id: "RU.ENT.1" } });
    }
    const { contact } = await chatOf(ground);
    expect(contact).toMatchObject({ userId: NEW_USER, parentUserId: "RU.ENT.1" });
  });

  it("keeps the chats with all our numbers after a merge", async ({ expect }) => {
    const first = await anOrganization();
    const second = { ...first, ...(await aPhone(first.organizationId)) };
    await ingestItems(first, text(1, { from: PHONE }));
    await ingestItems(second, text(2, { fromUserId: USER }));
    await ingestItems(first, text(3, BOTH));
    expect(await peopleOf(first)).toEqual([[PHONE, USER, ["at 1", "at 3"]]]);
    expect(await peopleOf(second)).toEqual([[PHONE, USER, ["at 2"]]]);
  });
});

describe("one phone of two people", () => {
  it("is a conflict when both have user ids: reported once, not merged, and the user id decides", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    await ingestItems(ground, text(1, BOTH));
    const otherUser = { from: PHONE, fromUserId: NEW_USER };
    const report = await ingestItems(ground, text(2, otherUser));
    const again = await ingestItems(ground, text(3, otherUser));
    expect(await peopleOf(ground)).toEqual([
      [PHONE, USER, ["at 1"]],
      [null, NEW_USER, ["at 2", "at 3"]],
    ]);
    const contactIds = (await chatsOf(ground)).map(({ contactId }) => contactId);
    const conflicts = await conflictsOf(ground);
    expect(conflicts).toMatchObject([{ severity: "warning", detail: { contactIds } }]);
    expect(JSON.stringify(conflicts)).not.toContain(PHONE);
    const [contactId, otherContactId] = contactIds;
    const { organizationId } = ground;
    expect(report.identities?.conflicts).toEqual([{ organizationId, contactId, otherContactId }]);
    expect(again.identities).toBeUndefined();
  });

  it("is reassigned when the first person has changed to another", async ({ expect }) => {
    const ground = await anOrganization();
    await ingestItems(ground, text(1, BOTH));
    await ingestReport(ground, change(BOTH_IDS, { phone: NEW_PHONE, userId: NEW_USER }));
    await ingestItems(ground, text(20, { from: PHONE, fromUserId: "RU.3" }), text(21, NEW_BOTH));
    await ingestItems(ground, text(22, { from: PHONE }));
    expect(await peopleOf(ground)).toEqual([
      [NEW_PHONE, NEW_USER, ["at 1", "at 21"]],
      [PHONE, "RU.3", ["at 20", "at 22"]],
    ]);
    expect(await conflictsOf(ground)).toEqual([]);
  });

  it.for([
    [0, 2, 1],
    [2, 0, 1],
    [1, 0, 2],
    [2, 1, 0],
    [0, 2, 2, 1, 2, 1],
  ])(
    "is the second's when the first has changed to another, though that is known late: %s",
    async (order, { expect }) => {
      const reports = [
        text(1, BOTH),
        change(BOTH_IDS, { phone: NEW_PHONE, userId: USER }),
        text(20, { from: PHONE, fromUserId: "RU.3" }),
      ];
      const ground = await anOrganization();
      for (const n of order) await ingestReport(ground, reports[n] as Item | IdentityChange);
      expect((await peopleOf(ground)).sort()).toEqual([
        [PHONE, "RU.3", ["at 20"]],
        [NEW_PHONE, USER, ["at 1"]],
      ]);
      expect(await conflictsOf(ground)).toEqual([]);
    },
  );

  it("stays its next owner's when the first person's changes to and from it are delivered again", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const toIt = change({ phone: PHONE }, { phone: NEW_PHONE });
    const fromIt = change({ phone: NEW_PHONE }, { phone: "79161110003" }, 20);
    await ingestItems(ground, text(1, BOTH));
    for (const report of [toIt, fromIt]) await ingestReport(ground, report);
    await ingestItems(ground, text(30, { from: NEW_PHONE, fromUserId: "RU.3" }));
    for (const report of [toIt, fromIt]) await ingestReport(ground, report);
    expect(await peopleOf(ground)).toMatchObject([
      ["79161110003", null, ["at 1"]],
      [NEW_PHONE, "RU.3", ["at 30"]],
    ]);
    expect(await conflictsOf(ground)).toEqual([]);
  });

  it("is changed by who had it then, though another has it by now, and a user id of theirs is seen late", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    await ingestReport(ground, change({ phone: PHONE }, { phone: NEW_PHONE }));
    await ingestItems(ground, text(20, { from: PHONE, fromUserId: "RU.3" }));
    await ingestItems(ground, text(2, BOTH));
    const people = await peopleOf(ground);
    expect(people.map(([phone, , texts]) => [phone, texts]).sort()).toEqual([
      [PHONE, ["at 20"]],
      [NEW_PHONE, ["at 2"]],
    ]);
  });

  it("is changed by who changed to it last with a user id, though another was seen with it before", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    await ingestReport(ground, change({ userId: NEW_USER }, { phone: PHONE, userId: "RU.2" }, 20));
    await ingestItems(ground, text(1, BOTH));
    await ingestReport(ground, change({ phone: PHONE }, { phone: NEW_PHONE }, 30));
    await ingestItems(ground, text(40, { from: NEW_PHONE, fromUserId: "RU.3" }));
    expect(await peopleOf(ground)).toEqual([
      [null, USER, ["at 1"]],
      [NEW_PHONE, "RU.3", ["at 40"]],
    ]);
  });

  it("is their own again when they return to it, by the phone alone and in any order", async ({ expect }) => {
    const reports: (Item | IdentityChange)[] = [
      text(1, { from: PHONE }),
      text(2, BOTH),
      change({ phone: PHONE, userId: USER }, { phone: NEW_PHONE, userId: NEW_USER }),
      change({ phone: NEW_PHONE }, { phone: PHONE }, 20),
      text(30, { from: PHONE, fromUserId: "RU.3" }),
    ];
    const orders = fc.shuffledSubarray([...reports.keys()], { minLength: reports.length });
    for (const order of fc.sample(orders, 12)) {
      const ground = await anOrganization();
      for (const n of order) await ingestReport(ground, reports[n] as Item | IdentityChange);
      const people = await peopleOf(ground);
      expect(people, String(order)).toMatchObject([[PHONE, "RU.3", { length: 3 }]]);
    }
  });

  it("is their own again, though another number of theirs seemed to have ended before they changed to it", async ({
    expect,
  }) => {
    const third = "79161110003";
    const reports: (Item | IdentityChange)[] = [
      change({ phone: PHONE }, { phone: NEW_PHONE }),
      text(1, { from: third }),
      change({ phone: NEW_PHONE, userId: USER }, { phone: third, userId: NEW_USER }, 20),
      change({ phone: third }, { phone: NEW_PHONE }, 30),
      text(40, { from: NEW_PHONE, fromUserId: "RU.3" }),
    ];
    const orders = fc.shuffledSubarray([...reports.keys()], { minLength: reports.length });
    for (const order of [[0, 3, 4, 1, 2], ...fc.sample(orders, 8)]) {
      const ground = await anOrganization();
      for (const n of order) await ingestReport(ground, reports[n] as Item | IdentityChange);
      const people = await peopleOf(ground);
      expect(people, String(order)).toMatchObject([[NEW_PHONE, "RU.3", { length: 2 }]]);
      expect(await conflictsOf(ground), String(order)).toEqual([]);
    }
  });

  it("is still theirs after they changed to it, whatever user id is seen with it next", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const reports: (Item | IdentityChange)[] = [
      text(39, { from: NEW_PHONE, fromUserId: "RU.4" }),
      text(1, BOTH),
      text(19, NEW_BOTH),
      change({ phone: NEW_PHONE }, { phone: PHONE }, 20),
      text(29, { from: PHONE, fromUserId: "RU.3" }),
      change({ userId: "RU.3" }, { phone: NEW_PHONE, userId: "RU.4" }, 30),
      change({ phone: PHONE }, { phone: NEW_PHONE }),
    ];
    for (const report of reports) await ingestReport(ground, report);
    expect(await peopleOf(ground)).toMatchObject([[NEW_PHONE, "RU.4", { length: 4 }]]);
    expect(await conflictsOf(ground)).toEqual([]);
  });

  it("is left by who changed to it, however often they return by the phone alone, in any order", async ({
    expect,
  }) => {
    const reports: (Item | IdentityChange)[] = [
      text(9, BOTH),
      change({ phone: PHONE }, { phone: NEW_PHONE }),
      change({ phone: NEW_PHONE }, { phone: PHONE }, 20),
      change({ phone: PHONE }, { phone: NEW_PHONE }, 30),
    ];
    const orders = fc.shuffledSubarray([...reports.keys()], { minLength: reports.length });
    for (const order of [[0, 2, 3, 1], ...fc.sample(orders, 8)]) {
      const ground = await anOrganization();
      for (const n of order) await ingestReport(ground, reports[n] as Item | IdentityChange);
      expect(await peopleOf(ground), String(order)).toEqual([[NEW_PHONE, null, ["at 9"]]]);
      expect(await conflictsOf(ground), String(order)).toEqual([]);
    }
  });

  it("is theirs with each user id that was seen with it, though they had another with another phone since", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const reports: (Item | IdentityChange)[] = [
      text(9, BOTH),
      change({ userId: "RU.3" }, { userId: "RU.4" }, 30),
      text(12, NEW_BOTH),
      text(29, { from: PHONE, fromUserId: "RU.3" }),
      change({ phone: NEW_PHONE }, { phone: PHONE }, 20),
      change({ phone: PHONE }, { phone: NEW_PHONE }, 30),
      change({ phone: PHONE }, { phone: NEW_PHONE }),
    ];
    for (const report of reports) await ingestReport(ground, report);
    expect(await peopleOf(ground)).toMatchObject([[NEW_PHONE, "RU.4", { length: 3 }]]);
    expect(await conflictsOf(ground)).toEqual([]);
  });

  it.for<[string, Item | IdentityChange, string[]]>([
    ["changes to", change({ phone: PHONE }, { phone: NEW_PHONE }), ["at 1"]],
    ["is seen with", text(3, { from: NEW_PHONE, fromUserId: USER }), ["at 1", "at 3"]],
  ])(
    "is a conflict where somebody %s a number that another user has had before",
    async ([, report, texts], { expect }) => {
      const ground = await anOrganization();
      await ingestItems(ground, text(1, BOTH), text(2, { from: NEW_PHONE, fromUserId: "RU.3" }));
      await ingestReport(ground, report);
      expect(await peopleOf(ground)).toMatchObject([{ 2: texts }, [NEW_PHONE, "RU.3", ["at 2"]]]);
      expect(await conflictsOf(ground)).toHaveLength(1);
    },
  );
});
