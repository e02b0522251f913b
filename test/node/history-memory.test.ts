import { afterAll, beforeAll, describe, it } from "vitest";
import { anAgent } from "../chaos/agents.ts";
import { spoolDepth } from "../chaos/settle.ts";
import { historyBody, oldMessages } from "../support/history.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID, postSigned, realWorker } from "./own-system.ts";

const BODIES = 6;
const MESSAGES = 1_200;
/** Two bytes each as UTF-8. */
const LETTERS = 1_000;
/**
 * An isolate may have 128 MB, of which the bodies and the messages between objects take a part outside of V8's heap. The local
 * runtime has no limit of its own; with this one workerd dies when the heap is full.
 */
const HEAP_LIMIT_MB = 64;
const YESTERDAY = Math.floor(Date.now() / 1000) - 86_400;

describe("six bodies of history at once", { timeout: 120_000 }, () => {
  let database: OwnDatabase;
  let worker: Awaited<ReturnType<typeof realWorker>>;

  beforeAll(async () => {
    database = await ownDatabase();
    process.env.MINIFLARE_WORKERD_V8_FLAGS = `--max-heap-size=${HEAP_LIMIT_MB}`;
    worker = await realWorker(database.databaseUrl);
    delete process.env.MINIFLARE_WORKERD_V8_FLAGS;
  }, 120_000);
  afterAll(async () => {
    await worker?.close();
    await database?.drop();
  });

  it("I23: fit into an isolate", async ({ expect }) => {
    const bodies = Array.from({ length: BODIES }, (_, n) => {
      const olds = oldMessages([`791680000${n}`], MESSAGES, YESTERDAY, `wamid.${n}.`);
      const texts = olds.map((old) => ({ ...old, text: "Ж".repeat(LETTERS) }));
      return JSON.stringify(historyBody(PHONE_NUMBER_ID, n, texts));
    });
    expect(Math.min(...bodies.map((body) => Buffer.byteLength(body)))).toBeGreaterThan(2_500_000);
    // What is spooled stays there.
    const session = await database.session();
    await session.query(`begin; lock table "Message" in share mode`);

    const posted = await Promise.all(bodies.map((body) => postSigned(worker.url, body).catch(() => 0)));
    expect(posted).toEqual(Array(BODIES).fill(200));
    // Null while the objects still work on what they were given.
    const admin = await anAgent(worker.url, 1);
    await expect.poll(() => spoolDepth(admin), { timeout: 60_000 }).toBe(BODIES * MESSAGES);
    await session.end();
  });
});
