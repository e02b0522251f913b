import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { connect } from "../../src/db/client.ts";

describe("a freshly migrated database", () => {
  it("has organization 1, so that an operator's first INSERT needs nothing else", async ({ expect }) => {
    const { rows } = await connect(env.DATABASE_URL).execute(sql`SELECT id FROM "Organization" WHERE id = 1`);
    expect(rows).toEqual([{ id: 1 }]);
  });

  it("has one epoch, a random name of its history", async ({ expect }) => {
    const { rows } = await connect(env.DATABASE_URL).execute(sql`SELECT epoch FROM "Epoch"`);
    expect(rows).toEqual([{ epoch: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  });
});
