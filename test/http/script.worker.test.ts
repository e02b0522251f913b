import { describe, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { as, type Person } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { anItem } from "../support/stored.ts";
import { ask } from "../support/worker.ts";

const SCRIPT = `<script>alert("x")</script><img src=x onerror=alert(1)>`;

const routes = [
  ...new Set(
    app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
  ),
];

async function aChatWithScript() {
  const chat = await aChat();
  const document = { id: "1", filename: SCRIPT, mime_type: "text/html", caption: SCRIPT };
  await deliverAndStore(
    chat.phoneNumberId,
    aText({ from: chat.customer, body: SCRIPT, name: SCRIPT }),
    anItem("document", document, { from: chat.customer, name: SCRIPT }),
  );
  return { chat, anna: await as({ ...chat, role: "admin" }) };
}

async function call(route: string, id: number | string, { token }: Person) {
  const [method = "", path = ""] = route.split(" ");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const address = path.replaceAll(/:\w+(\{[^}]*\})?/g, encodeURIComponent(id));
  const query = path.endsWith("/events") ? "after=0" : "";
  const init = { method, headers, body: method === "GET" ? null : `{"${encodeURIComponent(SCRIPT)}":1}` };
  return await ask(`${address}?${query}`, init);
}

describe("S9: script in names, texts and file names", () => {
  it("is given back as the text that it is", async ({ expect }) => {
    const { chat, anna } = await aChatWithScript();
    const { data } = await (await anna.get(`/chats/${chat.id}/messages?include=payload`)).json<{
      data: object[];
    }>();
    expect(data.slice(1)).toMatchObject([
      { body: SCRIPT, payload: { text: { body: SCRIPT } } },
      { payload: { document: { filename: SCRIPT, caption: SCRIPT } } },
    ]);
    expect(await (await anna.get(`/chats/${chat.id}`)).json()).toMatchObject({ contact: { name: SCRIPT } });
  });

  let shown: ReturnType<typeof aChatWithScript> | null = null;

  it.for(routes)("is no page for a browser in the answers of %s", async (route, { expect }) => {
    // One for all routes: none takes the body that is sent.
    shown ??= aChatWithScript();
    const { chat, anna } = await shown;
    for (const id of [chat.id, SCRIPT]) {
      const { headers, status } = await call(route, id, anna);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      if (status === 204) continue;
      const type = headers.get("content-type") ?? "";
      if (type.startsWith("text/html")) {
        const policy = headers.get("content-security-policy") ?? "";
        expect(policy).toContain("default-src 'none'");
        expect(policy).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|\*)/);
      } else expect(type).toMatch(/^(application\/(problem\+)?json|text\/plain)\b/);
    }
  });
});
