import { discardUnconfirmed } from "../db/decisions.ts";
import type { Message } from "../domain/message.ts";
import type { ActionContext } from "./context.ts";
import { noMessage, notOpen } from "./require-message.ts";

const DISCARDED = {
  code: "discarded",
  title: "Not sent again",
  advice: "Nothing more is to be done.",
};

/**
 * Ends the waiting for an `unconfirmed` message: an agent has decided to leave it. A status that comes later still wins.
 * Twice is as once. Throws `not_found`, `message_not_open`.
 */
export async function discardMessage({ agent, db, publish }: ActionContext, id: number): Promise<Message> {
  const who = { organizationId: agent.organizationId, agentId: agent.id, text: DISCARDED };
  const discarded = await discardUnconfirmed(db, id, who);
  switch (discarded.kind) {
    case "no_message":
      throw noMessage(id);
    case "not_open":
      throw notOpen(discarded.status);
    case "discarded":
      await publish(discarded.committed);
      return discarded.message;
  }
}
