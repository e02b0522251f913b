import type { MetaError } from "./common-fields.ts";
import type { Identity } from "./identity-change.ts";
import type { InboundMessage } from "./inbound-event.ts";

/**
 * The last 180 days of the phone's own app, in chunks that come in any order. Old messages do not open the service window
 * and are never unread.
 */
export type ParsedHistory = {
  chunks: HistoryChunk[];
  /** Messages without a thread: the files of earlier placeholders. */
  messages: HistoryMessage[];
  /** Why there is none: the owner of the number has declined to share it. */
  declined: MetaError[];
  /** How many threads or messages could not be read. */
  unreadable: number;
};

export type HistoryChunk = {
  /** 0: the last day; 1: up to 90 days; 2: up to 180. */
  phase: number | null;
  chunkOrder: number | null;
  /** Percent. */
  progress: number | null;
  threads: { contact: Identity & { username: string | null }; messages: HistoryMessage[] }[];
};

export type HistoryMessage = Omit<InboundMessage, "kind" | "phoneNumberId" | "envelope"> & {
  isHistory: true;
  opensServiceWindow: false;
  /** Meta's delivery state: `READ`, `DELIVERED`, `PENDING`, …. */
  historyStatus: string | null;
};
