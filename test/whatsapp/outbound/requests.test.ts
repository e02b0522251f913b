import { describe, it } from "vitest";
import { businessProfile } from "../../../src/whatsapp/outbound/business-profile.ts";

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
