import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { agentFor } from "../../src/db/agents.ts";
import { clearHealedAlarms, raiseReportedAlarms } from "../../src/db/alarms.ts";
import { reconcileTokenAlarm } from "../../src/phones/check-alarms.ts";
import { as, type Person } from "../support/as.ts";
import { anOrganization, aPhone, db, wabaOf } from "../support/build.ts";
import { ingestNotice } from "../support/notices.ts";

type AgentRow = { id: number; sub: string; name: string; role: string; lastSeenAt: string };

describe("the agents of an organization", () => {
  it("are those whose token was seen, page by page", async ({ expect }) => {
    const ground = await anOrganization();
    const anna = await as({ ...ground, name: "Anna", role: "admin" });
    for (const sub of ["oleg", "vera"]) await (await as({ ...ground, sub })).get("/me");
    await (await as({ ...(await anOrganization()), sub: "stranger" })).get("/me");

    const first = await (await anna.get("/agents?limit=2")).json<{ data: AgentRow[]; nextCursor: string }>();
    const rest = await (await anna.get(`/agents?cursor=${first.nextCursor}`)).json<{ data: AgentRow[] }>();
    const all = [...first.data, ...rest.data];
    expect(all.map(({ sub }) => sub).sort()).toEqual(["anna", "oleg", "vera"]);
    expect(all).toContainEqual(expect.objectContaining({ sub: "anna", name: "Anna", role: "admin" }));
  });

  it("are written at most once a day for being seen", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    const holder = { organizationId, sub: "anna", name: "Anna", role: "agent" } as const;
    const id = await agentFor(db, holder);
    const seen = async () =>
      (
        await db.execute<{ age: number; version: string }>(sql`
          select extract(epoch from now() - "lastSeenAt")::int age, xmin::text version from "Agent" where id = ${id}`)
      ).rows[0];
    const before = await seen();
    await agentFor(db, holder);
    expect((await seen())?.version).toBe(before?.version);
    await db.execute(sql`update "Agent" set "lastSeenAt" = now() - interval '25 hours' where id = ${id}`);
    expect(await agentFor(db, holder)).toBe(id);
    expect((await seen())?.age).toBeLessThan(3_600);
  });
});

describe("me", () => {
  it("is the token's agent, with the organization and the names of its phones", async ({ expect }) => {
    const ground = await anOrganization();
    const second = await aPhone(ground.organizationId);
    await db.execute(sql`update "OrganizationPhone" set name = 'Shop', "connectionType" = 'disconnected'
      where id = ${second.organizationPhoneId}`);
    const me = await (await (await as({ ...ground, name: "Anna" })).get("/me")).json();
    expect(me).toMatchObject({
      agent: { sub: "anna", name: "Anna", role: "agent" },
      organization: { id: ground.organizationId, replyTakesChat: false },
      phones: [
        { id: ground.organizationPhoneId, name: "Tested", isConnected: true },
        { id: second.organizationPhoneId, name: "Shop", isConnected: false },
      ],
    });
  });

  it("says why a phone cannot send, while that is an open alarm, and to its own organization alone", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const [anna, outsider] = [await as(ground), await as(await anOrganization())];
    const problems = async (person: Person) => {
      const { phones } = await (await person.get("/me")).json<{ phones: { problem: unknown }[] }>();
      return phones.map(({ problem }) => problem);
    };
    expect(await problems(anna)).toEqual([null]);
    for (const isDead of [true, true])
      await reconcileTokenAlarm(db, ground.organizationPhoneId, isDead, new Date());
    expect(await problems(anna)).toMatchObject([{ title: "Invalid access token" }]);
    expect(await problems(outsider)).toEqual([null]);
    const { rows } = await db.execute(
      sql`select from "Notice" where "organizationId" = ${ground.organizationId}`,
    );
    expect(rows).toHaveLength(1);
    await reconcileTokenAlarm(db, ground.organizationPhoneId, false, new Date());
    expect(await problems(anna)).toEqual([null]);
  });

  it("says that Meta restricts a phone or its account, until Meta lifts that or its time is over", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const [anna, agentOfOthers] = [await as(ground), await as(await anOrganization())];
    const second = await aPhone(ground.organizationId);
    await db.execute(sql`update "OrganizationPhone" set "wabaId" = ${wabaOf(ground)}, "phoneNumber" = '79005550022'
      where id = ${second.organizationPhoneId}`);
    const now = Date.now();
    const at = (minutes: number) => new Date(now + minutes * 60_000);
    const problems = async (person: Person) => {
      await clearHealedAlarms(db, new Date());
      await raiseReportedAlarms(db, new Date());
      const { phones } = await (await person.get("/me")).json<{
        phones: { problem: { title: string; canReply: boolean } | null }[];
      }>();
      return phones.map(({ problem }) => problem && [problem.canReply, problem.title]);
    };
    const report = (minute: number, type: string, more: object = {}, restriction: object = {}) =>
      ingestNotice(ground, {
        field: "account_update",
        value: {
          ...{ event: "ACCOUNT_RESTRICTION", ...more },
          restriction_info: [{ restriction_type: type, ...restriction }],
        },
        at: at(minute),
      });

    await report(-50, "RESTRICTED_ADD_PHONE_NUMBER_ACTION");
    await report(-49, "RESTRICTED_BUSINESS_INITIATED_CALLING");
    expect(await problems(anna)).toEqual([null, null]);
    const phone = { phone_number: "79005550022" };
    const expiration = Math.floor(at(30).getTime() / 1000);
    await report(-40, "RESTRICTED_BIZ_INITIATED_MESSAGING", phone, { expiration });
    const until = new Date(expiration * 1000).toISOString().slice(0, 10);
    const restricted = [true, `Meta has restricted it (messages that the business begins) until ${until}`];
    for (const _ of [1, 2]) expect(await problems(anna)).toEqual([null, restricted]);
    expect(await problems(agentOfOthers)).toEqual([null]);
    // Half an hour later.
    await db.execute(sql`update "Notice" set detail = jsonb_set(detail, '{sending,until}', to_jsonb(now()))
      where "organizationPhoneId" = ${second.organizationPhoneId}`);
    for (const _ of [1, 2]) expect(await problems(anna)).toEqual([null, null]);

    await report(-30, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING");
    const all = [false, "Meta has restricted it (answers to customers)"];
    expect(await problems(anna)).toEqual([all, all]);
    // What was before, but came late, changes nothing.
    await report(-35, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING_UNBAN");
    expect(await problems(anna)).toEqual([all, all]);
    await report(-20, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING_UNBAN");
    expect(await problems(anna)).toEqual([null, null]);
    await report(-25, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", {}, { expiration });
    expect(await problems(anna)).toEqual([null, null]);

    // Of two restrictions the end of one leaves the other.
    const begun = [true, "Meta has restricted it (messages that the business begins)"];
    await report(-15, "RESTRICTED_BIZ_INITIATED_MESSAGING");
    expect(await problems(anna)).toEqual([begun, begun]);
    await report(-14, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING");
    expect(await problems(anna)).toEqual([all, all]);
    await report(-13, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING_UNBAN");
    for (const _ of [1, 2]) expect(await problems(anna)).toEqual([begun, begun]);
    await report(-12, "RESTRICTED_BIZ_INITIATED_MESSAGING_UNBAN");
    for (const _ of [1, 2]) expect(await problems(anna)).toEqual([null, null]);
  });

  it("lets an admin change what holds for all, and an agent not", async ({ expect }) => {
    const ground = await anOrganization();
    const [admin, agent] = [await as({ ...ground, role: "admin" }), await as({ ...ground, sub: "oleg" })];
    expect((await agent.patch("/me/organization", { replyTakesChat: true })).status).toBe(403);
    const answer = await admin.patch("/me/organization", { replyTakesChat: true });
    expect(await answer.json()).toMatchObject({ organization: { replyTakesChat: true } });
    expect(await (await agent.get("/me")).json()).toMatchObject({ organization: { replyTakesChat: true } });
  });

  it("keeps preferences of each agent", async ({ expect }) => {
    const ground = await anOrganization();
    const [anna, oleg] = [await as(ground), await as({ ...ground, sub: "oleg" })];
    expect(await (await anna.get("/me/preferences")).json()).toEqual({});
    const wanted = { theme: "dark", keys: { send: "ctrl+enter" }, sounds: [1, null, "ёлка"] };
    await anna.put("/me/preferences", { old: true });
    expect(await (await anna.put("/me/preferences", wanted)).json()).toEqual(wanted);
    expect(await (await anna.get("/me/preferences")).json()).toEqual(wanted);
    expect(await (await oleg.get("/me/preferences")).json()).toEqual({});
  });

  it.for([[], "dark", { a: "x".repeat(8_200) }, { a: "\u0000" }, { ["k".repeat(101)]: 1 }])(
    "refuses preferences as %j",
    async (wanted, { expect }) => {
      expect((await (await as(await anOrganization())).put("/me/preferences", wanted)).status).toBe(400);
    },
  );
});
