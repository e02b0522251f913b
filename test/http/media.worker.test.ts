import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeAll, describe, it } from "vitest";
import { signAddress } from "../../src/media/addresses.ts";
import { as, type Person } from "../support/as.ts";
import { anOrganization, db, type Ground } from "../support/build.ts";
import { misbehave } from "../support/graph.ts";
import { ask, ORIGIN } from "../support/worker.ts";

const KEY = btoa("signing key of 32 bytes: testing");
const CONTENT = "0123456789";

type Uploaded = { id: number; metaId: string; mimeType: string; fileName: string | null; sizeBytes: number };

async function upload(
  { organizationPhoneId }: Ground,
  { token }: Person,
  body: BodyInit,
  headers: Record<string, string> = {},
  fileName?: string,
): Promise<Response> {
  const name = fileName === undefined ? "" : `&fileName=${encodeURIComponent(fileName)}`;
  return await ask(`/api/waba/media?organizationPhoneId=${organizationPhoneId}${name}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "image/png", ...headers },
    body,
  });
}

/** A form's bytes, with the Content-Type that names its boundary. */
async function encoded(form: FormData) {
  const request = new Request(ORIGIN, { method: "POST", body: form });
  return {
    headers: { "content-type": request.headers.get("content-type") ?? "" },
    body: await request.arrayBuffer(),
  };
}

/** A form as it may come over the network, with what ends it. */
function aForm(boundary: string, end: string): string {
  const head = 'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png';
  return `--${boundary}\r\n${head}\r\n\r\n${CONTENT}${end}`;
}

describe("a file that an agent uploads", () => {
  let ground: Ground;
  let anna: Person;
  let file: Uploaded;
  const read = (headers: Record<string, string> = {}) =>
    ask(`/api/waba/media/${file.id}`, { headers: { authorization: `Bearer ${anna.token}`, ...headers } });

  beforeAll(async () => {
    ground = await anOrganization();
    anna = await as(ground);
    const answer = await upload(ground, anna, CONTENT, {}, "счёт 1.png");
    file = await answer.json<Uploaded>();
  });

  it("is answered with an id, and is available at once", async ({ expect }) => {
    expect(file).toEqual({
      id: file.id,
      metaId: expect.stringMatching(/^\d+$/),
      mimeType: "image/png",
      fileName: "счёт 1.png",
      sizeBytes: 10,
    });
    const answer = await read();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(CONTENT);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": "10",
      "accept-ranges": "bytes",
      "content-disposition": expect.stringMatching(/^inline; filename="____ 1.png"; filename\*=UTF-8''/),
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
    });
  });

  it.for([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=1-2,4-5", 200, CONTENT, null],
  ] as const)("answers Range %s with %i", async ([range, status, text, contentRange], { expect }) => {
    const answer = await read({ range });
    expect([answer.status, await answer.text(), answer.headers.get("content-range")]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  it.for([
    ["image/png\r\nset-cookie: a=b", "application/octet-stream", "attachment"],
    ["image/png; name=\n", "image/png; name=", "inline"],
    ["картинка", "application/octet-stream", "attachment"],
    ["", "application/octet-stream", "attachment"],
    ["audio/ogg; codecs=opus", "audio/ogg; codecs=opus", "inline"],
  ] as const)(
    "is served whatever its sender called its type: %j",
    async ([mimeType, served, disposition], { expect }) => {
      await db.execute(sql`update "Media" set "mimeType" = ${mimeType} where id = ${file.id}`);
      const answer = await read();
      await db.execute(sql`update "Media" set "mimeType" = 'image/png' where id = ${file.id}`);
      expect([answer.status, answer.headers.get("content-type"), answer.headers.get("set-cookie")]).toEqual([
        200,
        served,
        null,
      ]);
      expect(answer.headers.get("content-disposition")).toMatch(new RegExp(`^${disposition};`));
      expect(await answer.text()).toBe(CONTENT);
    },
  );

  it("has no part behind its end", async ({ expect }) => {
    const answer = await read({ range: "bytes=10-" });
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */10");
    expect(await answer.json()).toMatchObject({ code: "range_not_satisfiable" });
  });

  it("is not sent to who has it, and its part only to who has that very file", async ({ expect }) => {
    const etag = (await read()).headers.get("etag") ?? "";
    expect(etag).toMatch(/^".+"$/);
    const known = await read({ "if-none-match": etag, range: "bytes=0-1" });
    expect([known.status, await known.text(), known.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await read({ range: "bytes=0-1", "if-range": etag })).status).toBe(206);
    expect((await read({ range: "bytes=0-1", "if-range": '"another"' })).status).toBe(200);
  });

  it("is not there for another organization, by any way", async ({ expect }) => {
    const eve = await as(await anOrganization());
    for (const answer of [
      await eve.get(`/media/${file.id}`),
      await eve.post(`/media/${file.id}/address`),
      await eve.post(`/media/${file.id}/retry`),
      await upload(ground, eve, CONTENT),
    ])
      expect(answer.status).toBe(404);
  });

  it("is read by its signed address without a token, until that has run out", async ({ expect }) => {
    const answer = await anna.post(`/media/${file.id}/address`);
    const { url, expiresAt } = await answer.json<{ url: string; expiresAt: string }>();
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    expect(url).toContain(`${ORIGIN}/api/waba/media/${file.id}?`);
    const path = url.slice(ORIGIN.length);
    expect(await (await ask(path)).text()).toBe(CONTENT);
    expect((await ask(path, { headers: { range: "bytes=0-0" } })).status).toBe(206);
    expect((await ask(path, { method: "DELETE" })).status).toBe(401);

    const target = { organizationId: ground.organizationId, mediaId: file.id };
    const old = new Date(Date.now() - 700_000);
    const expired = await signAddress(target, Date.now(), [KEY], old);
    const refused = await ask(`/api/waba/media/${file.id}?${expired.query}`);
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: "token_expired" }]);
  });

  it("S6: has no address that somebody could make up or change", async ({ expect }) => {
    const other = await (await upload(ground, anna, "another")).json<Uploaded>();
    const { url } = await (await anna.post(`/media/${file.id}/address`)).json<{ url: string }>();
    const forged = await signAddress(
      { organizationId: ground.organizationId, mediaId: file.id },
      Date.now() + 60_000,
      [btoa("a key of somebody else's, 32 byte")],
      new Date(),
    );
    const change = (key: string, value: string) => {
      const changed = new URL(url);
      changed.searchParams.set(key, value);
      return changed.pathname + changed.search;
    };
    for (const path of [
      change("until", String(Date.now() + 1_000_000)),
      change("organization", "1"),
      change("signature", "AAAA"),
      change("signature", ""),
      change("signature", "not base64 ***"),
      `/api/waba/media/${other.id}${new URL(url).search}`,
      `/api/waba/media/${file.id}?${forged.query}`,
    ]) {
      const answer = await ask(path);
      expect([path, answer.status, await answer.json()]).toMatchObject([
        path,
        401,
        { code: "token_invalid" },
      ]);
    }
    // A ticket for a socket, made with the same key, opens no file; nor does an address open another route.
    const { ticket } = await (await anna.post("/socket-tickets", { inbox: true })).json<{ ticket: string }>();
    const [text = "", signature = ""] = ticket.split(".");
    for (const part of [text, signature]) expect((await ask(change("signature", part))).status).toBe(401);
    expect((await ask(`/api/waba/chats${new URL(url).search}`)).status).toBe(401);
    expect(
      (await ask(`/api/waba/media/${file.id}/address${new URL(url).search}`, { method: "POST" })).status,
    ).toBe(401);
  });

  it("may be kept twice as a row, and is one object", async ({ expect }) => {
    const again = await (await upload(ground, anna, CONTENT)).json<Uploaded>();
    expect(again.id).not.toBe(file.id);
    const { objects } = await env.MEDIA.list({ prefix: `${ground.organizationId}/` });
    const { rows } = await db.execute<{ objectKey: string }>(
      sql`select distinct "objectKey" from "Media" where id in (${file.id}, ${again.id})`,
    );
    expect(rows).toHaveLength(1);
    // Nothing is left of the drafts.
    expect(objects.map(({ key }) => key).filter((key) => key.includes("upload-"))).toEqual([]);
  });

  it("is shown in no page when it could hold markup", async ({ expect }) => {
    const text = await (
      await upload(ground, anna, "<script>alert(1)</script>", { "content-type": "text/plain" }, "a.html")
    ).json<Uploaded>();
    const answer = await anna.get(`/media/${text.id}`);
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="a.html"');
  });

  it.for([
    ["image/svg+xml", CONTENT, 415, "unsupported_media_type"],
    ["text/html", CONTENT, 415, "unsupported_media_type"],
    ["", CONTENT, 415, "unsupported_media_type"],
    ["image/png", "x".repeat(5 * 1024 * 1024 + 1), 413, "too_large"],
    ["image/webp", "x".repeat(500 * 1024 + 1), 413, "too_large"],
    ["image/png", "", 400, "invalid_request"],
  ] as const)("of type %s may be refused", async ([type, body, status, code], { expect }) => {
    const answer = await upload(ground, anna, body, {
      "content-type": type,
      "content-length": String(body.length),
    });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  });

  it.for([
    [190, 400, 502, "meta_refused"],
    [131053, 400, 422, "meta_refused"],
    [130429, 429, 429, "rate_limited"],
    [131000, 500, 503, "unavailable"],
  ] as const)(
    "answers Meta's error %i (HTTP %i) with %i",
    async ([code, status, answered, problem], { expect }) => {
      await misbehave({
        answer: { on: "any", phoneNumberId: ground.phoneNumberId, code, status, times: 1 },
      });
      const answer = await upload(ground, anna, crypto.randomUUID());
      expect([answer.status, await answer.json()]).toMatchObject([answered, { code: problem }]);
    },
  );

  it("may come as the only part of a form, as generated clients send it", async ({ expect }) => {
    for (const [name, text] of [
      ["счёт «2».png", "\r\n--x\r\n".repeat(40_000)],
      ["a.png", "\r"],
    ] as const) {
      const form = new FormData();
      form.append("file", new File([text], name, { type: "image/png" }));
      const { headers, body } = await encoded(form);
      const answer = await upload(ground, anna, body, headers);
      expect(answer.status).toBe(201);
      file = await answer.json<Uploaded>();
      expect(file).toMatchObject({ mimeType: "image/png", fileName: name, sizeBytes: text.length });
      expect(await (await read()).text()).toBe(text);
    }
  });

  it.for(["\r\n--b--\r\n", "\r\n--b--"])("may come in a form that ends with %j", async (end, { expect }) => {
    const type = "multipart/form-data; boundary=b";
    const answer = await upload(ground, anna, aForm("b", end), { "content-type": type });
    expect(await answer.json()).toMatchObject({ fileName: "a.png", sizeBytes: CONTENT.length });
  });

  it.for([
    ["has no file", [["organizationPhoneId", "1"]], "image/png", 400, "invalid_request"],
    [
      "has a field after it",
      [
        ["file", CONTENT],
        ["type", "image/png"],
      ],
      "image/png",
      400,
      "invalid_request",
    ],
    [
      "has a field before it",
      [
        ["type", "image/png"],
        ["file", CONTENT],
      ],
      "image/png",
      400,
      "invalid_request",
    ],
    ["is empty", [["file", ""]], "image/png", 400, "invalid_request"],
    ["has no type of its own", [["file", CONTENT]], "", 415, "unsupported_media_type"],
    ["is too large", [["file", "x".repeat(5 * 1024 * 1024 + 1)]], "image/png", 413, "too_large"],
  ] as const)("is refused in a form that %s", async ([, parts, type, status, code], { expect }) => {
    const form = new FormData();
    for (const [name, text] of parts)
      form.append(name, name === "file" ? new File([text], "a.png", { type }) : text);
    const { headers, body } = await encoded(form);
    const answer = await upload(ground, anna, body, headers);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  });

  it.for<[string, string, string]>([
    ["with no boundary", "multipart/form-data", CONTENT],
    ["with another boundary", "multipart/form-data; boundary=a", aForm("b", "\r\n--b--\r\n")],
    ["without an end", "multipart/form-data; boundary=b", aForm("b", "")],
    ["with more behind its end", "multipart/form-data; boundary=b", aForm("b", "\r\n--b--\r\nmore")],
    ["with a second part", "multipart/form-data; boundary=b", aForm("b", "\r\n--b\r\n\r\nx\r\n--b--\r\n")],
    ["that is cut in its head", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data"],
  ])("is refused in a form %s", async ([, type, body], { expect }) => {
    const answer = await upload(ground, anna, body, { "content-type": type });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: "invalid_request" }]);
  });

  it("must declare its length", async ({ expect }) => {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    void writer.write(new TextEncoder().encode(CONTENT)).catch(() => undefined);
    const answer = await upload(ground, anna, readable);
    expect([answer.status, await answer.json()]).toMatchObject([411, { code: "length_required" }]);
  });
});
