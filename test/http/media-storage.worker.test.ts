import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeAll, describe, it } from "vitest";
import { as, type Person } from "../support/as.ts";
import { anOrganization, db, type Ground } from "../support/build.ts";
import { askWith } from "../support/worker.ts";

type Method = "put" | "get" | "head" | "delete";

/** The bucket, whose `nth` call of a method fails. */
function failingBucket(method: Method, nth: number): R2Bucket {
  let calls = 0;
  return new Proxy(env.MEDIA, {
    get(bucket, name) {
      const own = Reflect.get(bucket, name);
      return typeof own !== "function"
        ? own
        : (...values: unknown[]) => {
            if (name === method) calls += 1;
            if (name === method && calls === nth)
              return Promise.reject(
                new Error(`${method}: We encountered an internal error. Please try again. (10001)`),
              );
            return Reflect.apply(own, bucket, values);
          };
    },
  });
}

describe("a file, while the bucket fails", () => {
  let ground: Ground;
  let anna: Person;
  let files = 0;
  beforeAll(async () => {
    ground = await anOrganization();
    anna = await as(ground);
  });

  const upload = async (bucket: R2Bucket) => {
    files += 1;
    const path = `/api/waba/media?organizationPhoneId=${ground.organizationPhoneId}`;
    const body = `file ${files}`;
    const headers = {
      authorization: `Bearer ${anna.token}`,
      "content-type": "image/png",
      "content-length": String(body.length),
    };
    return await askWith({ MEDIA: bucket }, path, { method: "POST", headers, body });
  };
  const read = (bucket: R2Bucket, id: number, headers: Record<string, string> = {}) =>
    askWith({ MEDIA: bucket }, `/api/waba/media/${id}`, {
      headers: { authorization: `Bearer ${anna.token}`, ...headers },
    });

  it.for<[Method, number]>([
    ["put", 1],
    ["get", 1],
    ["head", 1],
    ["get", 2],
    ["put", 2],
  ])("is not taken, and may be sent again: %s, call %i", async ([method, nth], { expect }) => {
    const answer = await upload(failingBucket(method, nth));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toMatchObject({ code: "unavailable" });
    expect((await upload(env.MEDIA)).status).toBe(201);
  });

  it("is taken, though what it was uploaded as stays for the schedule to delete", async ({ expect }) => {
    const answer = await upload(failingBucket("delete", 1));
    expect(answer.status).toBe(201);
    const { id } = await answer.json<{ id: number }>();
    expect(await (await read(env.MEDIA, id)).text()).toBe(`file ${files}`);
    expect((await env.MEDIA.list({ prefix: `uploads/${ground.organizationId}/` })).objects).toHaveLength(1);
  });

  it.for<[Method, Record<string, string>]>([
    ["head", {}],
    ["get", {}],
    ["get", { range: "bytes=0-3" }],
  ])("cannot be read, and is not taken for deleted: %s %o", async ([method, headers], { expect }) => {
    const { id } = await (await upload(env.MEDIA)).json<{ id: number }>();
    // Meta does not have it either.
    await db.execute(
      sql`update "Media" set "metaId" = ${`gone ${id}`}, "expiresAt" = now() where id = ${id}`,
    );
    const answer = await read(failingBucket(method, 1), id, headers);
    expect(answer.status).toBe(503);
    expect((await read(env.MEDIA, id)).status).toBe(200);
  });
});
