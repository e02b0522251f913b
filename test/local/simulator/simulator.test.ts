import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { startSimulator } from "../../../src/local/simulator/simulator.ts";
import { clientOf, type Receiver, SECRET, startReceiver, until } from "./fixture.ts";

const CUSTOMER = "79160000001";

describe("the simulator", () => {
  let folder: string;
  let webhook: Receiver;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-"));
    webhook = await startReceiver();
  });
  afterEach(async () => {
    await webhook.close();
    await rm(folder, { recursive: true });
  });

  const start = async (webhookUrl: string | null = webhook.url) => {
    const dataFile = join(folder, "state", "meta.jsonl");
    const meta = await startSimulator({ port: 0, appSecret: SECRET, webhookUrl, dataFile });
    return { ...meta, ...clientOf(meta), dataFile };
  };

  it("delivers pending webhooks after a restart, once, and keeps the chat", async ({ expect }) => {
    webhook.respondWith(500);
    const before = await start();
    await before.write(CUSTOMER, "refused");
    await until(() => webhook.received.length > 0);
    before.setWebhookUrl(null);
    const { body } = await before.send(CUSTOMER, "accepted");
    await before.close();

    webhook.respondWith(200);
    webhook.received.length = 0;
    const after = await start();
    await until(async () => (await after.control("GET", "/webhooks")).body.data.length === 0);
    expect(webhook.items("messages").map((message) => message.text.body)).toEqual(["refused"]);
    expect(webhook.items("statuses").map(({ id, status }) => [id, status])).toEqual(
      ["sent", "delivered", "read"].map((status) => [body.messages[0].id, status]),
    );
    const { body: shown } = await after.control("GET", `/customers/${CUSTOMER}/messages`);
    expect(shown.data.map((message: { text: { body: string } }) => message.text.body)).toEqual([
      "refused",
      "accepted",
    ]);
    expect((await after.control("GET", "/requests")).body.data).toHaveLength(1);
    await after.close();

    webhook.received.length = 0;
    const last = await start();
    await last.write(CUSTOMER, "new");
    await until(() => webhook.received.length > 0);
    expect(webhook.items("messages").map((message) => message.text.body)).toEqual(["new"]);
    await last.close();
  });

  it("reports after a kill the messages that it had accepted without a response", async ({ expect }) => {
    const before = await start(null);
    await before.write(CUSTOMER, "hello");
    await before.control("PUT", "/faults", { delayAnswer: { ms: 600_000 } });
    const answer = before.send(CUSTOMER, "accepted").catch(() => "lost");
    const shown = async () => (await before.control("GET", `/customers/${CUSTOMER}/messages`)).body.data;
    await until(async () => (await shown()).length === 2);
    const atThatMoment = await readFile(before.dataFile);
    await before.close();
    expect(await answer).toBe("lost");
    await writeFile(before.dataFile, atThatMoment);

    const after = await start();
    await until(() => webhook.items("statuses").length === 3);
    await after.close();
  });

  it("starts from a file whose last line was truncated by a kill", async ({ expect }) => {
    const before = await start(null);
    await before.write(CUSTOMER, "whole");
    await before.close();
    await writeFile(before.dataFile, '["message","wamid.x",{"wam', { flag: "a" });
    const after = await start();
    await until(() => webhook.items("messages").length === 1);
    expect(webhook.items("messages")[0].text.body).toBe("whole");
    await after.close();
  });

  it("writes to disk before it responds", async ({ expect }) => {
    const meta = await start(null);
    const { body } = await meta.write(CUSTOMER, "durable");
    expect(await readFile(meta.dataFile, "utf8")).toContain(body.wamid);
    await meta.close();
  });

  it("clears everything on DELETE /simulator, including pending webhooks", async ({ expect }) => {
    const meta = await start(null);
    await meta.write(CUSTOMER, "forgotten");
    await meta.control("PUT", "/faults", { dropRequest: {} });
    expect((await meta.control("DELETE", "")).status).toBe(204);
    meta.setWebhookUrl(webhook.url);
    await meta.write(CUSTOMER, "new");
    await until(() => webhook.received.length > 0);
    expect(webhook.items("messages").map((message) => message.text.body)).toEqual(["new"]);
    expect((await meta.control("GET", "/faults")).body).toEqual({});
    expect((await meta.control("GET", `/customers/${CUSTOMER}/messages`)).body.data).toHaveLength(1);
    await meta.close();
  });

  it("rejects when its port is in use, and does not change the other simulator's state", async ({
    expect,
  }) => {
    const meta = await start(null);
    const { port, dataFile } = meta;
    const second = startSimulator({ port, appSecret: SECRET, webhookUrl: null, dataFile });
    await expect(second).rejects.toThrow("EADDRINUSE");
    const { body } = await meta.write(CUSTOMER, "still kept");
    expect(await readFile(dataFile, "utf8")).toContain(body.wamid);
    await meta.close();
  });

  it("serves a phone page that requests no other host", async ({ expect }) => {
    const meta = await start();
    const { status, text, headers } = await meta.request("GET", "/");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(text).toContain("Customer's phone");
    expect(text).not.toMatch(/https?:|innerHTML/);
    await meta.close();
  });
});
