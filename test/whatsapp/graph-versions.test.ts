import { describe, it } from "vitest";
import { graphVersions, versionEnds, versionNotice } from "../../src/whatsapp/graph-versions.ts";

describe("a version of Graph", () => {
  it.for<[string, string, string | null, RegExp]>([
    ["v21.0", "2026-10-22T23:59:59Z", null, /^$/],
    ["v21.0", "2026-10-23T00:00:00Z", "ends_soon", /ends on 2027-01-21, in 90 days\./],
    ["v21.0", "2027-01-20T00:00:01Z", "ends_soon", /in 1 day\./],
    ["v21.0", "2027-01-20T23:59:59Z", "ends_soon", /in 1 day\./],
    ["v21.0", "2027-01-21T00:00:00Z", "ended", /ended on 2027-01-21/],
    ["v20.0", "2026-11-22T00:00:00Z", "ended", /ended on 2026-09-24/],
    ["v25.0", "2026-11-22T00:00:00Z", null, /^$/],
    ["v26.0", "2099-01-01T00:00:00Z", null, /^$/],
    ["v17.0", "2026-11-22T00:00:00Z", "ended", /v17\.0 has ended/],
    ["v2.12", "2026-11-22T00:00:00Z", "ended", /has ended/],
    ["v27.0", "2026-11-22T00:00:00Z", null, /^$/],
    ["25.0", "2026-11-22T00:00:00Z", null, /^$/],
    ["constructor", "2026-11-22T00:00:00Z", null, /^$/],
  ])("%s is at %s: %s", ([version, now, kind, detail], { expect }) => {
    const notice = versionNotice(version, new Date(now));
    expect(notice?.kind ?? null).toBe(kind);
    expect(notice?.detail ?? "").toMatch(detail);
  });

  it("ends on a day, later than the one before", ({ expect }) => {
    const ends = Object.keys(graphVersions).map(
      (version) => versionEnds(version)?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    expect(versionEnds("v25.0")).toEqual(new Date("2028-07-29T00:00:00Z"));
    expect(versionEnds("v26.0")).toBeNull();
  });
});
