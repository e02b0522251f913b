import type { Message } from "../../domain/message.ts";
import type { Problem } from "../../http/contract.ts";
import { type Api, ApiError, NetworkError } from "./api.ts";
import type { BrowserStore } from "./browser-store.ts";

const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

/** What is sent to `POST /send`, without `chatId`. */
export type Outgoing = {
  organizationPhoneId: number;
  type: string;
  replyTo?: number;
  /** The last number of the chat that the agent had seen: a colleague's later message makes the server ask first. */
  seenSeq?: number;
  message?: string;
  [content: string]: unknown;
};

/**
 * A message from Enter until the row that it became is shown. `key` is its Idempotency-Key, so repeating it is safe.
 * `shown` is the text of its bubble.
 */
export type Unsent = {
  key: string;
  chatId: number;
  content: Outgoing;
  shown: string;
  createdAt: string;
  state: "sending" | "refused";
  /** The row's id, once the server has answered. */
  messageId: number | null;
  /** Why the server refused it. */
  problem: Refusal | null;
};

/** With `chat_moved_on`: what colleagues have written meanwhile, and the chat's number then. */
export type Refusal = { code: string; detail: string; head: number | null; unseen: UnseenMessage[] };
export type UnseenMessage = { id: number; name: string | null; body: string };

type Sent = { id: number };

/**
 * Sends what agents write, one message of a chat after the other, and keeps it in the browser until the server has answered: a
 * reload or a lost connection neither loses a message nor sends it twice.
 */
export class Outbox {
  readonly #api: Api;
  readonly #store: BrowserStore;
  readonly #prefix: string;
  readonly #listeners = new Set<() => void>();
  readonly #busyChats = new Set<number>();
  #unsent: readonly Unsent[];
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** `owner`: whose messages these are; nobody else's are read. */
  constructor(api: Api, store: BrowserStore, owner: string) {
    this.#api = api;
    this.#store = store;
    this.#prefix = `unsent.${owner}.`;
    this.#unsent = store
      .keys(this.#prefix)
      .map((key) => JSON.parse(store.get(key) ?? "null") as Unsent)
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    addEventListener("online", this.#work);
    this.#work();
  }

  get unsent(): readonly Unsent[] {
    return this.#unsent;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    clearTimeout(this.#retry);
    removeEventListener("online", this.#work);
  }

  send(chatId: number, content: Outgoing, shown: string): void {
    const createdAt = new Date().toISOString();
    const key = crypto.randomUUID();
    this.#put({ key, chatId, content, shown, createdAt, state: "sending", messageId: null, problem: null });
    this.#work();
  }

  /** Removes one that was refused, or that its row has replaced. */
  remove(key: string): void {
    this.#store.remove(this.#prefix + key);
    this.#set(this.#unsent.filter((one) => one.key !== key));
  }

  /** Sends one that was refused as a new message. What colleagues have written by then counts as seen. */
  sendAgain(key: string): void {
    const refused = this.#unsent.find((one) => one.key === key);
    if (!refused) return;
    const seenSeq = refused.problem?.head ?? refused.content.seenSeq;
    this.remove(key);
    this.send(
      refused.chatId,
      { ...refused.content, ...(seenSeq !== undefined && { seenSeq }) },
      refused.shown,
    );
  }

  #work = (): void => {
    clearTimeout(this.#retry);
    for (const one of this.#unsent) {
      if (one.state !== "sending" || one.messageId !== null || this.#busyChats.has(one.chatId)) continue;
      this.#busyChats.add(one.chatId);
      void this.#deliver(one);
    }
  };

  async #deliver(one: Unsent): Promise<void> {
    try {
      const sent = await this.#api.request<Sent>("/send", {
        method: "POST",
        json: { ...one.content, chatId: one.chatId },
        headers: { "idempotency-key": one.key, prefer: "respond-async" },
      });
      this.#failures = 0;
      // It needs no second attempt, and its row is on the server.
      this.#store.remove(this.#prefix + one.key);
      this.#replace({ ...one, messageId: sent.id });
    } catch (error) {
      if (isPassing(error)) return this.#later(one.chatId);
      const problem = error instanceof ApiError ? error.problem : null;
      // The refused message has a row of its own, with the reason.
      if (problem?.messageId) this.#replace({ ...one, messageId: problem.messageId });
      else this.#put({ ...one, state: "refused", problem: toRefusal(problem) });
    }
    this.#busyChats.delete(one.chatId);
    this.#work();
  }

  #later(chatId: number): void {
    this.#busyChats.delete(chatId);
    const waitMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)] ?? 0;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(this.#work, waitMs);
  }

  #put(one: Unsent): void {
    this.#store.set(this.#prefix + one.key, JSON.stringify(one));
    if (this.#unsent.some(({ key }) => key === one.key)) this.#replace(one);
    else this.#set([...this.#unsent, one]);
  }

  #replace(one: Unsent): void {
    this.#set(this.#unsent.map((other) => (other.key === one.key ? one : other)));
  }

  #set(unsent: readonly Unsent[]): void {
    this.#unsent = unsent;
    for (const listener of this.#listeners) listener();
  }
}

function toRefusal(problem: Problem | null): Refusal {
  const { code = "unknown", detail = "", head = null, unseen = [] } = problem ?? {};
  const messages = unseen.map(({ id, sentBy, body }) => ({ id, name: sentBy?.name ?? null, body }));
  return { code, detail, head, unseen: messages };
}

/**
 * The messages whose row is not there yet, at the end of a chat with these messages. The answer to a send and the event of its row
 * come in any order. A row that a later one has followed may be older than what is loaded.
 */
export function withoutRows(unsent: readonly Unsent[], messages: readonly Message[]): Unsent[] {
  const keys = new Set(messages.map(({ idempotencyKey }) => idempotencyKey));
  const newest = messages.reduce((most, { id }) => Math.max(most, id), 0);
  return unsent.filter(({ key, messageId }) => !keys.has(key) && (messageId === null || messageId > newest));
}

/** Without an answer, or with one that says "later": the same key is tried again. */
function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  if (!(error instanceof ApiError)) return false;
  // A sign-in that has expired is renewed, and the message goes out then.
  return error.status === 401 || error.status >= 500 || error.problem?.retryable === true;
}
