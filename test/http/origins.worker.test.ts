import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { askWith, ask as askWorker } from "../support/worker.ts";

const OURS = "https://desk.example";
const SETTINGS = { ALLOWED_ORIGINS: `${OURS}, https://other.example` };

async function ask(path: string, init: RequestInit, settings: object = SETTINGS): Promise<Response> {
  return await askWith(settings, `/api/waba${path}`, init);
}

async function preflight(origin: string, settings: object = SETTINGS): Promise<Response> {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,idempotency-key",
  };
  return await ask("/send", { method: "OPTIONS", headers }, settings);
}

describe("a page of an allowed origin", () => {
  it("may send what the API takes, and never with credentials", async ({ expect }) => {
    const answer = await preflight(OURS);
    expect(answer.status).toBe(204);
    const { headers } = answer;
    expect(headers.get("access-control-allow-origin")).toBe(OURS);
    expect(headers.get("access-control-allow-methods")?.split(",")).toEqual(
      expect.arrayContaining(["GET", "POST", "PATCH", "DELETE"]),
    );
    const allowed = headers.get("access-control-allow-headers")?.toLowerCase().split(",");
    expect(allowed).toEqual(
      expect.arrayContaining(["authorization", "content-type", "idempotency-key", "range"]),
    );
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")?.toLowerCase()).toContain("origin");
  });

  it("reads answers and refusals alike, with the headers that it needs", async ({ expect }) => {
    const { token } = await as(await aChat());
    for (const authorization of [`Bearer ${token}`, "Bearer nothing"]) {
      const { headers } = await ask("/chats", { headers: { origin: OURS, authorization } });
      expect(headers.get("access-control-allow-origin")).toBe(OURS);
      expect(headers.get("access-control-expose-headers")?.toLowerCase()).toContain("retry-after");
      expect(headers.get("x-request-id")).not.toBeNull();
    }
    const answer = await ask("/nothing-here", {
      headers: { origin: OURS, authorization: `Bearer ${token}` },
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([404, OURS]);
  });
});

describe("a file", () => {
  it("may be shown on other sites where their pages are allowed", async ({ expect }) => {
    const chat = await aChat();
    const { token } = await as(chat);
    const authorization = `Bearer ${token}`;
    const { id } = await (
      await askWorker(`/api/waba/media?organizationPhoneId=${chat.organizationPhoneId}`, {
        method: "POST",
        headers: { authorization, "content-type": "image/png" },
        body: "0123456789",
      })
    ).json<{ id: number }>();
    for (const [settings, policy] of [
      [SETTINGS, "cross-origin"],
      [{ ALLOWED_ORIGINS: "" }, "same-site"],
    ] as const) {
      const { status, headers } = await ask(`/media/${id}`, { headers: { authorization } }, settings);
      expect([status, headers.get("cross-origin-resource-policy")]).toEqual([200, policy]);
    }
  });
});

describe("a page of another origin", () => {
  it.for(["https://evil.example", "https://desk.example.evil", "http://desk.example", "null"])(
    "is shown nothing: %s",
    async (origin, { expect }) => {
      const { token } = await as(await aChat());
      for (const answer of [
        await preflight(origin),
        await preflight(OURS, { ALLOWED_ORIGINS: undefined }),
        await ask("/chats", { headers: { origin, authorization: `Bearer ${token}` } }),
      ])
        expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    },
  );

  it("gets no cached answer of an allowed one", async ({ expect }) => {
    const { token } = await as(await aChat());
    const { headers } = await ask("/chats", { headers: { authorization: `Bearer ${token}` } });
    expect(headers.get("vary")?.toLowerCase()).toContain("origin");
  });
});
