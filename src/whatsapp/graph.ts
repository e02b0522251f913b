import { isUserId } from "../domain/user-id.ts";
import { type Call, callGraph, type GraphOptions } from "./graph-call.ts";
import { GraphError } from "./graph-error.ts";
import { type GraphMedia, graphMedia } from "./graph-media.ts";
import { idOf, objectsOf } from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";
import type { GraphMessage } from "./outbound/graph-message.ts";

/**
 * Meta's answer to a send: accepted, which is not yet sent. `phone` (Meta's `wa_id`) and `userId` are those of the recipient as
 * Meta knows them, and may differ from the address that we sent to.
 */
export type Accepted = {
  wamid: string;
  phone: string | null;
  userId: string | null;
  messageStatus: string | null;
};

export type GraphClient = GraphMedia & {
  sendMessage(phoneNumberId: string, message: GraphMessage): Promise<Accepted>;
  /** Marks this and all earlier messages as read; with `typing` shows the customer that an answer is being written. */
  markRead(phoneNumberId: string, wamid: string, typing?: boolean): Promise<void>;
  phoneFields(phoneNumberId: string, fields: readonly string[]): Promise<JsonObject>;
};

/** The calls for one business phone. Every method throws a `GraphError` unless Meta confirms success. */
export function graphClient(options: GraphOptions): GraphClient {
  const call = (request: Call) => callGraph(options, request);
  return {
    ...graphMedia(options),
    async sendMessage(phoneNumberId, message) {
      const answer = await call({ method: "POST", id: phoneNumberId, path: "/messages", body: message });
      const [sent] = objectsOf(answer.messages);
      const [contact] = objectsOf(answer.contacts);
      const wamid = idOf(sent?.id);
      if (!wamid)
        throw new GraphError("Meta's answer names no message.", { outcome: "unknown", httpStatus: 200 });
      const messageStatus = idOf(sent?.message_status);
      const ids = [contact?.user_id, contact?.wa_id].map(idOf).filter((id) => id !== null);
      const phone = ids.find((id) => !isUserId(id)) ?? null;
      return { wamid, phone, userId: ids.find(isUserId) ?? null, messageStatus };
    },
    async markRead(phoneNumberId, wamid, typing = false) {
      const read = { messaging_product: "whatsapp", status: "read", message_id: wamid };
      const body = typing ? { ...read, typing_indicator: { type: "text" } } : read;
      await call({ method: "POST", id: phoneNumberId, path: "/messages", body });
    },
    async phoneFields(phoneNumberId, fields) {
      return await call({ method: "GET", id: phoneNumberId, query: { fields: fields.join(",") } });
    },
  };
}
