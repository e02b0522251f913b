import { describe, it } from "vitest";
import { CollectionRouter } from "../../src/http/collection-router.ts";

const AMBIGUOUS = [
  "/api/waba/phones/:id/templates/sync",
  "/api/waba/phones/:id/templates/:templateId/preview",
];

function aRouter() {
  const router = new CollectionRouter<string>();
  router.add("ALL", "*", "identify");
  router.add("GET", "/healthz", "health");
  router.add("POST", "/api/waba/webhook", "webhook");
  router.add("ALL", "/api/waba/*", "cors");
  for (const path of AMBIGUOUS) router.add("POST", path, path);
  router.add("ALL", "/api/waba/chats/*", "token");
  router.add("GET", "/api/waba/chats/:id", "chat");
  const matched = (method: string, path: string) => router.match(method, path)[0].map(([route]) => route);
  return { router, matched };
}

describe("the router", () => {
  it.for([
    ["GET", "/healthz", ["identify", "health"]],
    ["GET", "/nothing", ["identify"]],
    ["POST", "/api/waba/webhook", ["identify", "webhook", "cors"]],
    ["POST", "/api/waba/webhook/", ["identify", "cors"]],
    ["GET", "/api/waba/chats/7", ["identify", "cors", "token", "chat"]],
    ["GET", "/api/waba/chats", ["identify", "cors", "token"]],
    ["POST", "/api/waba/phones/1/templates/sync", ["identify", "cors", AMBIGUOUS[0]]],
    ["POST", "/api/waba/phones/1/templates/2/preview", ["identify", "cors", AMBIGUOUS[1]]],
    ["GET", "/api/waba/*", ["identify", "cors"]],
    ["GET", "/api/waba/unknown/7", ["identify", "cors"]],
    ["GET", "/api", ["identify"]],
    ["GET", "", ["identify"]],
  ] as const)("matches %s %s in the order of registration", ([method, path, expected], { expect }) => {
    expect(aRouter().matched(method, path)).toEqual(expected);
  });

  it("gives a path's parameters", ({ expect }) => {
    const { router } = aRouter();
    const [matches, stash] = router.match("GET", "/api/waba/chats/7");
    const { id } = matches.at(-1)?.[1] ?? {};
    expect(typeof id === "number" ? stash?.[id] : id).toBe("7");
  });

  it("walks a trie only where paths are ambiguous", ({ expect }) => {
    const { router, matched } = aRouter();
    for (const path of ["/api/waba/webhook", "/api/waba/chats/7", "/healthz", "/api/waba/phones/1"])
      matched("GET", path);
    expect(router.nameFor("/api/waba/webhook")).toBe("SmartRouter + RegExpRouter");
    expect(router.nameFor("/api/waba/chats/7")).toBe("SmartRouter + RegExpRouter");
    expect(router.nameFor("/healthz")).toBe("SmartRouter + RegExpRouter");
    expect(router.nameFor("/api/waba/phones/1")).toBe("SmartRouter + TrieRouter");
  });
});
