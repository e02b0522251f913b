import type { Chat } from "../domain/chat.ts";
import type { ChatEvent } from "../domain/chat-event.ts";
import type { Message } from "../domain/message.ts";
import type { StoredNotice } from "../domain/parsed-notice.ts";

// What crosses a socket; told in prose in protocol.md. The page reads this file: types and constants only.

export const SUBPROTOCOL = "waba.v1";

/** Answered by the runtime, so that a heartbeat does not wake the object. */
export const PING = "ping";
export const PONG = "pong";

/** More missed events than this, and the client loads afresh. */
export const REPLAY_LIMIT_EVENTS = 500;

export const closeCodes = {
  /** The token has expired: get a new one. */
  signInAgain: 4401,
  notAllowed: 4403,
  /** Too many frames were not acknowledged. */
  tooSlow: 4408,
  /** What the client says is no frame of this protocol: the page is of another version. */
  reloadPage: 4426,
  /** The client says more than anybody has to say. */
  tooMuch: 4429,
  /** RFC 6455 §7.4.1: a message too big to process. */
  tooLarge: 1009,
  restart: 1012,
} as const;

export type Resume = "current" | "replay" | "reset";

/** How often each was told. */
export type ResumeCounts = Record<Resume, number>;

/** Server → client, on a chat's socket. `hello` always comes first. */
export type ChatFrame =
  | { type: "hello"; resume: Resume; head: number; epoch: string }
  | ({ type: "event" } & ChatEvent)
  | { type: "pending"; messages: Pending[] }
  | { type: "presence"; agents: Viewer[] }
  | { type: "typing"; agentId: number; name: string };

/**
 * A message that is safe with us but not numbered yet, because the database is away. It is replaced by the event that
 * carries the message of the same `wamid`, and is no part of the chat's state until then.
 */
export type Pending = Pick<Message, "wamid" | "fromMe" | "messageType" | "body" | "createdAt">;

export type Viewer = { agentId: number; name: string };

/** Server → client, on an inbox's socket. */
export type InboxFrame =
  | { type: "hello" }
  | { type: "chat"; chat: Chat }
  /** For admins only. It is not counted, and not told again: the list of notices has it. */
  | { type: "notice"; notice: StoredNotice };

/**
 * Client → server; of these an inbox's socket takes `ack`, whose `seq` there counts the `chat` frames that have come over
 * it. Besides, `ping` as bare text is answered by `pong`.
 */
export type ClientFrame =
  | { type: "ack"; seq: number }
  | { type: "sync"; seq: number }
  | { type: "typing" }
  | { type: "viewing"; visible: boolean };
