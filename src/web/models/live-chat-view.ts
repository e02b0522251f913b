import type { Viewer } from "../../realtime/protocol.ts";
import type { ChatState } from "./chat-state.ts";
import type { Connection } from "./reconnecting-socket.ts";

/** What the page shows of the open chat. */
export type LiveChatView = {
  /** Null until the first load is done. */
  state: ChatState | null;
  /** Why the first load failed. */
  error: unknown;
  connection: Connection;
  /** Whether events are missing that came before the connection was open. */
  isCatchingUp: boolean;
  viewers: readonly Viewer[];
  typing: readonly Viewer[];
  isLoadingOlder: boolean;
  isLoadingNewer: boolean;
  /** The side of which a page did not come. */
  failedSide: "older" | "newer" | null;
};

export const NO_PAGE_ASKED = { isLoadingOlder: false, isLoadingNewer: false, failedSide: null };

export const NOTHING_LOADED: LiveChatView = {
  ...{ state: null, error: null, connection: "connecting", isCatchingUp: false },
  ...{ viewers: [], typing: [], ...NO_PAGE_ASKED },
};
