import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { ingest } from "../../src/db/ingest.ts";
import { messages } from "../../src/db/message-tables.ts";
import type { Trace } from "../../src/domain/trace.ts";
import { as } from "../support/as.ts";
import { aChat, db, type Ground } from "../support/build.ts";
import { aLiveChat, misbehave } from "../support/graph.ts";
import { aStatus, aText, aWamid, deliverAndStore } from "../support/meta.ts";
import { eventsOf, messageOf } from "../support/stored.ts";

async function traceOf({ organizationId }: Ground, id: number): Promise<Trace> {
  const anna = await as({ organizationId });
  const answer = await anna.get(`/messages/${id}/trace`);
  if (answer.status !== 200) throw new Error(`the trace answered ${answer.status}`);
  return await answer.json<Trace>();
}

const stepsOf = ({ steps }: Trace) => steps.map(({ step }) => step);

describe("the trace of a message", () => {
  it("shows when a customer's message was written, received and stored, by both clocks", async ({
    expect,
  }) => {
    const chat = await aChat();
    const [wamid, at] = [aWamid(), new Date("2026-08-01T12:00:00Z")];
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Hi", wamid, at }));
    const { id } = await messageOf(chat, wamid);

    const trace = await traceOf(chat, id);

    expect(trace).toMatchObject({ messageId: id, chatId: chat.id, fromMe: false });
    expect(stepsOf(trace)).toEqual(["written", "received", "stored"]);
    expect(trace.steps[0]).toEqual({ step: "written", at: "2026-08-01T12:00:00.000Z", clock: "meta" });
    expect(trace.steps.slice(1).map(({ clock }) => clock)).toEqual(["ours", "ours"]);
  });

  it("shows when it was in the spool, and keeps the time at which it came in", async ({ expect }) => {
    const chat = await aChat();
    const wamid = aWamid();
    const [receivedAt, spooledAt] = ["2026-11-22T10:00:00.000Z", "2026-11-22T10:00:00.400Z"];
    const events = eventsOf(chat, aText({ from: chat.customer, body: "Hi", wamid }));
    await ingest(
      db,
      events.map((event) => ({ ...event, receivedAt, spooledAt })),
    );
    const { id } = await messageOf(chat, wamid);

    const { steps } = await traceOf(chat, id);

    expect(steps.map(({ step }) => step)).toEqual(["written", "received", "spooled", "stored"]);
    expect(steps.slice(1, 3).map(({ at }) => at)).toEqual([receivedAt, spooledAt]);
  });

  it("shows when it was first sent to an open socket, and nothing of that when no socket was open", async ({
    expect,
  }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const tab = await anna.openTab(chat.id);
    const wamid = aWamid();
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Hi", wamid }));
    expect(await tab.nextFrame()).toMatchObject({ type: "hello" });
    expect(await tab.nextFrame()).toMatchObject({ type: "event", seq: 2 });
    const { id } = await messageOf(chat, wamid);

    await expect.poll(async () => stepsOf(await traceOf(chat, id))).toContain("published");

    const [first] = await db.select().from(messages).where(eq(messages.chatId, chat.id)).orderBy(messages.id);
    expect(stepsOf(await traceOf(chat, first?.id ?? 0))).toEqual(["written", "received", "stored"]);
  });

  it("shows our own steps of a send, and each status with Meta's time and ours", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { organizationPhoneId, id: chatId } = chat;
    const answer = await anna.post("/send", { organizationPhoneId, chatId, type: "text", message: "Hi" });
    const { id, wamid } = await answer.json<{ id: number; wamid: string }>();
    await deliverAndStore(
      chat.phoneNumberId,
      aStatus(wamid, "delivered", { at: new Date("2026-11-22T10:00:05Z") }),
    );

    const trace = await traceOf(chat, id);

    expect(stepsOf(trace)).toEqual(["received", "stored", "sending", "accepted", "delivered"]);
    const [, , sending, accepted, delivered] = trace.steps;
    expect(sending).toMatchObject({ clock: "ours", attempt: null });
    const attempt = { outcome: "accepted", httpStatus: 200, code: null, fbtraceId: null };
    expect(accepted).toMatchObject({ clock: "ours", attempt });
    expect(delivered).toEqual({
      step: "delivered",
      clock: "meta",
      at: "2026-11-22T10:00:05.000Z",
      receivedAt: expect.stringMatching(/Z$/),
    });
  });

  it("shows what Graph answered when it refused, and nothing personal", async ({ expect }) => {
    const chat = await aLiveChat();
    const { organizationPhoneId, id: chatId, phoneNumberId } = chat;
    await misbehave({ answer: { phoneNumberId, times: 1, code: 131026 } });
    const anna = await as(chat);
    const answer = await anna.post("/send", { organizationPhoneId, chatId, type: "text", message: "Secret" });
    const { messageId } = await answer.json<{ messageId: number }>();

    const trace = await traceOf(chat, messageId);

    const last = trace.steps.at(-1);
    expect(last).toMatchObject({ step: "failed", attempt: { outcome: "failed", code: 131026 } });
    expect(Object.keys(last?.attempt ?? {}).sort()).toEqual(["code", "fbtraceId", "httpStatus", "outcome"]);
    expect(JSON.stringify(trace)).not.toMatch(/Secret|wamid|EAA/);
    expect(JSON.stringify(trace)).not.toContain(chat.customer);
  });

  it("is another organization's business when the message is", async ({ expect }) => {
    const [ours, theirs] = [await aChat(), await aChat()];
    const [message] = await db.select().from(messages).where(eq(messages.chatId, theirs.id));
    expect((await traceOf(theirs, message?.id ?? 0)).chatId).toBe(theirs.id);
    const anna = await as({ organizationId: ours.organizationId, role: "admin" });

    const answer = await anna.get(`/messages/${message?.id}/trace`);

    expect(answer.status).toBe(404);
  });
});
