import { describe, it } from "vitest";
import { readConfig } from "../src/config.ts";
import {
  besideDatabase,
  nameInGeneration,
  phoneIdInName,
  regionOfDatabase,
  regionsApart,
} from "../src/region.ts";

const NEON = "postgres://user:secret@ep-quiet-tree-a1b2";

describe("the place of objects that work with the database", () => {
  it.for([
    [`${NEON}.us-east-1.aws.neon.tech/waba`, { locationHint: "enam" }],
    [`${NEON}-pooler.us-east-2.aws.neon.tech/waba?sslmode=require`, { locationHint: "enam" }],
    [`${NEON}.us-west-2.aws.neon.tech/waba`, { locationHint: "wnam" }],
    [`${NEON}.sa-east-1.aws.neon.tech/waba`, { locationHint: "sam" }],
    [`${NEON}.c-2.eu-central-1.aws.neon.tech/waba`, { locationHint: "weur" }],
    [`${NEON}-pooler.c-3.eu-west-2.aws.neon.tech/waba`, { locationHint: "weur" }],
    [`${NEON}.ap-southeast-1.aws.neon.tech/waba`, { locationHint: "apac" }],
    [`${NEON}.ap-southeast-2.aws.neon.tech/waba`, { locationHint: "oc" }],
    [`${NEON}.mars-north-1.aws.neon.tech/waba`, {}],
    ["postgres://postgres@127.0.0.1:5433/waba", {}],
    ["", {}],
  ] as const)("of %s", ([databaseUrl, options], { expect }) => {
    expect(besideDatabase({ DATABASE_URL: databaseUrl })).toEqual(options);
  });

  it.for([
    ["us-east-1", "aws:eu-central-1", { worker: "aws:eu-central-1", database: "aws:us-east-1" }],
    ["eu-central-1", "aws:eu-central-1", null],
    ["us-east-1", "", null],
  ] as const)("in %s is apart from a Worker in %j: %j", ([region, placed, apart], { expect }) => {
    const databaseUrl = `${NEON}-pooler.c-2.${region}.aws.neon.tech/waba`;
    expect(regionsApart(readConfig({ DATABASE_URL: databaseUrl, PLACEMENT_REGION: placed }))).toEqual(apart);
    const elsewhere = { DATABASE_URL: "postgres://u:p@127.0.0.1:5433/waba", PLACEMENT_REGION: placed };
    expect(regionsApart(readConfig(elsewhere))).toBeNull();
  });

  it("has the region that the host of the database names", ({ expect }) => {
    expect(regionOfDatabase(`${NEON}-pooler.c-2.eu-central-1.aws.neon.tech/waba`)).toBe("eu-central-1");
    expect(regionOfDatabase("postgres://u:p@eu-central-1.aws.example.com/waba")).toBeNull();
  });

  it("leaves objects of the first generation their names, and those of a phone their phone", ({ expect }) => {
    expect(nameInGeneration("shard-3", 0)).toBe("shard-3");
    const names = [0, 1, 15].map((generation) => nameInGeneration("12", generation));
    expect(new Set(names).size).toBe(3);
    expect(names.map(phoneIdInName)).toEqual([12, 12, 12]);
  });
});
