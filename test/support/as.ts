import { SignJWT } from "jose";
import type { Role } from "../../src/db/agents.ts";
import { JWT_SECRET } from "./bindings.ts";
import { openTab, type Tab } from "./tab.ts";
import { ask } from "./worker.ts";

type Who = { organizationId: number; sub?: string; role?: Role; name?: string; expiresAt?: Date };

export type Person = {
  token: string;
  get: (path: string) => Promise<Response>;
  post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** Uploads a file. */
  postFile: (path: string, content: BodyInit, contentType: string) => Promise<Response>;
  patch: (path: string, body: unknown) => Promise<Response>;
  put: (path: string, body?: unknown) => Promise<Response>;
  remove: (path: string) => Promise<Response>;
  /** Opens a chat as a tab does; `query` such as `?since=4&epoch=…`. */
  openTab: (chatId: number, query?: string) => Promise<Tab>;
  openInbox: () => Promise<Tab>;
};

/** Somebody with a token. Paths are below `/api/waba`. */
export async function as({
  organizationId,
  sub = "anna",
  role = "agent",
  name,
  expiresAt,
}: Who): Promise<Person> {
  const token = await aToken({ organizationId, role, ...(name && { name }) }, sub, expiresAt);
  const authorization = `Bearer ${token}`;
  return {
    token,
    get: (path) => ask(`/api/waba${path}`, { headers: { authorization } }),
    post: (path, body, headers = {}) =>
      ask(`/api/waba${path}`, {
        method: "POST",
        headers: {
          authorization,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    postFile: (path, body, contentType) =>
      ask(`/api/waba${path}`, {
        method: "POST",
        headers: { authorization, "content-type": contentType },
        body,
      }),
    patch: (path, body) =>
      ask(`/api/waba${path}`, {
        method: "PATCH",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    put: (path, body = {}) =>
      ask(`/api/waba${path}`, {
        method: "PUT",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    remove: (path) => ask(`/api/waba${path}`, { method: "DELETE", headers: { authorization } }),
    openTab: (chatId, query = "") => openTab(`/api/waba/chats/${chatId}/socket${query}`, { authorization }),
    openInbox: () => openTab("/api/waba/inbox/socket", { authorization }),
  };
}

/** A token that we trust, with these claims. */
export async function aToken(
  claims: Record<string, unknown>,
  sub = "anna",
  expiresAt = new Date(Date.now() + 600_000),
): Promise<string> {
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(JWT_SECRET));
}
