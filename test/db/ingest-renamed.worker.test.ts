import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, aPhone } from "../support/build.ts";
import { aText, deliverAndStore } from "../support/meta.ts";

type Row = { id: number; contact: { name: string | null }; head: number };

describe("a customer who writes to two numbers of ours", () => {
  it("is shown by their new name in both chats, and both log it", async ({ expect }) => {
    const first = await anOrganization();
    const second = await aPhone(first.organizationId);
    const from = aCustomer();
    await deliverAndStore(
      first.phoneNumberId,
      aText({ from, body: "One", name: "Anna", at: new Date(1_000_000) }),
    );
    await deliverAndStore(
      second.phoneNumberId,
      aText({ from, body: "Two", name: "Anna", at: new Date(2_000_000) }),
    );
    const anna = await as(first);
    const chats = async () => ((await (await anna.get("/chats")).json()) as { data: Row[] }).data;
    expect((await chats()).map(({ head }) => head)).toEqual([1, 1]);

    await deliverAndStore(
      second.phoneNumberId,
      aText({ from, body: "Three", name: "Anna K.", at: new Date(3_000_000) }),
    );

    const [written, other] = await chats();
    expect(written).toMatchObject({ contact: { name: "Anna K." }, head: 2 });
    expect(other).toMatchObject({ contact: { name: "Anna K." }, head: 2 });
    const log = await (await anna.get(`/chats/${other?.id}/events?after=1`)).json();
    expect(log).toMatchObject({
      data: [{ seq: 2, event: "chat.updated", chat: { contact: { name: "Anna K." } } }],
    });
  });
});
