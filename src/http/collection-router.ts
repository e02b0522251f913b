import type { Result, Router } from "hono/router";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";

/**
 * A router for each collection, such as `/api/waba/chats`. Hono matches all paths with one regular expression, unless two of them may
 * mean the same address (`templates/sync` and `templates/:templateId/preview`): then it walks a trie, at several times the cost. So only
 * the collection that has such a pair pays for it, and not the webhook.
 */
export class CollectionRouter<Route> implements Router<Route> {
  readonly name = "CollectionRouter";
  readonly #routers = new Map<string, SmartRouter<Route>>();
  /** Routes of every collection, in the order of their registration: middleware. */
  readonly #common: Parameters<Router<Route>["add"]>[] = [];

  add(method: string, path: string, route: Route): void {
    const collection = collectionOf(path);
    if (collection === "*") this.#common.push([method, path, route]);
    const routers = collection === "*" ? this.#routers.values() : [this.#routerOf(collection)];
    for (const router of routers) router.add(method, path, route);
  }

  match(method: string, path: string): Result<Route> {
    return (this.#routers.get(collectionOf(path)) ?? this.#routerOf("")).match(method, path);
  }

  /** The name of the router that matches a path, once it has matched one. */
  nameFor(path: string): string {
    return this.#routerOf(collectionOf(path)).name;
  }

  #routerOf(collection: string): SmartRouter<Route> {
    const existing = this.#routers.get(collection);
    if (existing) return existing;
    const router = new SmartRouter<Route>({ routers: [new RegExpRouter(), new TrieRouter()] });
    for (const route of this.#common) router.add(...route);
    this.#routers.set(collection, router);
    return router;
  }
}

/** `chats` of `/api/waba/chats/7`; empty for a path that has none, and an asterisk for a pattern of several collections. */
function collectionOf(path: string): string {
  const parts = path.split("/", 4);
  if (parts.some((part) => /[:*]/.test(part))) return "*";
  const [, root, , collection = ""] = parts;
  return root === "api" ? collection : "";
}
