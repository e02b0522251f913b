import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { problem } from "../../src/http/problem-schema.ts";
import { allStored } from "../support/all-stored.ts";
import { APP_SECRET, OLDER_APP_SECRET } from "../support/bindings.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aBody, aText, aWamid, post, sign } from "../support/meta.ts";
import { ask, askWith } from "../support/worker.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const MEBIBYTE = 1024 * 1024;

async function aSignedBody(body = "Здравствуйте 👋") {
  const { phoneNumberId, organizationPhoneId } = await anOrganization();
  const wamid = aWamid();
  const text = JSON.stringify(aBody(phoneNumberId, aText({ from: aCustomer(), body, wamid })));
  return { text, wamid, organizationPhoneId, phoneNumberId, signature: await sign(bytesOf(text)) };
}

async function storedBodies(wamid: string): Promise<string[]> {
  const { rows } = await db.execute<{ body: string }>(sql`select body from "Message" where wamid = ${wamid}`);
  return rows.map(({ body }) => body);
}

describe("a webhook's signature", () => {
  const upper = (hex: string) => `sha256=${hex.toUpperCase()}`;

  it.for<[string, (hex: string, body: Uint8Array) => string | null | Promise<string>, 200 | 401]>([
    ["as Meta writes it", (hex) => `sha256=${hex}`, 200],
    ["in upper case", upper, 200],
    ["made with the older secret", (_, body) => sign(body, OLDER_APP_SECRET), 200],
    ["made with another app's secret", (_, body) => sign(body, "another-app-secret"), 401],
    ["made with both secrets in one", (_, body) => sign(body, `${APP_SECRET},${OLDER_APP_SECRET}`), 401],
    ["missing", () => null, 401],
    ["empty", () => "", 401],
    ["without its prefix", (hex) => hex, 401],
    ["cut by one digit", (hex) => `sha256=${hex.slice(0, -1)}`, 401],
    ["with one digit more", (hex) => `sha256=${hex}0`, 401],
    ["with one digit changed", (hex) => `sha256=${hex.replace(/^./, (c) => (c === "0" ? "1" : "0"))}`, 401],
    ["of SHA-1 alone", (hex) => `sha1=${hex.slice(0, 40)}`, 401],
    ["twice", (hex) => `sha256=${hex}, sha256=${hex}`, 401],
  ])("%s is answered as it should be", async ([, make, status], { expect }) => {
    const { text, wamid, signature } = await aSignedBody();
    const answer = await post(text, await make(signature.slice("sha256=".length), bytesOf(text)));

    expect(answer.status).toBe(status);
    expect(await storedBodies(wamid)).toEqual(status === 200 ? ["Здравствуйте 👋"] : []);
    if (status === 401) expect(await answer.json()).toMatchObject({ code: "signature_invalid" });
  });

  it.for<[string, (text: string) => string]>([
    ["a byte order mark", (text) => `\uFEFF${text}`],
    ["other white space", (text) => JSON.stringify(JSON.parse(text), null, 1)],
    ["\\u escapes for what stood there plainly", (text) => text.replace("👋", "\\ud83d\\udc4b")],
    ["a line break at its end", (text) => `${text}\n`],
  ])("does not fit the body with %s", async ([, change], { expect }) => {
    const { text, wamid, signature } = await aSignedBody();
    expect(change(text)).not.toBe(text);

    expect((await post(change(text), signature)).status).toBe(401);
    expect(await storedBodies(wamid)).toEqual([]);
  });

  it.for<[string, (text: string) => string]>([
    ["\\u escapes", (text) => text.replace("👋", "\\ud83d\\udc4b")],
    ["a byte order mark", (text) => `\uFEFF${text}`],
  ])("is over the bytes as they came, with %s too", async ([, change], { expect }) => {
    const { text, wamid } = await aSignedBody();

    expect((await post(change(text))).status).toBe(200);
    await allStored();
    expect(await storedBodies(wamid)).toEqual(["Здравствуйте 👋"]);
  });
});

describe("a webhook body", () => {
  it("of 3 MB is taken whole", async ({ expect }) => {
    const { phoneNumberId } = await anOrganization();
    const wamid = aWamid();
    const item = aText({ from: aCustomer(), body: "At the end", wamid });
    const text = JSON.stringify({ padding: "x".repeat(3_000_000), ...aBody(phoneNumberId, item) });

    expect((await post(text)).status).toBe(200);
    await allStored();
    expect(await storedBodies(wamid)).toEqual(["At the end"]);
  });

  it.for<[string, (bytes: Uint8Array) => BodyInit]>([
    ["with its length announced", (bytes) => bytes],
    ["in chunks, with no length", (bytes) => inChunks(bytes)],
  ])("above 4 MiB is refused %s, before its signature is looked at", async ([, send], { expect }) => {
    const bytes = new Uint8Array(4 * MEBIBYTE + 1).fill(0x20);
    for (const signature of [await sign(bytes), "sha256=nonsense"]) {
      const headers = { "x-hub-signature-256": signature };
      const answer = await ask("/api/waba/webhook", { method: "POST", headers, body: send(bytes) });
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ code: "too_large" });
    }
  });

  it("of exactly 4 MiB is not", async ({ expect }) => {
    const bytes = new Uint8Array(4 * MEBIBYTE).fill(0x20);
    // A busy machine may not store it in time: then Meta delivers it again.
    await expect.poll(async () => (await post(bytes)).status).toBe(200);
    expect((await post(bytes, "sha256=nonsense")).status).toBe(401);
  });

  it.for([
    "",
    "not JSON ",
    "{",
    "null",
    "[]",
    "42",
    '{"object":"page","entry":[]}',
    '{"entry":[7]}',
    "\u0000",
  ])("that is signed rubbish (%j) is answered with 200", async (start, { expect }) => {
    expect((await post(`${start}${start === "" ? "" : " "}`)).status).toBe(200);
    await allStored();
  });

  it("that is signed rubbish is stored as it came", async ({ expect }) => {
    const rubbish = new Uint8Array([...bytesOf(`not JSON ${crypto.randomUUID()} `), 0xff, 0xfe, 0x00]);

    expect((await post(rubbish)).status).toBe(200);
    await allStored();

    const base64 = btoa(String.fromCharCode(...rubbish));
    const { rows } = await db.execute(
      sql`select reason from "WebhookEvent" where raw = decode(${base64}, 'base64')`,
    );
    expect(rows).toHaveLength(1);
  });

  it("is not taken when there is no app secret to check it with, and Meta may come again", async ({
    expect,
  }) => {
    const { text, wamid, signature } = await aSignedBody();
    const init = { method: "POST", headers: { "x-hub-signature-256": signature }, body: text };

    const answer = await askWith({ META_APP_SECRET: " , " }, "/api/waba/webhook", init);

    expect(answer.status).toBe(503);
    expect(problem.parse(await answer.json())).toMatchObject({ code: "not_durable", retryable: true });
    expect(await storedBodies(wamid)).toEqual([]);
  });
});

function inChunks(bytes: Uint8Array): ReadableStream {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.subarray(at, at + 65_536));
      at += 65_536;
      if (at >= bytes.length) controller.close();
    },
  });
}

describe("the address of the webhook", () => {
  it.for(["/api/waba/webhook", "/api/waba/webhook/", "/api/waba/webhook?from=meta"])(
    "may be %s, and is answered alike",
    async (address, { expect }) => {
      const { text, wamid, signature } = await aSignedBody();
      const send = async (signature: string, id: string) => {
        const headers = { "x-hub-signature-256": signature, "x-request-id": id };
        const answer = await ask(address, { method: "POST", headers, body: text });
        return [answer.status, await answer.text(), Object.fromEntries(answer.headers)] as const;
      };
      const common = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

      const [taken, body, headers] = await send(signature, "taken-of-meta");
      expect([taken, body]).toEqual([200, "OK"]);
      expect(headers).toEqual({
        ...common,
        "content-type": "text/plain; charset=UTF-8",
        "x-request-id": "taken-of-meta",
      });
      expect(await storedBodies(wamid)).toHaveLength(1);

      const [refused, document, more] = await send("sha256=nonsense", "refused-one");
      expect(refused).toBe(401);
      expect(JSON.parse(document)).toMatchObject({
        code: "signature_invalid",
        requestId: "refused-one",
        instance: address.split("?")[0],
      });
      expect(more).toMatchObject({ ...common, "x-request-id": "refused-one" });
    },
  );

  it("may end with a slash, for the check and for events", async ({ expect }) => {
    const { text, wamid, signature } = await aSignedBody();
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    const answer = await ask("/api/waba/webhook/", { method: "POST", headers, body: text });
    expect(answer.status).toBe(200);
    expect(await storedBodies(wamid)).toHaveLength(1);
    const query = `hub.mode=subscribe&hub.challenge=42&hub.verify_token=${env.WABA_VERIFY_TOKEN}`;
    const check = await ask(`/api/waba/webhook/?${query}`);
    expect([check.status, await check.text()]).toEqual([200, "42"]);
  });
});
