import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { mediaSystem } from "./media-system.ts";
import { asAgent, copyBuilt } from "./own-system.ts";

const ROOT = join(import.meta.dirname, "../..");
const DAY_MS = 24 * 60 * 60_000;

describe("a file where there is no bucket", () => {
  let system: Awaited<ReturnType<typeof mediaSystem>>;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waba-no-bucket-"));
    const settings = await readFile(join(ROOT, "wrangler.toml"), "utf8");
    const without = settings.replace(/\[\[r2_buckets\]\]\n.+\n.+\n/, "");
    if (without === settings) throw new Error("the settings name no bucket");
    const configPath = join(folder, "wrangler.toml");
    await writeFile(configPath, without);
    // The bucket is a setting alone: the code is what other tests have built, too.
    system = await mediaSystem({ configPath, build: (_, outDir, define) => copyBuilt(outDir, define) });
  }, 120_000);
  afterAll(async () => {
    await system?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it("is passed on from Meta, whole, for as long as Meta has it", async ({ expect }) => {
    const content = "straight from Meta";
    const phone = await system.customerSends({ type: "image", image: { base64: btoa(content) } });
    const { file, chatId } = await system.fileOf(phone, ({ state }) => state === "stored");
    expect(file).toMatchObject({ objectKey: null, sizeBytes: content.length });

    const answer = await system.worker.admin.get(`/media/${file.id}`);
    expect([answer.status, await answer.text()]).toEqual([200, content]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "accept-ranges": "none",
      "content-type": "image/png",
      "content-security-policy": "sandbox; default-src 'none'",
    });
    expect(answer.headers.get("etag")).toBeNull();

    await system.misbehave({ media: { as: "status" } });
    expect((await system.worker.admin.get(`/media/${file.id}`)).status).toBe(503);
    await system.heal();

    system.timePasses(8 * DAY_MS);
    expect((await system.worker.admin.get(`/media/${file.id}`)).status).toBe(503);
    await system.database.query(`update "Media" set "expiresAt" = now() where id = ${file.id}`);
    const gone = await system.worker.admin.get(`/media/${file.id}`);
    expect([gone.status, await gone.json()]).toMatchObject([
      410,
      { code: "media_gone", mediaState: "expired" },
    ]);
    const messages = await (await system.worker.admin.get(`/chats/${chatId}/messages`)).json();
    expect(messages).toMatchObject({ data: [{ media: { state: "expired" } }] });
  });

  it("goes through to Meta when an agent uploads it", async ({ expect }) => {
    const post = (body: string | FormData) =>
      fetch(`${system.worker.url}/media?organizationPhoneId=1&fileName=a.pdf`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${system.worker.admin.token}`,
          ...(typeof body === "string" && { "content-type": "application/pdf" }),
        },
        body,
      });
    const form = new FormData();
    form.append("file", new File(["%PDF-1.4 a form"], "b.pdf", { type: "application/pdf" }));
    const agent = await asAgent(system.worker.url);
    for (const [body, text] of [
      ["%PDF-1.4 nothing", "%PDF-1.4 nothing"],
      [form, "%PDF-1.4 a form"],
    ] as const) {
      const answer = await post(body);
      const file = (await answer.json()) as { id: number; sizeBytes: number };
      expect([answer.status, file.sizeBytes]).toEqual([201, text.length]);
      expect(await (await agent(`/media/${file.id}`)).text()).toBe(text);
    }

    await system.misbehave({ expiredToken: { times: 1 } });
    const refused = await post("%PDF-1.4 other");
    expect([refused.status, await refused.json()]).toMatchObject([
      502,
      { code: "meta_refused", meta: { code: 190 } },
    ]);
  });
});
