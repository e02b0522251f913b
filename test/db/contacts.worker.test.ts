import { describe, it } from "vitest";
import { toContactDetails } from "../../src/db/contacts.ts";

const row = {
  ...{
    id: 8,
    name: "Anna",
    profileName: "A.",
    phone: "7999",
    userId: null,
    username: null,
    parentUserId: null,
    groupId: null,
  },
  ...{
    mergedIntoId: null,
    marketingSignupId: null,
    marketingStoppedAt: "2026-11-28 14:00:00+00",
    blockedAt: null,
  },
};

describe("a contact's row", () => {
  it("shows its identities and merges by the fields of the API alone", ({ expect }) => {
    const identity = { kind: "phone", value: "7999", isCurrent: true } as const;
    const merge = { id: 2, contactId: 8, mergedContactId: 9, agentId: null };
    const moments = { createdAt: "2026-11-28T14:00:00.5+00:00", endedAt: null, undoneAt: null };
    // A row of "ContactIdentity" as it stands has more.
    const stored = { ...identity, id: 1, organizationId: 1, contactId: 8, ...moments };
    const named = { name: "Ann", agentId: 3, createdAt: "2026-11-28T14:00:00+00:00" };
    const merged = { ...merge, createdAt: moments.createdAt, undoneAt: "2026-11-28T15:00:00+00:00" };

    expect(toContactDetails({ ...row, identities: [stored], names: [named], merges: [merged] })).toEqual({
      ...row,
      isGroup: false,
      names: [{ name: "Ann", agentId: 3, createdAt: "2026-11-28T14:00:00.000Z" }],
      marketingStoppedAt: "2026-11-28T14:00:00.000Z",
      identities: [{ ...identity, createdAt: "2026-11-28T14:00:00.500Z", endedAt: null }],
      merges: [{ ...merge, createdAt: "2026-11-28T14:00:00.500Z", undoneAt: "2026-11-28T15:00:00.000Z" }],
    });
  });

  it("has empty lists where there is nothing", ({ expect }) => {
    expect(toContactDetails({ ...row, identities: null, names: null, merges: null })).toMatchObject({
      identities: [],
      names: [],
      merges: [],
    });
  });
});
