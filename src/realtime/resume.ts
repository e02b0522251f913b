import { REPLAY_LIMIT_EVENTS, type Resume } from "./protocol.ts";

type Client = { since: number | null; epoch: string | null };

/**
 * What a connecting client is told. `current`: it has missed nothing. `replay`: it gets what it missed. `reset`: it loads
 * afresh, because it says nothing to go on from, has seen numbers of another history or ones that do not exist, or is too
 * far behind.
 */
export function planResume({ since, epoch }: Client, chat: { head: number; epoch: string }): Resume {
  if (since === null || epoch !== chat.epoch || since > chat.head) return "reset";
  if (chat.head - since > REPLAY_LIMIT_EVENTS) return "reset";
  return since === chat.head ? "current" : "replay";
}
