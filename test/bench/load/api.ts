import { agentToken } from "../settings.ts";
import type { System } from "../systems/system.ts";
import { openConnection } from "./http-connection.ts";
import { httpRequest } from "./http-request.ts";

type ChatItem = { id: number; contact: { phone: string | null } };

/** Sends one GET as an agent; throws unless the response is a 200. */
export async function getJson<Json>(system: System, path: string): Promise<Json> {
  const connection = await openConnection(system.port);
  try {
    const request = httpRequest("GET", path, { authorization: `Bearer ${await agentToken()}` });
    const { status, body } = await connection.request(request);
    if (status !== 200) throw new Error(`${system.name} answered ${status} to ${path}: ${body}`);
    // The caller knows the type of the response.
    return JSON.parse(body.toString()) as Json;
  } finally {
    connection.close();
  }
}

/** The ids of all chats, by the customer's phone. */
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
