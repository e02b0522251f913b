import { findChat } from "../db/chats.ts";
import type { Chat } from "../domain/chat.ts";
import { AppError } from "../errors.ts";
import type { ActionContext } from "./context.ts";

/** The chat, with its epoch. Throws `not_found` for one of another organization, as for one that does not exist. */
export async function requireChat(
  { agent, db }: ActionContext,
  id: number,
): Promise<Chat & { epoch: string }> {
  const chat = await findChat(db, { id, organizationId: agent.organizationId });
  if (!chat) throw noChat(id);
  return chat;
}

export function noChat(id: number): AppError {
  return new AppError("not_found", `No such chat: ${id}.`);
}
