import { describe, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { claimAt, readClaims } from "../../src/http/token-claims.ts";

const ANNA = { sub: "anna", organizationId: 7, role: "agent" };

function read(payload: Record<string, unknown>, settings: Record<string, string> = {}) {
  return readClaims(payload, readConfig({ ...settings }).jwt);
}

describe("a claim's path", () => {
  const claims = {
    "https://waba.example/roles": ["agent"],
    realm_access: { roles: ["admin"] },
    "o.id": "flat",
    o: { id: "nested", "x.y": { z: 1 } },
    list: [{ id: 1 }],
  };

  it.for<[string, unknown]>([
    ["https://waba.example/roles", ["agent"]],
    ["realm_access.roles", ["admin"]],
    ["o.id", "flat"],
    ["o.x.y.z", 1],
    ["o.none", undefined],
    ["list.0", undefined],
    ["constructor", undefined],
    ["o.constructor.name", undefined],
    ["", undefined],
  ])("%s leads to its value", ([path, value], { expect }) => {
    expect(claimAt(claims, path)).toEqual(value);
  });
});

describe("the organization of a token", () => {
  it.for<[string, unknown, unknown]>([
    ["an integer", 7, 7],
    ["an integer as text", "7", "7"],
    ["an identity provider's own id", "org_2b9a", "org_2b9a"],
  ])("may be %s", ([, value, organization], { expect }) => {
    expect(read({ ...ANNA, organizationId: value })).toMatchObject({ claims: { organization } });
  });

  it.for([0, -1, 1.5, 2 ** 31, "", null, true, ["7"], { id: 7 }, "a\0b", "\ud800", "x".repeat(256)])(
    "may not be %j",
    (value, { expect }) => {
      expect(read({ ...ANNA, organizationId: value })).toEqual({ invalidClaim: "organizationId" });
    },
  );
});

describe("the role of a token", () => {
  it.for<[unknown, string, string]>([
    ["admin", "", "admin"],
    [["agent"], "", "agent"],
    [["offline_access", "agent", "admin"], "", "admin"],
    [[7, null, "agent"], "", "agent"],
    ["Inbox.Admin", "Inbox.Admin=admin, Inbox.Agent=agent", "admin"],
    [["Inbox.Agent", "x=y"], "x=y=admin,Inbox.Agent=agent", "admin"],
    ["anything", "boss=admin,*=agent", "agent"],
    [undefined, "*=agent", "agent"],
  ])("%j with the map %j is %s", ([value, map, role], { expect }) => {
    expect(read({ ...ANNA, role: value }, { JWT_ROLES: map })).toMatchObject({ claims: { role } });
  });

  it.for<[unknown, string]>([
    ["owner", ""],
    [undefined, ""],
    [[], ""],
    ["Admin", ""],
    [{ admin: true }, ""],
    ["*", "boss=admin"],
    // A map replaces our own names.
    ["admin", "boss=admin"],
    ["boss", "boss=owner"],
  ])("%j with the map %j is none", ([value, map], { expect }) => {
    expect(read({ ...ANNA, role: value }, { JWT_ROLES: map })).toEqual({ invalidClaim: "role" });
  });

  it("is mapped by entries that name a role of ours, and the others are known", ({ expect }) => {
    const { roles, invalidRoles } = readConfig({ JWT_ROLES: "a=agent,b,=admin,c=owner" }).jwt;
    expect([...roles]).toEqual([["a", "agent"]]);
    expect(invalidRoles).toEqual(["b", "=admin", "c=owner"]);
  });
});

describe("the name of a token's holder", () => {
  it("is that of the configured claim, else the sub", ({ expect }) => {
    expect(read({ ...ANNA, name: "Anna" })).toMatchObject({ claims: { name: "Anna" } });
    expect(read(ANNA)).toMatchObject({ claims: { name: "anna" } });
    const settings = { JWT_NAME_CLAIM: "user_metadata.full_name" };
    expect(read({ ...ANNA, user_metadata: { full_name: "Анна" } }, settings)).toMatchObject({
      claims: { name: "Анна" },
    });
    expect(read({ ...ANNA, name: 5 })).toEqual({ invalidClaim: "name" });
  });
});
