import { describe, it, onTestFinished, vi } from "vitest";
import { Attempt } from "../../src/sending/attempt.ts";
import { as } from "../support/as.ts";
import { anOrganization } from "../support/build.ts";
import { aLiveChat, graphCalls } from "../support/graph.ts";

/** How many calls wait for their headers at one time where 80 messages a second leave and each answer takes 300 ms. */
const AT_ONCE = 24;
/** What Cloudflare allows to one invocation, or to one object. The workerd of this machine has no such limit. */
const MOST_OF_ONE = 6;

/**
 * Puts Cloudflare's limit around the calls to Graph, and holds every answer back until `answer` is called. Who calls is known by
 * the context that the platform gave to the invocation: whatever is called from within an object has to share that one's.
 */
function limitGraph() {
  /** By message, or by the text of a new one: the context of the invocation that was asked to send it. */
  const contexts = new Map<number | string, object>();
  const { send, sendNew } = Attempt.prototype;
  vi.spyOn(Attempt.prototype, "send").mockImplementation(async function (this: Attempt, ...given) {
    // The context is the class's own affair for everyone else.
    const { ctx } = this as unknown as { ctx: object };
    contexts.set(given[1], ctx);
    return await send.apply(this, given);
  });
  vi.spyOn(Attempt.prototype, "sendNew").mockImplementation(async function (this: Attempt, ...given) {
    const { ctx } = this as unknown as { ctx: object };
    contexts.set(given[0].body, ctx);
    return await sendNew.apply(this, given);
  });
  const released = Promise.withResolvers<void>();
  const callsOf = new Map<object, number>();
  const nobody = {};
  let waiting = 0;
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    if (!/\/v\d+\.\d+\/\d+\/messages$/.test(String(input))) return await real(input, init);
    const messageId = Number(/"biz_opaque_callback_data":"[^"]*?(\d+)"/.exec(String(init?.body))?.[1]);
    const text = /"text":\{"body":"([^"]*)"/.exec(String(init?.body))?.[1] ?? "";
    const caller = contexts.get(messageId) ?? contexts.get(text) ?? nobody;
    const calls = (callsOf.get(caller) ?? 0) + 1;
    callsOf.set(caller, calls);
    if (calls <= MOST_OF_ONE) waiting += 1;
    await released.promise;
    return await real(input, init);
  });
  onTestFinished(() => {
    released.resolve();
    vi.restoreAllMocks();
  });
  return { waiting: () => waiting, callers: () => callsOf, answer: () => released.resolve() };
}

describe("the calls to Graph of one number", () => {
  it.for([
    ["of stored messages", false],
    ["of messages that are claimed as they are stored", true],
  ] as const)(
    "O9: %s wait for their headers all at once, for each is of an invocation of its own",
    async ([, areKeyed], { expect }) => {
      const ground = await anOrganization();
      const chats: Awaited<ReturnType<typeof aLiveChat>>[] = [];
      while (chats.length < AT_ONCE) chats.push(await aLiveChat(ground));
      const anna = await as(ground);
      const { organizationPhoneId } = ground;
      const send = (chatId: number, message: string) =>
        anna.post(
          "/send",
          { organizationPhoneId, chatId, type: "text", message },
          areKeyed ? { "idempotency-key": crypto.randomUUID() } : {},
        );
      // The Sender caches whose phone it is.
      expect((await send(chats[0]?.id ?? 0, "First")).status).toBe(200);
      const graph = limitGraph();

      const answers = chats.map(({ id }) => send(id, `Hi ${id}`));

      await expect.poll(graph.waiting).toBe(AT_ONCE);
      expect(graph.callers().size).toBe(AT_ONCE);
      graph.answer();
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(chats.map(() => 200));
      expect(await graphCalls(ground.phoneNumberId)).toHaveLength(AT_ONCE + 1);
    },
  );
});
