import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { bucketKeys, lockBucket } from "./lock-storage.ts";
import { type FileRow, mediaSystem } from "./media-system.ts";

const isStored = ({ state }: FileRow) => state === "stored";
const isRefused = ({ state }: FileRow) => state === "refused";
const isRetrying = ({ state }: FileRow) => state === "retrying";
const image = { type: "image", image: { caption: "Look" } };

describe("a file that a customer sends", () => {
  let system: Awaited<ReturnType<typeof mediaSystem>>;
  let foreign: Server;
  const authorizations: string[] = [];

  beforeAll(async () => {
    system = await mediaSystem();
    foreign = createServer((request, answer) => {
      authorizations.push(String(request.headers.authorization));
      answer.end("thief");
    }).listen(0, "127.0.0.1");
  }, 120_000);
  afterEach(() => system.heal());
  afterAll(async () => {
    await system?.close();
    foreign?.close();
  });

  /** What the agent's page is shown of the message. */
  async function shown(chatId: number, messageId: number) {
    const answer = await system.worker.admin.get(`/chats/${chatId}/messages`);
    const { data } = (await answer.json()) as { data: { id: number; body: string; media: unknown }[] };
    return data.find(({ id }) => id === messageId);
  }
  async function eventsOf(chatId: number) {
    const answer = await system.worker.admin.get(`/chats/${chatId}/events?after=0`);
    const { data } = (await answer.json()) as { data: { seq: number; event: string; message?: object }[] };
    return data.map(({ seq, event }) => [seq, event]);
  }

  it("G9: is fetched, and read with the bytes and the type that it was sent with", async ({ expect }) => {
    const content = Buffer.from("not really a picture").toString("base64");
    const phone = await system.customerSends({ type: "image", image: { base64: content, caption: "Look" } });
    const { chatId, messageId, file } = await system.fileOf(phone, isStored);

    expect(await shown(chatId, messageId)).toMatchObject({
      body: "Look",
      media: { id: file.id, state: "stored", mimeType: "image/png", sizeBytes: 20, problem: null },
    });
    const answer = await system.worker.admin.get(`/media/${file.id}`);
    expect(await answer.text()).toBe("not really a picture");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": "20",
      "content-disposition": "inline",
      "x-content-type-options": "nosniff",
    });
    expect(await eventsOf(chatId)).toEqual([
      [1, "message.created"],
      [2, "message.updated"],
    ]);
  });

  it("G9: shows its message at once, while its bytes do not come", async ({ expect }) => {
    const held = system.worker.holdAt("media.opened");
    const phone = await system.customerSends(image);
    await held.reached;
    const { chatId, messageId } = await system.fileOf(phone, () => true);
    expect(await shown(chatId, messageId)).toMatchObject({ body: "Look", media: { state: "pending" } });
    const { id } = (await system.fileOf(phone, () => true)).file;
    const answer = await system.worker.admin.get(`/media/${id}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      409,
      { code: "media_pending", mediaState: "pending", retryable: true },
    ]);
    held.open();
    await system.fileOf(phone, isStored);
  });

  it("G9: whose address was gone comes from a fresh one, at once", async ({ expect }) => {
    await system.misbehave({ expiredMedia: { of: "url", times: 1 } });
    const phone = await system.customerSends(image);
    expect((await system.fileOf(phone, isStored)).file).toMatchObject({ attempts: 1, problem: null });
  });

  it("G9: that Meta does not find is asked for again, and given up once Meta has forgotten it", async ({
    expect,
  }) => {
    await system.misbehave({ expiredMedia: { of: "id" } });
    const phone = await system.customerSends(image);
    const { file, chatId, messageId } = await system.fileOf(phone, isRetrying);
    expect(file).toMatchObject({ problem: "not_found", attempts: 1 });
    await system.database.query(
      `update "Media" set "expiresAt" = now(), "nextAttemptAt" = now() where id = ${file.id}`,
    );
    await system.later();
    expect((await system.fileOf(phone, ({ state }) => state === "expired")).file).toMatchObject({
      problem: "not_found",
    });
    expect(await shown(chatId, messageId)).toMatchObject({ body: "Look", media: { state: "expired" } });
    const answer = await system.worker.admin.get(`/media/${file.id}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      410,
      { code: "media_gone", mediaState: "expired" },
    ]);
  });

  /** Each file is one that was not seen before. */
  let size = 300_000;
  it.for([
    ["401 at its address", { media: { as: "status", status: 401 } }, "token_refused"],
    ["503 at its address", { media: { as: "status", status: 503 } }, "meta_unreachable"],
    ["503 of Graph", { answer: { on: "other", status: 503 } }, "meta_unreachable"],
    ["a token that Meta refuses", { expiredToken: {} }, "token_refused"],
    ["a connection that is cut", { media: { as: "cut" } }, "cut_off"],
  ] as const)("G9: is tried again after %s, and then stored", async ([, faults, problem], { expect }) => {
    await system.misbehave(faults);
    size += 1;
    const phone = await system.customerSends({ type: "video", video: { bytes: size } });
    const { file, chatId, messageId } = await system.fileOf(phone, isRetrying);
    expect(file).toMatchObject({ problem, attempts: 1, objectKey: null });
    expect(await shown(chatId, messageId)).toMatchObject({ media: { state: "retrying", problem } });

    await system.heal();
    await system.later();
    expect((await system.fileOf(phone, isStored)).file).toMatchObject({ attempts: 2, problem: null });
  });

  it("G9: with another hash than Meta reported is tried once more, refused, and stored nowhere", async ({
    expect,
  }) => {
    await system.misbehave({ media: { as: "otherBytes" } });
    const phone = await system.customerSends({ type: "image", image: { base64: btoa("unlike any other") } });
    expect((await system.fileOf(phone, isRetrying)).file).toMatchObject({ problem: "hash_mismatch" });
    await system.later();
    const { file } = await system.fileOf(phone, isRefused);
    expect(file).toMatchObject({ problem: "hash_mismatch", attempts: 2, objectKey: null });
    expect((await system.worker.admin.get(`/media/${file.id}`)).status).toBe(410);

    await system.heal();
    expect((await system.worker.admin.post(`/media/${file.id}/retry`, {})).status).toBe(202);
    expect((await system.fileOf(phone, isStored)).file).toMatchObject({ attempts: 1, problem: null });
    expect((await system.worker.admin.post(`/media/${file.id}/retry`, {})).status).toBe(409);
  });

  it("G9: of 200 MB is refused unread, and so is one that is larger than Graph reported", async ({
    expect,
  }) => {
    for (const as of ["largeSize", "smallSize"]) {
      await system.misbehave({ media: { as } });
      const content = btoa(`too large by ${as}`);
      const phone = await system.customerSends({ type: "document", document: { base64: content } });
      expect((await system.fileOf(phone, isRefused)).file).toMatchObject({ problem: "too_large" });
    }
  });

  it("S6: never takes the token to another host, nor calls one", async ({ expect }) => {
    const to = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/file`;
    await fetch(to);
    expect(authorizations).toEqual(["undefined"]);
    for (const address of [
      to,
      "http://169.254.169.254/",
      "http://[::1]/",
      "http://2130706433/",
      "//x.test/",
    ]) {
      await system.misbehave({ media: { as: "redirect", to: address } });
      const phone = await system.customerSends({ type: "image", image: { base64: btoa(address) } });
      expect((await system.fileOf(phone, isRefused)).file).toMatchObject({ problem: "foreign_address" });
    }
    expect(authorizations).toEqual(["undefined"]);
  });

  it("follows one redirect that stays at Meta", async ({ expect }) => {
    await system.misbehave({ media: { as: "redirect", to: "#here", times: 1 } });
    const phone = await system.customerSends({ type: "image", image: { base64: btoa("redirected") } });
    expect((await system.fileOf(phone, isStored)).file).toMatchObject({ attempts: 1 });
    await system.misbehave({ media: { as: "redirect", to: "#here" } });
    const twice = await system.customerSends({ type: "image", image: { base64: btoa("again and again") } });
    expect((await system.fileOf(twice, isRefused)).file).toMatchObject({ problem: "foreign_address" });
  });

  it("is kept once when it comes twice, and fetched once", async ({ expect }) => {
    const message = { type: "document", document: { base64: btoa("the same price list") } };
    const first = await system.fileOf(await system.customerSends(message), isStored);
    await system.misbehave({ media: { as: "status" } });
    const second = await system.fileOf(await system.customerSends(message), isStored);
    expect(second.file.id).not.toBe(first.file.id);
    expect(second.file.objectKey).toBe(first.file.objectKey);
  });

  it("waits while the bucket refuses writes, and is stored after that", async ({ expect }) => {
    const release = await lockBucket(system.worker.dataDir);
    // The bucket has no such content, or it would not be written to.
    const document = { base64: btoa("that the bucket has not seen") };
    const phone = await system.customerSends({ type: "document", document });
    const { file } = await system.fileOf(phone, isRetrying);
    expect(file).toMatchObject({ problem: "storage_unreachable", objectKey: null });
    release();
    await system.later();
    expect((await system.fileOf(phone, isStored)).file).toMatchObject({ problem: null, attempts: 2 });
  });

  it("goes on after the Worker was killed in the middle", async ({ expect }) => {
    const states: string[] = [];
    const killed = system.worker.killAt("media.opened", async () => {
      states.push((await system.fileOf(phone, () => true)).file.state);
    });
    const phone = await system.customerSends({ type: "video", video: { bytes: 2_000_000 } });
    await killed;
    expect(states).toEqual(["pending"]);
    await system.worker.minute();
    const { file } = await system.fileOf(phone, isStored);
    const answer = await system.worker.admin.get(`/media/${file.id}`);
    expect((await answer.arrayBuffer()).byteLength).toBe(2_000_000);
  });
});

describe("the bucket of a Worker that is killed", () => {
  let system: Awaited<ReturnType<typeof mediaSystem>>;
  /** Each hour the schedule cleans up, in this minute; an upload that was left is old after one. */
  let cleanUps = 0;
  const cleanUp = async () => {
    cleanUps += 2;
    const at = new Date(Date.now() + cleanUps * 3_600_000);
    await system.worker.minute(new Date(at.setUTCMinutes(11, 0, 0)));
  };
  const keys = () => bucketKeys(system.worker.dataDir);
  const upload = async (text: string, signal: AbortSignal | null = null) => {
    const body = new FormData();
    body.append("file", new File([text], "offer.pdf", { type: "application/pdf" }));
    const headers = { authorization: `Bearer ${system.worker.admin.token}` };
    const url = `${system.worker.url}/media?organizationPhoneId=1`;
    const answer = await fetch(url, { method: "POST", headers, body, signal }).catch(() => null);
    return answer && { status: answer.status, id: ((await answer.json()) as { id?: number }).id };
  };

  beforeAll(async () => {
    system = await mediaSystem();
  }, 120_000);
  afterAll(() => system?.close());

  it.for([
    ["upload.drafted", 1],
    ["upload.stored", 2],
  ] as const)("keeps nothing of an upload that had come to %s", async ([point, objects], { expect }) => {
    const kept = await upload(`kept ${point}`);
    expect(kept?.status).toBe(201);
    const before = await keys();
    const killed = system.worker.killAt(point);
    const answer = await upload(`lost ${point}`);
    await killed;
    expect(answer?.status ?? 0).not.toBe(201);
    expect((await keys()).length).toBe(before.length + objects);

    await cleanUp();
    await expect.poll(keys).toEqual(before);
    expect(await (await system.worker.admin.get(`/media/${kept?.id}`)).text()).toBe(`kept ${point}`);
    // The agent tries again.
    const again = await upload(`lost ${point}`);
    expect(await (await system.worker.admin.get(`/media/${again?.id}`)).text()).toBe(`lost ${point}`);
    await cleanUp();
    expect((await keys()).length).toBe(before.length + 1);
  });

  it("keeps nothing of an upload of which half had come", async ({ expect }) => {
    const before = await keys();
    const half = new Uint8Array(500_000).fill(1);
    const rest = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(half);
        void rest.promise.then(() => controller.close());
      },
    });
    const sent = fetch(`${system.worker.url}/media?organizationPhoneId=1`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${system.worker.admin.token}`,
        "content-type": "application/pdf",
        "content-length": "1000000",
      },
      body,
      duplex: "half",
    } as RequestInit).catch(() => null);
    await system.worker.killNow();
    rest.resolve();
    expect((await sent)?.status ?? 0).not.toBe(201);
    await cleanUp();
    expect(await keys()).toEqual(before);
  });

  it("loses what was discarded once, and keeps the same content that came meanwhile", async ({ expect }) => {
    const document = { base64: btoa("an old price list") };
    const old = await system.fileOf(await system.customerSends({ type: "document", document }), isStored);
    const key = old.file.objectKey ?? "";
    await system.database.query(
      `with gone as (update "Media" set state = 'expired', "objectKey" = null where id = ${old.file.id})
       insert into "DiscardedObject" ("objectKey") values ('${key}') on conflict do nothing`,
    );
    const killed = system.worker.killAt("bucket.deleted");
    await cleanUp().catch(() => undefined);
    await killed;
    expect(await keys()).not.toContain(key);

    const again = await system.fileOf(await system.customerSends({ type: "document", document }), isStored);
    expect(again.file.objectKey).toBe(key);
    await cleanUp();
    expect(await keys()).toContain(key);
    expect(await system.database.query(`select from "DiscardedObject" where "objectKey" = '${key}'`)).toEqual(
      [],
    );
    expect(await (await system.worker.admin.get(`/media/${again.file.id}`)).text()).toBe("an old price list");
  });
});
