import { describe, it } from "vitest";
import { createMessage } from "../../src/db/new-messages.ts";
import { agents } from "../../src/db/organization-tables.ts";
import { windowExpiresAt } from "../../src/domain/service-window.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aNewText } from "../support/new-message.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const MINUTE_MS = 60_000;

describe("free text", () => {
  it.for([
    ["a minute after the customer's message", NOON.getTime() + MINUTE_MS, "created"],
    ["a millisecond before the service window closes", closesAtMs() - 1, "created"],
    ["in the instant the service window closes", closesAtMs(), "window_closed"],
    ["a day later", closesAtMs() + 24 * 60 * MINUTE_MS, "window_closed"],
  ] as const)("%s", async ([, atMs, kind], { expect }) => {
    expect((await sendText(NOON, atMs)).kind).toBe(kind);
  });

  it("goes to a customer who has never written, for Meta to decide", async ({ expect }) => {
    expect((await sendText(null, NOON.getTime())).kind).toBe("created");
  });
});

function closesAtMs(): number {
  return windowExpiresAt(NOON)?.getTime() ?? Number.NaN;
}

async function sendText(writtenAt: Date | null, atMs: number) {
  const ground = await anOrganization();
  const { organizationId, organizationPhoneId } = ground;
  const phone = aCustomer();
  if (writtenAt) await ingestItems(ground, aTextOf("Hello", { from: phone, at: writtenAt }));
  const agent = { organizationId, sub: "anna", name: "Anna", role: "agent" } as const;
  const [{ id: agentId } = { id: 0 }] = await db.insert(agents).values(agent).returning();
  const createdAt = new Date(atMs).toISOString();
  return await createMessage(
    db,
    aNewText("Hi", { organizationId, organizationPhoneId, agentId, phone, createdAt }),
  );
}
