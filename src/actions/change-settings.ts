import { setPreferences, setReplyTakesChat } from "../db/agents.ts";
import type { ActionContext } from "./context.ts";

/** Changes what holds for all agents of the organization. */
export async function changeSettings(
  { agent, db }: ActionContext,
  { replyTakesChat }: { replyTakesChat: boolean },
): Promise<void> {
  await setReplyTakesChat(db, agent.organizationId, replyTakesChat);
}

/** Replaces the agent's own preferences, which only their page reads. */
export async function savePreferences(
  { agent, db }: ActionContext,
  preferences: Record<string, unknown>,
): Promise<void> {
  await setPreferences(db, agent.id, preferences);
}
