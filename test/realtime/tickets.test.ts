import { describe, it } from "vitest";
import { makeTicket, readTicket } from "../../src/realtime/tickets.ts";

const KEYS = ["the first key", "an older key"];
const NOW = new Date("2026-09-01T12:00:00Z");
const HOLDER = { organizationId: 1, sub: "anna", name: "Anna", role: "agent" } as const;
const CONTENT = { holder: HOLDER, target: { chatId: 7 }, tokenExpiresAtMs: NOW.getTime() + 600_000 };

describe("a ticket", () => {
  it("holds caller, target and expiry, and can be offered as a subprotocol", async ({ expect }) => {
    const { ticket, expiresAt } = await makeTicket(CONTENT, KEYS, NOW);
    expect(ticket).toMatch(/^[\w.-]+$/);
    expect(expiresAt.getTime() - NOW.getTime()).toBe(30_000);
    expect(await readTicket(ticket, KEYS, NOW)).toMatchObject({
      ...CONTENT,
      expiresAtMs: expiresAt.getTime(),
    });
  });

  it("is signed with the first key and read with any of them", async ({ expect }) => {
    const { ticket } = await makeTicket(CONTENT, KEYS, NOW);
    expect(await readTicket(ticket, ["a newer key", ...KEYS], NOW)).toMatchObject(CONTENT);
    expect(await readTicket(ticket, ["an older key"], NOW)).toBeNull();
    expect(await readTicket(ticket, [], NOW)).toBeNull();
  });

  it("does not outlive the token it was made for", async ({ expect }) => {
    const tokenExpiresAtMs = NOW.getTime() + 5_000;
    const { expiresAt } = await makeTicket({ ...CONTENT, tokenExpiresAtMs }, KEYS, NOW);
    expect(expiresAt.getTime()).toBe(tokenExpiresAtMs);
  });

  it("is valid until its last millisecond", async ({ expect }) => {
    const { ticket, expiresAt } = await makeTicket(CONTENT, KEYS, NOW);
    expect(await readTicket(ticket, KEYS, new Date(expiresAt.getTime() - 1))).not.toBeNull();
    expect(await readTicket(ticket, KEYS, expiresAt)).toBeNull();
  });

  it("cannot be made without a key", async ({ expect }) => {
    await expect(makeTicket(CONTENT, [], NOW)).rejects.toThrow("SIGNING_KEY");
  });

  it.for([
    { title: "nothing", spoil: () => "" },
    { title: "no signature", spoil: ([text]: string[]) => `${text}` },
    { title: "an empty signature", spoil: ([text]: string[]) => `${text}.` },
    { title: "a third part", spoil: ([text, signature]: string[]) => `${text}.${signature}.x` },
    { title: "a signature that is not base64", spoil: ([text]: string[]) => `${text}.!` },
    { title: "the signature of nothing", spoil: ([, signature]: string[]) => `e30.${signature}` },
    { title: "another text", spoil: ([text, signature]: string[]) => `${text}A.${signature}` },
  ])("with $title is invalid", async ({ spoil }, { expect }) => {
    const { ticket } = await makeTicket(CONTENT, KEYS, NOW);
    expect(await readTicket(spoil(ticket.split(".")), KEYS, NOW)).toBeNull();
  });
});
