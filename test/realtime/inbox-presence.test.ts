import { describe, it, onTestFinished, vi } from "vitest";
import { emptyWindow } from "../../src/realtime/backpressure.ts";
import { InboxPresence, type OpenChatSign } from "../../src/realtime/inbox-presence.ts";
import type { ChatPresence } from "../../src/realtime/protocol.ts";
import type { SocketState } from "../../src/realtime/sockets.ts";

type State = SocketState & OpenChatSign;

describe("who is where, in a hub of hundreds of open lists", () => {
  it("is sent less often than every second, a hundred chats at a time", ({ expect }) => {
    const hub = aHub(270);
    hub.presence.welcome(hub.socket(0));
    vi.advanceTimersByTime(10_000);
    for (let n = 1; n < 270; n++) hub.open(n, n);
    // No more than 250 frames a second.
    vi.advanceTimersByTime(1_079);
    expect(hub.received(0)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(hub.received(0).map((chats) => chats.length)).toEqual([100]);
    vi.advanceTimersByTime(60_000);
    expect(hub.received(0).map((chats) => chats.length)).toEqual([100, 100, 69]);
    const shown = hub.received(0).flat();
    expect(shown.map(({ chatId }) => chatId)).toEqual(Array.from({ length: 269 }, (_, n) => n + 1));
    for (const { chatId, agents } of shown) expect(agents).toMatchObject([{ agentId: chatId }]);
  });

  it("is for whoever comes the hundred chats that were opened last", ({ expect }) => {
    const hub = aHub(271);
    for (let n = 1; n < 270; n++) {
      hub.open(n, n);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(10_000);
    hub.presence.welcome(hub.socket(270));
    vi.advanceTimersByTime(2_000);
    const [newest = []] = hub.received(270).slice(-1);
    expect(newest.map(({ chatId }) => chatId)).toEqual(Array.from({ length: 100 }, (_, n) => 269 - n));
  });

  it("leaves out the oldest where more changes wait than can be sent", ({ expect }) => {
    const hub = aHub(2);
    for (let chatId = 1; chatId <= 1_200; chatId++) hub.open(1, chatId);
    vi.advanceTimersByTime(60_000);
    const shown = hub.received(0).flat();
    expect(shown.map(({ chatId }) => chatId)).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 201));
    expect(shown.filter(({ agents }) => agents.length > 0)).toMatchObject([{ chatId: 1_200 }]);
  });
});

/** Sockets of as many agents, whose ids are their places, on a clock that the test moves. */
function aHub(count: number) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const states = new Map<WebSocket, State>();
  const texts = new Map<WebSocket, string[]>();
  for (let agentId = 0; agentId < count; agentId++) {
    const socket = {} as WebSocket;
    states.set(socket, { agentId, name: `Agent ${agentId}`, tokenExpiresAtMs: 0, ...emptyWindow(0) });
    texts.set(socket, []);
  }
  const stateOf = (socket: WebSocket): State => {
    const state = states.get(socket);
    if (!state) throw new Error("not a socket of this hub");
    return state;
  };
  const presence = new InboxPresence<State>({
    listOpen: () => [...states.keys()],
    stateOf,
    setState: (socket, state) => void states.set(socket, state),
    isWaiting: () => false,
    send: (socket, text) => (texts.get(socket)?.push(text) ?? 0) > 0,
  });
  const socket = (n: number): WebSocket => {
    const found = [...states.keys()][n];
    if (!found) throw new Error(`no socket ${n}`);
    return found;
  };
  return {
    presence,
    socket,
    open: (n: number, chatId: number) => presence.set(socket(n), { type: "presence", chatId, typing: false }),
    /** The chats of each frame that this socket was sent. */
    received: (n: number): ChatPresence[][] =>
      (texts.get(socket(n)) ?? []).map((text) => JSON.parse(text).chats),
  };
}
