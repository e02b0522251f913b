import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { type Fixture, NUMBER, startFixture } from "./fixture.ts";

const CUSTOMER = "79160000009";
const DAY_MS = 24 * 60 * 60_000;
const headers = { authorization: "Bearer EAAx" };

describe("the simulator's files", () => {
  let fixture: Fixture;
  let ahead = 0;
  beforeAll(async () => {
    fixture = await startFixture({ now: () => new Date(Date.now() + ahead) });
  });
  afterEach(() => fixture.control("DELETE", "/faults"));
  afterAll(() => fixture.close());

  async function sent(video: object): Promise<{ id: string; sha256: string }> {
    const { body } = await fixture.control("POST", `/customers/${CUSTOMER}/messages`, {
      type: "video",
      video,
    });
    return body.video;
  }
  async function addressOf(id: string): Promise<string> {
    return (await fixture.graph("GET", `/${id}`)).body.url;
  }

  it("match the customer's message", async ({ expect }) => {
    const given = await sent({ base64: btoa("a film"), caption: "Look" });
    expect(given).toMatchObject({ caption: "Look", mime_type: "video/mp4" });
    expect(given).not.toHaveProperty("base64");
    expect(await (await fetch(await addressOf(given.id), { headers })).text()).toBe("a film");

    const { id, sha256 } = await sent({ bytes: 1_000_000 });
    const { body } = await fixture.graph("GET", `/${id}`);
    expect(body).toMatchObject({
      file_size: 1_000_000,
      sha256: Buffer.from(sha256, "base64").toString("hex"),
    });
    const bytes = await (await fetch(body.url, { headers })).bytes();
    expect(bytes.length).toBe(1_000_000);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    expect(Buffer.from(hash).toString("base64")).toBe(sha256);
    expect(
      (
        await fixture.control("POST", `/customers/${CUSTOMER}/messages`, {
          type: "video",
          video: { bytes: -1 },
        })
      ).body,
    ).toMatchObject({ error: { field: "video.bytes" } });
  });

  it("expire: a URL after 5 minutes, a customer's file after 7 days, an upload after 30", async ({
    expect,
  }) => {
    const { id } = await sent({ bytes: 10 });
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("file", new File(["x"], "x.png", { type: "image/png" }));
    const upload = await fetch(`${fixture.meta.url}/v25.0/${NUMBER}/media`, {
      method: "POST",
      headers,
      body: form,
    });
    const uploaded = ((await upload.json()) as { id: string }).id;
    const address = await addressOf(id);
    const statusAfter = async (ms: number, what: string) => {
      ahead = ms;
      return what.startsWith("http")
        ? (await fetch(what, { headers })).status
        : (await fixture.graph("GET", `/${what}`)).status;
    };
    expect(await statusAfter(4 * 60_000, address)).toBe(200);
    expect(await statusAfter(6 * 60_000, address)).toBe(404);
    expect(await statusAfter(6.9 * DAY_MS, id)).toBe(200);
    expect(await statusAfter(7.1 * DAY_MS, id)).toBe(400);
    expect(await statusAfter(29 * DAY_MS, uploaded)).toBe(200);
    expect(await statusAfter(31 * DAY_MS, uploaded)).toBe(400);
    ahead = 0;
  });

  it("are corrupted by faults", async ({ expect }) => {
    const { id } = await sent({ bytes: 200_000 });
    const address = await addressOf(id);
    const spoil = async (fault: object) => {
      await fixture.control("PUT", "/faults", { media: { ...fault, id, times: 1 } });
      return await fetch(address, { headers, redirect: "manual" });
    };
    expect((await spoil({ as: "status" })).status).toBe(503);
    expect((await spoil({ as: "status", status: 401 })).status).toBe(401);
    expect((await spoil({ as: "redirect", to: "http://x.test/" })).headers.get("location")).toBe(
      "http://x.test/",
    );
    const whole = await (await fetch(address, { headers })).bytes();
    const other = await (await spoil({ as: "otherBytes" })).bytes();
    expect([other.length, Buffer.compare(other, whole)]).not.toEqual([whole.length, 0]);
    await expect((await spoil({ as: "cut" })).bytes()).rejects.toThrow();
    const slow = await (await spoil({ as: "slow", ms: 1 })).bytes();
    expect(Buffer.compare(slow, whole)).toBe(0);
    for (const [as, size] of [
      ["smallSize", 100_000],
      ["largeSize", 200 * 1024 * 1024],
    ] as const) {
      await fixture.control("PUT", "/faults", { media: { as, times: 1 } });
      expect((await fixture.graph("GET", `/${id}`)).body.file_size).toBe(size);
    }
  });
});
