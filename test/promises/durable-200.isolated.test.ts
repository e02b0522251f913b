import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { problem } from "../../src/http/problem-schema.ts";
import { allStored } from "../support/all-stored.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aBody, aText, aWamid, post, sign } from "../support/meta.ts";
import { askWith } from "../support/worker.ts";

async function aDelivery(count: number) {
  const { phoneNumberId } = await anOrganization();
  const wamids = Array.from({ length: count }, aWamid);
  const items = wamids.map((wamid) => aText({ from: aCustomer(), body: "Hello", wamid }));
  return { wamids, text: JSON.stringify(aBody(phoneNumberId, ...items)) };
}

async function stored(wamids: string[]): Promise<number> {
  const list = JSON.stringify(wamids);
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int n from "Message" where wamid in (select json_array_elements_text(${list}::json))`,
  );
  return rows[0]?.n ?? -1;
}

/** Posts to a Worker that has the given `intake` in place of its objects. */
async function postTo(intake: object, text: string): Promise<Response> {
  const body = new TextEncoder().encode(text);
  const init = { method: "POST", headers: { "x-hub-signature-256": await sign(body) }, body };
  return await askWith({ INTAKE: intake }, "/api/waba/webhook", init);
}

function broken(error: Error & { retryable?: boolean; overloaded?: boolean }) {
  const asked: string[] = [];
  const namespace = {
    asked,
    getByName: (name: string) => ({
      take: async () => {
        asked.push(name);
        throw error;
      },
    }),
  };
  return namespace;
}

describe("a 200 to Meta", () => {
  it("means that every message of the body is in Postgres", async ({ expect }) => {
    const { wamids, text } = await aDelivery(25);
    expect(await stored(wamids)).toBe(0);

    expect((await post(text)).status).toBe(200);
    await allStored();

    expect(await stored(wamids)).toBe(25);
  });

  it("changes nothing when the same body comes again, also twenty at once", async ({ expect }) => {
    const { wamids, text } = await aDelivery(3);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(text)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await allStored();
    expect(await stored(wamids)).toBe(3);
  });

  it("is not given when no shard takes it, and Meta is asked to deliver again", async ({ expect }) => {
    const { wamids, text } = await aDelivery(1);
    const intake = broken(new Error("the object's own failure"));

    const answer = await postTo(intake, text);

    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(problem.parse(await answer.json())).toMatchObject({ code: "not_durable", retryable: true });
    expect(intake.asked).toHaveLength(1);
    expect(await stored(wamids)).toBe(0);
  });

  it("is not given when one shard of several does not take its part", async ({ expect }) => {
    const { wamids, text } = await aDelivery(40);
    const shards = new Set<string>();
    const intake = {
      getByName: (name: string) => {
        shards.add(name);
        return name === "shard-2"
          ? broken(new Error("the object's own failure")).getByName(name)
          : env.INTAKE.getByName(name);
      },
    };
    expect((await postTo(intake, text)).status).toBe(503);
    expect(shards.size).toBe(4);
    expect(await stored(wamids)).toBeGreaterThan(0);
    expect(await stored(wamids)).toBeLessThan(40);

    expect((await post(text)).status).toBe(200);
    await allStored();
    expect(await stored(wamids)).toBe(40);
  });

  it.for<[string, object, number, number]>([
    ["was replaced by a deploy, once more on a fresh stub", { retryable: true }, 2, 503],
    ["is overloaded, not again", { retryable: true, overloaded: true }, 1, 503],
    ["failed by itself, not again", {}, 1, 503],
  ])("is tried for, when the object %s", async ([, marks, times, status], { expect }) => {
    const { text } = await aDelivery(1);
    const intake = broken(Object.assign(new Error("broken"), marks));
    expect((await postTo(intake, text)).status).toBe(status);
    expect(intake.asked).toHaveLength(times);
  });

  it("is given when the fresh stub takes it", async ({ expect }) => {
    const { wamids, text } = await aDelivery(1);
    const stale = broken(Object.assign(new Error("replaced"), { retryable: true }));
    let first = true;
    const intake = {
      getByName: (name: string) => {
        const stub = first ? stale.getByName(name) : env.INTAKE.getByName(name);
        first = false;
        return stub;
      },
    };
    expect((await postTo(intake, text)).status).toBe(200);
    expect(await stored(wamids)).toBe(1);
  });
});
