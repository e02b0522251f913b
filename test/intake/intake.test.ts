import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, onTestFinished } from "vitest";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aBody, aText, aWamid, deliver, post } from "../support/meta.ts";
import { chatOf, messageOf } from "../support/told.ts";

/** As many as hand-in.ts makes: which of them an event goes through is none of a test's business. */
const shards = [0, 1, 2, 3].map((shard) => env.INTAKE.getByName(`shard-${shard}`));
// Port 9 (discard) is closed on a machine that runs tests.
const AWAY = { DATABASE_URL: "postgres://postgres:test@127.0.0.1:9/waba" };

describe("the intake", () => {
  it("says 200 once the message is stored", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Stored?", wamid }));
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Stored?", seq: 2 });
  });

  it("claims nothing while Postgres is away, and takes the redelivery when it is back", async ({
    expect,
  }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const body = JSON.stringify(
      aBody(chat.phoneNumberId, aText({ from: chat.customer, body: "Again", wamid })),
    );
    const restore = await give(AWAY);
    const answer = await post(body);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toMatchObject({ code: "not_durable", retryable: true });

    await restore();
    expect(await chatOf(chat)).toMatchObject({ head: 1 });
    expect((await post(body)).status).toBe(200);
    expect(await messageOf(chat, wamid)).toMatchObject({ body: "Again", seq: 2 });
  });

  it.for(["fails", "does not answer"])(
    "finishes by its alarm a publish to a room that %s",
    async (how, { expect }) => {
      const chat = await aChat();
      const anna = await as(chat);
      const tab = await anna.openTab(chat.id);
      expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 1 });
      const asked: number[] = [];
      const publish = ({ head }: { head: number }) => {
        asked.push(head);
        return how === "fails" ? Promise.reject(new Error("the room is gone")) : new Promise(() => undefined);
      };
      const restore = await give({ CHAT_ROOM: { getByName: () => ({ publish }) } });
      await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Late" }));
      expect(asked).toEqual([2]);
      expect(tab.frames).toHaveLength(1);

      await restore();
      for (const shard of shards) await runDurableObjectAlarm(shard);
      expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2, message: { body: "Late" } });
      for (const shard of shards) expect(await runDurableObjectAlarm(shard)).toBe(false);
    },
  );
});

/** Gives all shards another environment, until the function that comes back is called or the test ends. */
async function give(bindings: Record<string, unknown>): Promise<() => Promise<void>> {
  const set = async (given: object) => {
    for (const shard of shards)
      await runInDurableObject(shard, (intake) => void Object.assign(intake, { env: given }));
  };
  const restore = () => set(env);
  await set({ ...env, ...bindings });
  onTestFinished(restore);
  return restore;
}
