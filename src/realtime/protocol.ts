import type { Chat } from "../domain/chat.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import type { Message } from "../domain/message.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";

// The frames of a socket; protocol.md explains them. Browser code imports this file: types and constants only.

export const SUBPROTOCOL = "waba.v1";

/** The runtime answers heartbeats, so they do not wake a hibernating object. */
export const PING = "ping";
export const PONG = "pong";

/** An agent who has said that a chat is in view, or that they type, and does not say it again is shown for so long. */
export const VIEWING_SHOWN_MS = 30_000;
export const TYPING_SHOWN_MS = 6_000;
/** The list's signs are rarer than those in a chat: a row shows for so long who has it open. */
export const OPEN_SHOWN_MS = 90_000;

/** A client that missed more events than this must load the chat again. */
export const REPLAY_LIMIT_EVENTS = 500;

export const closeCodes = {
  /** The token has expired: the client gets a new one. */
  signInAgain: 4401,
  notAllowed: 4403,
  /** Too many frames were not acknowledged. */
  tooSlow: 4408,
  /** The chat no longer exists: its customer was erased. */
  gone: 4410,
  /** The client sent something that is not a frame of this protocol: its page is another version. */
  reloadPage: 4426,
  /** The client exceeded its frame rate. */
  tooManyFrames: 4429,
  /** RFC 6455 §7.4.1: a message too big to process. */
  tooLarge: 1009,
  /** The server lost track of what the client has: the client reconnects. */
  restart: 1012,
} as const;

export type Resume = "current" | "replay" | "reset";

/** How many clients resumed in each way. */
export type ResumeCounts = Record<Resume, number>;

/** Server → client, on a chat's socket. `hello` always comes first. */
export type ChatFrame =
  | { type: "hello"; resume: Resume; head: number; epoch: string }
  | ({ type: "event" } & ChatEvent)
  | { type: "pending"; messages: Pending[] }
  | { type: "presence"; agents: PresentAgent[] }
  | { type: "typing"; agentId: number; name: string };

/**
 * A message that is durable but has no number yet, because the database is slow or down. The event with the same `wamid`
 * replaces it. Until then it is not part of the chat's state.
 */
export type Pending = Pick<Message, "wamid" | "fromMe" | "messageType" | "body" | "createdAt">;

export type Viewer = { agentId: number; name: string };

/** An agent who has a chat in view. `ageMs`: for how long they have not said so again. */
export type PresentAgent = Viewer & { ageMs: number };

/** Server → client, on an inbox's socket. */
export type InboxFrame =
  | { type: "hello" }
  | { type: "chat"; chat: Chat }
  /** Chats that no longer exist: their customer was erased. Not acknowledged. */
  | { type: "erased"; chatIds: number[] }
  /** A label of the organization was created, changed or deleted. Not acknowledged. */
  | { type: "labels" }
  /** For admins only. Not acknowledged and never sent again: the list of notices has it. */
  | { type: "notice"; notice: StoredNotice }
  /** Chats where the colleagues who are there have changed. Not acknowledged. */
  | { type: "presence"; chats: ChatPresence[] };

/** All agents who have a chat open before them, and those of them who type there. */
export type ChatPresence = { chatId: number; agents: PresentAgent[]; typing: PresentAgent[] };

/** Client → server, on a chat's socket. Besides these, the bare text `ping` is answered by `pong`. */
export type ChatClientFrame =
  | { type: "ack"; seq: number }
  | { type: "sync"; seq: number }
  | { type: "typing" }
  | { type: "viewing"; visible: boolean };

/**
 * Client → server, on an inbox's socket. The `seq` of an `ack` is how many `chat` frames the client has received there.
 * `presence` names the chat that the agent has before them, if any, and whether they type there.
 */
export type InboxClientFrame =
  | { type: "ack"; seq: number }
  | { type: "presence"; chatId: number | null; typing: boolean };
