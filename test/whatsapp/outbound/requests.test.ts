import { describe, it } from "vitest";
import { blockUsers } from "../../../src/whatsapp/outbound/block-users.ts";
import { businessProfile } from "../../../src/whatsapp/outbound/business-profile.ts";
import { markReadBody } from "../../../src/whatsapp/outbound/mark-read.ts";
import { unreachable } from "../../../src/whatsapp/outbound/reach.ts";

type Result = { success: boolean; error?: { issues: { path: PropertyKey[] }[] } | undefined };
const pathsOf = ({ error }: Result) => (error?.issues ?? []).map(({ path }) => path.join("/"));
const long = (length: number) => "x".repeat(length);
const site = (length: number) => `https://a.b/${long(length - 12)}`;

describe("a business profile", () => {
  it.for<[string, (n: number) => object, number]>([
    ["about", (n) => ({ about: long(n) }), 139],
    ["address", (n) => ({ address: long(n) }), 256],
    ["description", (n) => ({ description: long(n) }), 512],
    ["email", (n) => ({ email: `${"a".repeat(n - 68)}@${"b".repeat(60)}.ru.com` }), 128],
    ["websites/0", (n) => ({ websites: [site(n)] }), 256],
    ["websites", (n) => ({ websites: Array.from({ length: n }, () => site(20)) }), 2],
  ])("limits %s", ([path, make, limit], { expect }) => {
    expect(pathsOf(businessProfile.safeParse(make(limit)))).toEqual([]);
    expect(pathsOf(businessProfile.safeParse(make(limit + 1)))).toEqual([path]);
  });

  it.for<[string, object]>([
    ["email", { email: "anna" }],
    ["websites/0", { websites: ["example.com"] }],
    ["vertical", { vertical: "PIRACY" }],
    ["about", { about: "a\u0000" }],
  ])("names a wrong %s", ([path, profile], { expect }) => {
    expect(pathsOf(businessProfile.safeParse(profile))).toEqual([path]);
  });

  it("may be emptied, and may hold what Meta adds", ({ expect }) => {
    const profile = { about: "", email: "", websites: [], vertical: "RETAIL", tomorrow: 1 };
    expect(businessProfile.parse(profile)).toEqual(profile);
  });
});

describe("a call that blocks users", () => {
  const users = (count: number) => ({
    block_users: Array.from({ length: count }, () => ({ user: "79161234567" })),
  });

  it("names them by phone or by user id, a hundred at most", ({ expect }) => {
    const both = { block_users: [{ user: "+79161234567" }, { user_id: "RU.1349" }] };
    expect(blockUsers.parse(both)).toEqual(both);
    expect(pathsOf(blockUsers.safeParse(users(100)))).toEqual([]);
    for (const count of [0, 101])
      expect(pathsOf(blockUsers.safeParse(users(count)))).toEqual(["block_users"]);
  });

  it.for<[string, object]>([
    ["user", {}],
    ["user", { user: "79161234567", user_id: "RU.1349" }],
    ["user", { user: "Anna" }],
    ["user_id", { user_id: "79161234567" }],
    ["user_id", { user_id: "RU.ENT.1349" }],
  ])("names a wrong %s of %j", ([path, user], { expect }) => {
    expect(pathsOf(blockUsers.safeParse({ block_users: [user] }))).toEqual([`block_users/0/${path}`]);
  });
});

describe("a mark of what was read", () => {
  it("may say that an answer comes", ({ expect }) => {
    const read = { status: "read", message_id: "wamid.X", typing_indicator: { type: "text" } };
    expect(markReadBody.parse(read)).toEqual(read);
  });

  it.for<[string, object]>([
    ["status", { status: "seen", message_id: "w" }],
    ["message_id", { status: "read" }],
    ["typing_indicator/type", { status: "read", message_id: "w", typing_indicator: { type: "voice" } }],
  ])("names a wrong %s", ([path, read], { expect }) => {
    expect(pathsOf(markReadBody.safeParse(read))).toEqual([path]);
  });
});

describe("a template of authentication", () => {
  const byId = { phone: null, userId: "RU.1349" };

  it("needs a phone, and no other template does", ({ expect }) => {
    expect(unreachable(byId, "AUTHENTICATION")).toMatchObject({ code: 131062 });
    expect(unreachable(byId, "authentication")).toMatchObject({ code: 131062 });
    expect(unreachable({ ...byId, phone: "79161234567" }, "AUTHENTICATION")).toBeNull();
    for (const category of ["UTILITY", "MARKETING", null]) expect(unreachable(byId, category)).toBeNull();
  });
});
