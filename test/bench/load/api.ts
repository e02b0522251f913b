import { agentToken } from "../settings.ts";
import type { System } from "../systems/system.ts";
import { openConnection } from "./http-connection.ts";
import { httpRequest } from "./http-request.ts";

type ChatItem = { id: number; contact: { phone: string | null } };

/** Asks once as an agent; throws when the answer is not 200. */
export async function getJson<Json>(system: System, path: string): Promise<Json> {
  const connection = await openConnection(system.port);
  try {
    const request = httpRequest("GET", path, { authorization: `Bearer ${await agentToken()}` });
    const { status, body } = await connection.ask(request);
    if (status !== 200) throw new Error(`${system.name} answered ${status} to ${path}: ${body}`);
    // The caller names what the route gives.
    return JSON.parse(body.toString()) as Json;
  } finally {
    connection.close();
  }
}

/** The id of each customer's chat, by phone; all of them, page by page. */
export async function chatIds(system: System): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/api/waba/chats?limit=100${query}`;
    const page: { data: ChatItem[]; nextCursor: string | null } = await getJson(system, path);
    for (const { id, contact } of page.data) ids.set(contact.phone ?? "", id);
    cursor = page.nextCursor;
  }
  return ids;
}
