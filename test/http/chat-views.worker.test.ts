import { sql } from "drizzle-orm";
import { describe, type ExpectStatic, it } from "vitest";
import { chatCounts } from "../../src/http/chat-schemas.ts";
import { chatList } from "../../src/http/schemas.ts";
import { as, type Person } from "../support/as.ts";
import { aChat, anOrganization, aPhone, db, type Ground } from "../support/build.ts";

type Row = {
  id: number;
  phone: number;
  status: string;
  assignee: "me" | "none" | "other";
  unread: boolean;
  labelId: number | undefined;
};
type Filter = { phone: number | undefined; status: string | undefined; labelId: number | undefined };

const STATUSES = ["open", "snoozed", "closed"] as const;

/** Two phones' chats in every combination of status, assignee and unread; some have a label. */
async function everyKind() {
  const ground = await anOrganization();
  const second = { ...ground, ...(await aPhone(ground.organizationId)) };
  const [anna, oleg] = [await as(ground), await as({ ...ground, sub: "oleg" })];
  const ids = { me: await idOf(anna), other: await idOf(oleg), none: null };
  const label = await anna.post("/labels", { name: "VIP", color: "red" });
  const { id: labelId } = await label.json<{ id: number }>();
  const rows: Row[] = [];
  for (const status of STATUSES)
    for (const assignee of ["me", "none", "other"] as const)
      for (const unread of [true, false])
        for (const place of rows.length % 3 === 0 ? [ground, second] : [ground])
          rows.push(
            await aRow(
              place,
              { status, assignee, unread, labelId: rows.length % 4 < 2 ? labelId : undefined },
              ids[assignee],
            ),
          );
  return { ground, second, anna, rows, labelId };
}

async function aRow(place: Ground, kind: Omit<Row, "id" | "phone">, assigneeId: number | null): Promise<Row> {
  const { id } = await aChat(place);
  await db.execute(sql`update "Chat" set status = ${kind.status}, "assigneeId" = ${assigneeId},
    "unreadCount" = ${kind.unread ? 1 : 0}, "labelIds" = array_remove(array[${kind.labelId ?? null}::int], null) where id = ${id}`);
  return { id, phone: place.organizationPhoneId, ...kind };
}

async function idOf(person: Person): Promise<number> {
  return (await (await person.get("/me")).json<{ agent: { id: number } }>()).agent.id;
}

async function listed(person: Person, query: string): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const answer = await person.get(`/chats?limit=7${query}${cursor && `&cursor=${cursor}`}`);
    const { data, nextCursor } = chatList.parse(await answer.json());
    ids.push(...data.map(({ id }) => id));
    cursor = nextCursor;
  }
  return ids.sort((a, b) => a - b);
}

/** Every view under these filters lists the rows that it should, and counts as many. */
async function expectViews(expect: ExpectStatic, person: Person, rows: Row[], filter: Filter) {
  const { phone, status, labelId } = filter;
  const filters = `${phone ? `&organizationPhoneId=${phone}` : ""}${status ? `&status=${status}` : ""}${labelId ? `&labelId=${labelId}` : ""}`;
  const { mentioned, ...counts } = chatCounts.parse(
    await (await person.get(`/chat-counts?${filters.slice(1)}`)).json(),
  );
  expect(mentioned).toBe(0);
  for (const [view, count] of Object.entries(counts)) {
    const assignee = view === "mine" ? "me" : view === "unassigned" ? "none" : undefined;
    for (const unread of [false, true]) {
      const query = `${filters}${assignee ? `&assignee=${assignee}` : ""}${unread ? "&unread=true" : ""}`;
      const expected = rows.filter(
        (row) =>
          (!phone || row.phone === phone) &&
          (!status || row.status === status) &&
          (!labelId || row.labelId === labelId) &&
          (!assignee || row.assignee === assignee) &&
          (!unread || row.unread),
      );
      expect(await listed(person, query), query).toEqual(expected.map(({ id }) => id));
      expect(unread ? count.unread : count.chats, query).toBe(expected.length);
    }
  }
}

describe("the views of the inbox", () => {
  it("list what their filters say, in every combination, and the counts agree", {
    timeout: 300_000,
  }, async ({ expect }) => {
    const { anna, rows, second, labelId } = await everyKind();
    for (const phone of [undefined, second.organizationPhoneId])
      for (const status of [undefined, ...STATUSES])
        await expectViews(expect, anna, rows, { phone, status, labelId: undefined });
    await expectViews(expect, anna, rows, { phone: undefined, status: undefined, labelId });
    await expectViews(expect, anna, rows, { phone: second.organizationPhoneId, status: "open", labelId });
  });

  it("are empty for another organization's phone or label", async ({ expect }) => {
    const ground = await anOrganization();
    const label = await (await as(ground)).post("/labels", { name: "VIP", color: "red" });
    const { id: labelId } = await label.json<{ id: number }>();
    await aRow(ground, { status: "open", assignee: "none", unread: true, labelId }, null);
    const outsider = await as(await anOrganization());
    for (const query of ["", "&assignee=none", "&unread=true"])
      expect(await listed(outsider, `&organizationPhoneId=${ground.organizationPhoneId}${query}`)).toEqual(
        [],
      );
    expect(await listed(outsider, `&labelId=${labelId}`)).toEqual([]);
    expect(await (await outsider.get(`/chat-counts?labelId=${labelId}`)).json()).toMatchObject({
      all: { chats: 0 },
    });
    const answer = await outsider.get(`/chat-counts?organizationPhoneId=${ground.organizationPhoneId}`);
    expect(await answer.json()).toMatchObject({ all: { chats: 0, unread: 0 }, unassigned: { chats: 0 } });
  });

  it.for(["assignee=oleg", "assignee=1", "unread=false", "unread=1"])(
    "refuse ?%s",
    async (query, { expect }) => {
      const answer = await (await as(await anOrganization())).get(`/chats?${query}`);
      expect(await answer.json()).toMatchObject({ errors: [{ pointer: `/${query.split("=")[0]}` }] });
    },
  );
});
